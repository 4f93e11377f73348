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
  package let entity: SearchEntity
  /// How many records there are, and how many of them search finds.
  package let records: Int
  package let found: Int
  /// Whether each record was looked for. Of many, there are as many documents, and that is all that was looked at.
  package let isCompared: Bool
  /// Written since they were indexed, and since when the oldest waits.
  package let waiting: Int
  package let oldestWait: Date?
  /// Records that search does not find and that nothing waits to index.
  package let missing: Int
  /// Documents whose record is gone.
  package let surplus: Int
  /// Documents made by an earlier version of the mapping.
  package let outdated: Int
  /// Which generation answers, and which one was begun to be filled.
  package let generation: Int
  package let building: Int?
  /// The rebuild that waits or runs.
  package let rebuild: IndexRebuild?
}

/// A rebuild that waits or runs.
package struct IndexRebuild: Sendable, Hashable {
  package let job: ID<JobRecord>
  package let state: JobState
  package let done: Int?
  package let total: Int?
  package let startedAt: Date?

  /// How far it is; nothing before it has begun.
  package func progress(at moment: Date) -> WorkProgress? {
    guard let done, let startedAt, state == .running else { return nil }
    return WorkProgress(done, of: total, seconds: moment.timeIntervalSince(startedAt))
  }
}

/// What is wrong with a document.
package enum IndexFault: String, Term {
  case missing, surplus, differs

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
  package let id: ID<SearchDocument>
  package let title: String
  package let fault: IndexFault
}

/// How many records are faulty in each way, and the first of them.
package struct IndexCheck: Sendable, Hashable {
  package let entity: SearchEntity
  package let counts: [IndexFault: Int]
  package let first: [FaultyRecord]

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
  case rebuildRunning(SearchEntity)

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
