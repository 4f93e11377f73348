// The list of a client's disclosures: newest first, filtered by what people ask for.

import EthicoTypes
import FoundationEssentials

/// What somebody wants to see of the disclosures.
struct DisclosureFilter: Sendable, Hashable {
  var words = ""
  var kinds: [DisclosureKind] = []
  var states: [DisclosureState] = []
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: when the last disclosure shown was submitted, and its id.
  struct Cursor: Sendable, Hashable {
    let submittedAt: Date
    let id: ID<Disclosure>
  }
}

/// A page of the list.
struct DisclosurePage: Sendable {
  let rows: [DisclosureRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: DisclosureFilter.Cursor?

  static let countLimit = 10_000
}
