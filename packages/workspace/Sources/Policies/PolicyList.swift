// The list of a client's policies: by title, filtered by what people ask for.

import Access
import EthicoTypes

/// What somebody wants to see of the policies.
struct PolicyFilter: Sendable, Hashable {
  var words = ""
  var statuses: [PolicyStatus] = []
  var types: [PolicyType] = []
  var sight = PolicySight.everything
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: the title of the last policy shown, and its id.
  struct Cursor: Sendable, Hashable {
    let title: String
    let id: ID<Policy>
  }
}

/// A page of the list.
struct PolicyPage: Sendable {
  let rows: [PolicyRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: PolicyFilter.Cursor?

  static let countLimit = 10_000
}
