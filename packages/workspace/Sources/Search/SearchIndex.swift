// The index of a client's search, as support looks at it: what is found, what waits, what is missing.

public import Access
public import EthicoTypes
public import FoundationEssentials
import HTTPTypes
public import Jobs
public import Web

/// One document of the index, and the record of the same id.
public enum SearchDocument {}

/// How the index of one entity stands.
public struct IndexStanding: Sendable, Hashable {
  public let entity: SearchEntity
  /// How many records there are, and how many of them search finds.
  public let records: Int
  public let found: Int
  /// Whether each record was looked for. Of many, there are as many documents, and that is all that was looked at.
  public let isCompared: Bool
  /// Written since they were indexed, and since when the oldest waits.
  public let waiting: Int
  public let oldestWait: Date?
  /// Records that search does not find and that nothing waits to index.
  public let missing: Int
  /// Documents whose record is gone.
  public let surplus: Int
  /// Documents made by an earlier version of the mapping.
  public let outdated: Int
  /// Which generation answers, and which one was begun to be filled.
  public let generation: Int
  public let building: Int?
  /// The rebuild that waits or runs.
  public let rebuild: IndexRebuild?
}

/// A rebuild that waits or runs.
public struct IndexRebuild: Sendable, Hashable {
  public let job: ID<JobRecord>
  public let state: JobState
  public let done: Int?
  public let total: Int?
  public let startedAt: Date?

  /// How far it is; nothing before it has begun.
  public func progress(at moment: Date) -> WorkProgress? {
    guard let done, let startedAt, state == .running else { return nil }
    return WorkProgress(done, of: total, seconds: moment.timeIntervalSince(startedAt))
  }
}

/// What is wrong with a document.
public enum IndexFault: String, Term {
  case missing, surplus, differs

  public var label: String {
    switch self {
    case .missing: "Not found"
    case .surplus: "Record is gone"
    case .differs: "Old text"
    }
  }
}

/// A record that search does not find as it stands.
public struct FaultyRecord: Sendable, Hashable {
  public let id: ID<SearchDocument>
  public let title: String
  public let fault: IndexFault
}

/// How many records are faulty in each way, and the first of them.
public struct IndexCheck: Sendable, Hashable {
  public let entity: SearchEntity
  public let counts: [IndexFault: Int]
  public let first: [FaultyRecord]

  public var isClean: Bool { counts.isEmpty }

  /// So many are listed.
  public static let listLimit = 50

  /// `3 not found`, `nothing is wrong`.
  public var words: String {
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
public enum IndexRefusal: Refusal, Hashable {
  case rebuildRunning(SearchEntity)

  public var setback: Setback {
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
  public var object: AuditObject { AuditObject("search_index", rawValue) }
}
