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

  static let wordsLimit = 100

  /// What binds a cursor to the list it came from.
  var fingerprint: String {
    [words, roles.map(\.rawValue).joined(), states.map(\.rawValue).joined()].joined(separator: "|")
  }
}

/// A page of the list.
struct ClientUserPage: Sendable {
  let rows: [ClientUserRow]
  /// Exact up to 10,000, then that.
  let count: Int
  let next: ClientUserFilter.Cursor?

  static let countLimit = 10_000
}
