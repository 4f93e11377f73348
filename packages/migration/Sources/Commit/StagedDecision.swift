// What a commit would do to each row of a batch: decided by the source's key and by what came under it before.

import Access
import EthicoTypes
import Postgres

/// What becomes of a staged row.
package enum StagedDecision: String, Term {
  case insert, update, unchanged, conflict, reject, skip
}

/// How a field is treated of which the source says something else than what is here.
package enum FieldPolicy: String, Term, Codable {
  /// It is taken over where nobody has changed it here since it was imported.
  case ifUnchangedSinceImport = "if_unchanged_since_import"
  /// It is taken over where there is nothing here.
  case ifBlank = "if_blank"
  case always, never

  package var label: String {
    switch self {
    case .ifUnchangedSinceImport: "Take over unless edited here"
    case .ifBlank: "Take over where nothing is here"
    case .always: "Always take over"
    case .never: "Keep what is here"
    }
  }
}

/// How many rows of a batch become what.
package struct DecisionCounts: Sendable, Hashable {
  package let byDecision: [StagedDecision: Int]

  package subscript(decision: StagedDecision) -> Int { byDecision[decision] ?? 0 }
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
