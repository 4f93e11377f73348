// The index of a client's search, as support looks at it: what is found, what waits, what is missing.

package import Access
package import EthicoTypes
package import FoundationEssentials
import HTTPTypes
package import Jobs
package import Web

/// One document of the index, and the record of the same id.
package enum SearchDocument {}

/// How the index of one entity stands.
package struct IndexStanding: Sendable, Hashable {
  /// Whose records and documents were counted.
  package let entity: SearchEntity
  /// How many records there are.
  package let records: Int
  /// How many of the records search finds; all of them, where they were only counted.
  package let found: Int
  /// Whether each record was looked for. Of many, there are as many documents, and that is all that was looked at.
  package let isCompared: Bool
  /// How many were written since they were indexed.
  package let waiting: Int
  /// Since when the oldest of those has waited; `nil` where none does.
  package let oldestWait: Date?
  /// Records that search does not find and that nothing waits to index.
  package let missing: Int
  /// Documents whose record is gone.
  package let surplus: Int
  /// Documents made by an earlier version of the mapping.
  package let outdated: Int
  /// Which generation answers.
  package let generation: Int
  /// The generation being filled; `nil` where none is. Without a `rebuild`, one ended before its work did.
  package let building: Int?
  /// The rebuild that waits or runs.
  package let rebuild: IndexRebuild?
}

/// A rebuild that waits or runs.
package struct IndexRebuild: Sendable, Hashable {
  /// The job that does it, on whose page it can be cancelled.
  package let job: ID<JobRecord>
  /// `queued`, `running` or `retrying`: of a job that is over there is no rebuild.
  package let state: JobState
  /// How many records its latest attempt has indexed; `nil` before it says so.
  package let done: Int?
  /// Of how many, counted when the attempt began; `nil` before it says so.
  package let total: Int?
  /// When its latest attempt began; `nil` before the first.
  package let startedAt: Date?

  /// How far it is; nothing before it has begun.
  package func progress(at moment: Date) -> WorkProgress? {
    guard let done, let startedAt, state == .running else { return nil }
    return WorkProgress(done, of: total, seconds: moment.timeIntervalSince(startedAt))
  }
}

/// What is wrong with a document, the worst first.
package enum IndexFault: String, Term {
  /// A record without a document, a document without a record, and two that do not say the same.
  case missing, surplus, differs

  /// The badge beside the record.
  package var label: String {
    switch self {
    case .missing: "Not found"
    case .surplus: "Record is gone"
    case .differs: "Old text"
    }
  }
}

/// A record that search does not find as it stands.
package struct FaultyRecord: Sendable, Hashable {
  /// The record's, which its document shares.
  package let id: ID<SearchDocument>
  /// The record's, or its document's where it is gone; the first 80 characters of the text where that is empty.
  package let title: String
  /// What a repair of this one record would put right.
  package let fault: IndexFault
}

/// How many records are faulty in each way, and the first of them.
package struct IndexCheck: Sendable, Hashable {
  /// Whose documents were compared with their records.
  package let entity: SearchEntity
  /// Of all records, not of `first` alone; a fault that nothing has is not in it.
  package let counts: [IndexFault: Int]
  /// At most `listLimit`, by the fault's raw text, and of each fault the highest ids first.
  package let first: [FaultyRecord]

  /// Whether records and documents agree, apart from what waits to be indexed.
  package var isClean: Bool { counts.isEmpty }

  /// So many are listed.
  package static let listLimit = 50

  /// `3 not found`, `nothing is wrong`.
  package var words: String {
    let parts = IndexFault.allCases.compactMap { fault in
      counts[fault].map { "\(grouped($0)) \(fault.phrase)" }
    }
    return parts.isEmpty ? "nothing is wrong" : parts.joined(separator: ", ")
  }
}

extension IndexFault {
  fileprivate var phrase: String {
    switch self {
    case .missing: "not found"
    case .surplus: "whose record is gone"
    case .differs: "with old text"
    }
  }
}

/// Why an act on the index was refused.
package enum IndexRefusal: Refusal, Hashable {
  /// One waits or runs already; there is one of an entity at a time.
  case rebuildRunning(SearchEntity)

  /// A conflict (409), with the index named and nothing changed.
  package var setback: Setback {
    switch self {
    case .rebuildRunning(let entity):
      Setback(
        .conflict, "rebuild_running", "The index of \(entity.label.lowercased()) is being rebuilt already.",
        "Nothing was changed. How far it is stands below.")
    }
  }
}

extension SearchEntity {
  /// What the audit trail calls its index.
  package var object: AuditObject { AuditObject("search_index", rawValue) }
}
