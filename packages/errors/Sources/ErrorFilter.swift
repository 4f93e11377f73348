// What somebody wants to see of a client's errors.

public import EthicoTypes
public import FoundationEssentials

/// What somebody wants to see of the errors.
public struct ErrorFilter: Sendable, Hashable {
  public var states: [ErrorState]
  public var kinds: [ErrorKind]
  /// The name of a route, or the kind of a job.
  public var place: String?
  /// The last release that it was seen in.
  public var release: String?
  public var after: Cursor?
  /// How many groups a page holds, 1 to 200.
  public var limit: Int

  /// Where the next page begins.
  public struct Cursor: Sendable, Hashable {
    public let at: Date
    public let id: ID<ErrorGroup>

    public init(at: Date, id: ID<ErrorGroup>) {
      self.at = at
      self.id = id
    }
  }

  public init(
    states: [ErrorState] = [], kinds: [ErrorKind] = [], place: String? = nil, release: String? = nil,
    after: Cursor? = nil, limit: Int = 50
  ) {
    self.states = states
    self.kinds = kinds
    self.place = place
    self.release = release
    self.after = after
    self.limit = limit
  }
}

/// A page of the groups, the one that happened last first.
public struct ErrorPage: Sendable, Hashable {
  public let groups: [ErrorGroup]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  public let next: ErrorFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// What a client's errors can be narrowed to.
public struct ErrorPlaces: Sendable, Hashable {
  public let places: [String]
  public let releases: [String]
}
