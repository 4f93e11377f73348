// From when until when a question of the trail looks, and why no further.

import EthicoTypes
public import FoundationEssentials

/// From when until when a question looks.
public struct TrailSpan: Sendable, Hashable {
  /// Events of this moment and later; `nil` for as far back as there are any.
  public var from: Date?
  /// Events before this moment.
  public var until: Date?

  /// Without an end on a side for which none is given.
  public init(from: Date? = nil, until: Date? = nil) {
    self.from = from
    self.until = until
  }

  /// Why a question looks no further.
  public enum Reason: Sendable, Hashable {
    /// It was asked so, or needs no end.
    case asked
    /// No index answers it, so that it reaches back a week unless it says otherwise.
    case unindexed
    /// The id of the request or the sign-in says when that began.
    case dated
  }

  /// So far back a question reaches that no index answers and that has no dates.
  public static let usualDays = 7
}

extension TrailQuery {
  /// The span that the question is read with, and why. Every question is answered by an index on the trail's order, a
  /// chain, a record or an access; what is beside those is looked for event by event, and that must have an end.
  public func settled(at now: Date) -> (span: TrailSpan, reason: TrailSpan.Reason) {
    guard asked.from == nil, looksAtEachEvent else { return (asked, .asked) }
    let week = Double(TrailSpan.usualDays) * 86_400
    guard asked.until == nil, let beginning = conditions.compactMap(\.beginning).max() else {
      return (TrailSpan(from: (asked.until ?? now).addingTimeInterval(-week), until: asked.until), .unindexed)
    }
    return (
      TrailSpan(from: beginning.addingTimeInterval(-3_600), until: beginning.addingTimeInterval(week)), .dated
    )
  }

  /// Whether it is asked of a trail as long as may be, by whoever looks for something in it.
  var isSearched: Bool {
    switch scope {
    case .access, .record, .records, .request, .person: false
    case .tenant, .everything: true
    }
  }

  private var looksAtEachEvent: Bool {
    guard isSearched else { return false }
    var reaches = Set(conditions.map(\.reach))
    if case .tenant = scope { reaches.insert(.chain) }
    if reaches.contains(.few) || reaches.isSuperset(of: [.chain, .recordOfChain]) { return false }
    switch only {
    case .reveals, .exports, .refusals: return true
    case .changes, .views, nil: return !reaches.subtracting([.chain]).isEmpty
    }
  }
}

extension TrailCondition {
  /// The time that a question about it need not reach beyond: a request and a sign-in say by their id when they began.
  fileprivate var beginning: Date? {
    switch self {
    case .request(let id): id.uuid.datedByVersion7
    case .session(let id): id.uuid.datedByVersion7
    case .event, .actor, .actorKind, .subject, .tenant, .access, .ip, .action, .actions, .objectType, .object, .outcome,
      .method, .route, .status, .release, .effect:
      nil
    }
  }

  /// What the database looks at to find the events that meet it.
  fileprivate enum Reach {
    /// An index has the few of them, or all of a chain in their order, or those about a record of a chain.
    case few, chain, recordOfChain
    case eachEvent
  }

  fileprivate var reach: Reach {
    switch self {
    case .event, .access: .few
    case .tenant: .chain
    case .object: .recordOfChain
    case .actor, .actorKind, .subject, .session, .request, .ip, .action, .actions, .objectType, .outcome, .method,
      .route, .status, .release, .effect:
      .eachEvent
    }
  }
}

extension UUID {
  /// When it was made, if it is of version 7.
  fileprivate var datedByVersion7: Date? {
    uuid.6 >> 4 == 7 ? version7Date : nil
  }
}
