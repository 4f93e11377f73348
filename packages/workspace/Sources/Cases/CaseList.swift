// The list of a client's cases: newest first, filtered by what people ask for.

import Access
import EthicoTypes
import FoundationEssentials

/// What somebody wants to see of the cases.
struct CaseFilter: Sendable, Hashable {
  var words = ""
  var stages: [CaseStage] = []
  var severities: [Severity] = []
  var lead: Lead?
  var after: Cursor?
  var limit = 50

  enum Lead: Sendable, Hashable {
    case nobody
    case person(ID<ClientUser>)
  }

  /// Where the next page begins: when the last case shown was opened, and its id.
  struct Cursor: Sendable, Hashable {
    let openedAt: Date
    let id: ID<Case>
  }
}

/// A page of the list.
struct CasePage: Sendable {
  let rows: [CaseRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: CaseFilter.Cursor?

  static let countLimit = 10_000
}
