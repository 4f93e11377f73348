// What a commit would do to each row of a batch: decided by the source's key and by what came under it before.

import Access
import EthicoTypes
import Postgres

/// What becomes of a staged row.
package enum StagedDecision: String, Term {
  case insert, update, unchanged, conflict, reject, skip
}

/// How a field is treated that has a value here and another one in the source.
package enum FieldPolicy: String, Term, Codable {
  /// It is taken over where nobody has changed it here since it was imported.
  case ifUnchangedSinceImport = "if_unchanged_since_import"
  /// It is taken over where there is nothing here.
  case ifBlank = "if_blank"
  case always, never
}

/// How the fields of a re-import are treated; what is not named is taken over unless it was changed here.
package struct FieldPolicies: Sendable, Hashable, Codable {
  package var byColumn: [String: FieldPolicy]

  package init(_ byColumn: [String: FieldPolicy] = [:]) {
    self.byColumn = byColumn
  }

  func columns(_ policy: FieldPolicy) -> [String] {
    byColumn.filter { $0.value == policy }.map(\.key).sorted()
  }
}

/// How many rows of a batch become what.
package struct DecisionCounts: Sendable, Hashable {
  package let byDecision: [StagedDecision: Int]

  package subscript(decision: StagedDecision) -> Int { byDecision[decision] ?? 0 }

  /// Rows that a commit writes something for.
  package var writing: Int { self[.insert] + self[.update] + self[.conflict] }
}

/// One field of a record that is there, and what a commit would make of it.
package struct FieldDifference: Sendable, Hashable {
  package let rowNumber: Int
  package let field: String
  /// As it is here.
  package let ours: String?
  /// As the source says it now.
  package let theirs: String?
  package let kind: Kind

  package enum Kind: String, Term {
    /// It is taken over.
    case apply
    /// It was changed here since it was imported: a person decides.
    case conflict
  }
}
