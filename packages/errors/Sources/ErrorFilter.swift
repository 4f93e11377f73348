// What somebody wants to see of a client's errors.

package import EthicoTypes
package import FoundationEssentials

/// What somebody wants to see of the errors.
package struct ErrorFilter: Sendable, Hashable {
  package var states: [ErrorState]
  package var kinds: [ErrorKind]
  /// The name of a route, or the kind of a job.
  package var place: String?
  /// The last release that it was seen in.
  package var release: String?
  package var after: Cursor?
  /// How many groups a page holds, 1 to 200.
  package var limit: Int

  /// Where the next page begins.
  package struct Cursor: Sendable, Hashable {
    package let at: Date
    package let id: ID<ErrorGroup>

    package init(at: Date, id: ID<ErrorGroup>) {
      self.at = at
      self.id = id
    }
  }

  package init(
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
package struct ErrorPage: Sendable, Hashable {
  package let groups: [ErrorGroup]
  /// Exact up to `countLimit`, then one more.
  package let count: Int
  package let next: ErrorFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// What a client's errors can be narrowed to.
package struct ErrorPlaces: Sendable, Hashable {
  package let places: [String]
  package let releases: [String]
}
