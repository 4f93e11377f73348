// The list of campaigns: newest first, filtered by what people ask for.

import Access
import EthicoTypes
import FoundationEssentials

/// What somebody wants to see of the campaigns.
struct CampaignFilter: Sendable, Hashable {
  var words = ""
  var statuses: [CampaignStatus] = []
  var policy: ID<Policy>?
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: when the last campaign shown was made, and its id.
  struct Cursor: Sendable, Hashable {
    let createdAt: Date
    let id: ID<Campaign>
  }
}

/// A page of campaigns.
struct CampaignPage: Sendable {
  let rows: [CampaignRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: CampaignFilter.Cursor?

  static let countLimit = 10_000
}
