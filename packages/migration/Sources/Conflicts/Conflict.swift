// Where a record was edited here after it had been imported, and its source now says something else: a person decides,
// field by field.

package import EthicoTypes
package import FoundationEssentials
import Mapping

/// One field on which a source and we disagree.
package struct Conflict: Sendable, Hashable {
  package let id: ID<Conflict>
  package let rowNumber: Int
  /// The record's key in the source.
  package let key: String
  /// The column here.
  package let field: String
  /// What the source says, and what stands here now: a name where the column holds an id.
  package let source: String?
  package let ours: String?
  /// A digest of what stands here now, to be sent back with a decision: so that nobody decides about what they did not
  /// see.
  package let seen: String
  /// Who changed it here, as the trail names them, and when.
  package let editedBy: String?
  package let editedAt: Date?
  package let page: RecordPage?

  /// How many a page shows.
  package static let pageLength = 50
  /// How many one act decides.
  package static let atOnce = 1_000
  /// The longest value that a page shows, in characters.
  static let shownLength = 2_000

  /// What is sent for it: which conflict, and what was seen.
  package var pick: ConflictPick { ConflictPick(conflict: id, seen: seen) }
}

/// What becomes of a field.
package enum ConflictChoice: String, Term {
  case ours, source
}

/// A conflict that somebody decides, with what they saw of ours.
package struct ConflictPick: Sendable, Hashable, LosslessStringConvertible {
  package let conflict: ID<Conflict>
  package let seen: String

  init(conflict: ID<Conflict>, seen: String) {
    self.conflict = conflict
    self.seen = seen
  }

  package init?(_ description: String) {
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let conflict = ID<Conflict>(String(parts[0])) else { return nil }
    self.init(conflict: conflict, seen: String(parts[1]))
  }

  package var description: String { "\(conflict):\(seen)" }
}

/// Where a page of conflicts begins: behind a field of a row.
package struct ConflictPosition: Sendable, Hashable, LosslessStringConvertible {
  package let row: Int
  package let field: String

  package static let start = ConflictPosition(row: 0, field: "")

  package init(row: Int, field: String) {
    self.row = row
    self.field = field
  }

  package init?(_ description: String) {
    let parts = description.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let row = Int(parts[0]) else { return nil }
    self.init(row: row, field: String(parts[1]))
  }

  package var description: String { "\(row).\(field)" }
}

/// What a decision came to.
package struct ConflictOutcome: Sendable, Hashable {
  package var decided = 0
  /// Fields that were left open: changed here since the conflict was found, or refused by a rule of the workspace.
  package var left = 0
}

/// Why nothing was decided.
package enum ConflictRefusal: Error, Sendable, Hashable {
  /// None was picked.
  case nothing
  /// So many were changed here, or decided by somebody else, after this person had seen them.
  case stale(Int)
  /// A rule of the workspace does not take what the source says of the record of this row.
  case refused(row: Int, rule: String)
}

extension ImportEntity {
  /// The table whose rows a re-import can change; `nil` for what is written once.
  var patched: TargetTable? {
    switch self {
    case .person: .employee
    case .policy: .policy
    case .attestation: .attestation
    case .case: .case
    case .disclosure: .disclosure
    case .attachment, .auditEvent: nil
    }
  }
}
