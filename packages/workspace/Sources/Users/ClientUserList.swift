// The list of a client's users: by name, filtered by what people ask for.

import Access
import EthicoTypes

/// What somebody wants to see of the users.
struct ClientUserFilter: Sendable, Hashable {
  var words = ""
  var roles: [ClientRole] = []
  var states: [UserState] = []
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: the name of the last user shown, and their id.
  struct Cursor: Sendable, Hashable {
    let name: String
    let id: ID<ClientUser>
  }
}

/// A page of the list.
struct ClientUserPage: Sendable {
  let rows: [ClientUserRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: ClientUserFilter.Cursor?

  static let countLimit = 10_000
}
