// One entity of one table of one file, on its way from columns to records.

package import EthicoTypes
package import FoundationEssentials
package import Jobs
package import Mapping
package import SourceFiles

/// The rows of one table of a file, as one kind of record.
package struct Batch: Sendable {
  package let id: ID<Batch>
  package let project: ID<MigrationProject>
  package let file: ID<SourceFileRecord>
  package let fileName: String
  package let entity: ImportEntity
  /// A sheet, an entry of a ZIP, a JSON pointer; `nil` where the file is one table.
  package let table: String?
  /// The system that its rows come from.
  package let source: SourceSystem
  /// The system that its file looks like an export of.
  package let detected: SourceSystem?
  package let state: BatchState
  /// How the file is read, with what a person corrected.
  package let options: ReadingOptions
  /// How a person wants it read instead; `nil` once that has been done.
  package let wantedReading: ReadingOptions?
  /// Why it could not be read as somebody wanted, a sentence.
  package let readingRefused: String?
  package let shape: SourceShape
  package let rowCount: Int
  /// The newest mapping; 1 is what was suggested.
  package let mappingNumber: Int
  /// The mapping that the staged rows were read by.
  package let stagedNumber: Int?
  /// How the fields of records that are here are treated.
  package let policies: FieldPolicies
  /// The warnings that somebody took note of.
  package let acknowledged: [String]
  package let counts: BatchCounts
  package let job: ID<JobRecord>?
  /// Why it failed.
  package let failure: String?
  package let committedAt: Date?
  /// When what came in its file was removed, its rows' cells with it.
  package let filePurgedAt: Date?
  package let version: Int
}

extension Batch {
  /// Whether its file is being read again, so that its columns are about to be other ones.
  package var isBeingRead: Bool { wantedReading != nil && state.isOpen }
}

/// Where a batch stands.
package enum BatchState: String, Term {
  case uploaded, profiled, mapped, staged, validated, committing, paused, committed, cancelled, failed, undoing, undone
  case partiallyUndone = "partially_undone"

  package var label: String {
    switch self {
    case .uploaded: "Being read"
    case .profiled: "To be mapped"
    case .mapped: "Mapped"
    case .staged: "Being checked"
    case .validated: "Checked"
    case .committing: "Being imported"
    case .paused: "Paused"
    case .committed: "Imported"
    case .cancelled: "Cancelled"
    case .failed: "Failed"
    case .undoing: "Being undone"
    case .undone: "Undone"
    case .partiallyUndone: "Partly undone"
    }
  }

  /// Whether its columns and values may still be decided anew.
  package var isOpen: Bool {
    switch self {
    case .profiled, .mapped, .staged, .validated: true
    case .uploaded, .committing, .paused, .committed, .cancelled, .failed, .undoing, .undone, .partiallyUndone: false
    }
  }
}

extension BatchState {
  /// Whether nothing of it is on its way any more.
  package var isOver: Bool {
    switch self {
    case .committed, .cancelled, .undone, .partiallyUndone: true
    case .uploaded, .profiled, .mapped, .staged, .validated, .committing, .paused, .failed, .undoing: false
    }
  }
}

/// What becomes of the rows of a batch.
package struct BatchCounts: Sendable, Hashable, Codable {
  package var insert = 0
  package var update = 0
  package var unchanged = 0
  package var conflict = 0
  package var reject = 0
  package var skip = 0
  /// What came over, once it has.
  package var inserted = 0
  package var updated = 0
  package var refused = 0

  package init() {}

  init(_ decided: DecisionCounts) {
    insert = decided[.insert]
    update = decided[.update]
    unchanged = decided[.unchanged]
    conflict = decided[.conflict]
    reject = decided[.reject]
    skip = decided[.skip]
  }

  /// Reads what is there; what is not counts nothing.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    insert = try container.decodeIfPresent(Int.self, forKey: .insert) ?? 0
    update = try container.decodeIfPresent(Int.self, forKey: .update) ?? 0
    unchanged = try container.decodeIfPresent(Int.self, forKey: .unchanged) ?? 0
    conflict = try container.decodeIfPresent(Int.self, forKey: .conflict) ?? 0
    reject = try container.decodeIfPresent(Int.self, forKey: .reject) ?? 0
    skip = try container.decodeIfPresent(Int.self, forKey: .skip) ?? 0
    inserted = try container.decodeIfPresent(Int.self, forKey: .inserted) ?? 0
    updated = try container.decodeIfPresent(Int.self, forKey: .updated) ?? 0
    refused = try container.decodeIfPresent(Int.self, forKey: .refused) ?? 0
  }

  /// Rows that become records or change them.
  package var writing: Int { insert + update + conflict }
}

/// Why a batch was left as it was.
package enum BatchRefusal: Error, Sendable {
  /// Somebody saved it after this person began.
  case stale(Batch)
  case illegalTransition(Batch, to: BatchState)
  /// Its file is being read again: what is decided now would be about columns that are going.
  case beingRead(Batch)
  /// Columns that nobody decided about, or fields that every record needs.
  case undecided([String])
  /// Blockers, or warnings that nobody took note of.
  case unsettled([String])
  /// The client's slug was not typed, or not as it is.
  case confirmation(String)
}
