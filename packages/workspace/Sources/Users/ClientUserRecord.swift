// A user: a person who signs in at a client. The id's type, `ClientUser`, is Access's; the record is ours.

import Access
import EthicoTypes
import FoundationEssentials

extension UserState {
  /// The states that an act of ours may lead to. An invited person becomes active by signing in, which is their own
  /// act.
  var nextStates: [UserState] {
    switch self {
    case .invited, .active: [.deactivated]
    case .deactivated: [.active]
    }
  }
}

/// A user as a list shows them.
struct ClientUserRow: Sendable, Hashable {
  let id: ID<ClientUser>
  let name: String
  let email: String
  let role: ClientRole
  let state: UserState
  let lastSignInAt: Date?
  let secondFactorSince: Date?
  let version: Int
}

/// A user with all that their page shows.
struct ClientUserRecord: Sendable, Hashable {
  let id: ID<ClientUser>
  let name: String
  let email: String
  let role: ClientRole
  let state: UserState
  let title: String?
  let invitedAt: Date
  let lastSignInAt: Date?
  /// Whoever signed in before is signed out.
  let sessionsEndedAt: Date?
  let secondFactorSince: Date?
  let version: Int
  let changedAt: Date
}

/// An open case that a user leads.
struct LedCase: Sendable, Hashable {
  let id: ID<Case>
  let reference: String
  let title: String
  let stage: CaseStage
  let severity: Severity
  let dueAt: Date
}

/// The open cases that a user leads: how many there are, and those due first.
struct LedCases: Sendable, Hashable {
  let count: Int
  let first: [LedCase]

  static let shownLimit = 50
}
