// The JSON face of users.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// A user as a list gives them to programs.
struct ClientUserRowBody: Encodable, Sendable {
  let id: ID<ClientUser>
  let name: String
  let email: String
  let role: ClientRole
  let state: UserState
  let lastSignIn: Date?
  let secondFactorSince: Date?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, name, email, role, state, version
    case lastSignIn = "last_sign_in"
    case secondFactorSince = "second_factor_since"
  }

  init(_ row: ClientUserRow) {
    id = row.id
    name = row.name
    email = row.email
    role = row.role
    state = row.state
    lastSignIn = row.lastSignInAt
    secondFactorSince = row.secondFactorSince
    version = row.version
  }
}

/// A page of users.
struct ClientUserListBody: Encodable, Sendable {
  let items: [ClientUserRowBody]
  let count: Int
  let next: String?
}

/// A user with what belongs to them.
struct ClientUserBody: Encodable, Sendable {
  let id: ID<ClientUser>
  let name: String
  let email: String
  let role: ClientRole
  let state: UserState
  let nextStates: [UserState]
  let title: String?
  let invited: Date
  let lastSignIn: Date?
  let sessionsEnded: Date?
  let secondFactorSince: Date?
  let version: Int
  let openCases: Int
  let cases: [LedCaseBody]

  enum CodingKeys: String, CodingKey {
    case id, name, email, role, state, title, invited, version, cases
    case nextStates = "next_states"
    case lastSignIn = "last_sign_in"
    case sessionsEnded = "sessions_ended"
    case secondFactorSince = "second_factor_since"
    case openCases = "open_cases"
  }

  init(_ file: ClientUserFile) {
    let user = file.user
    id = user.id
    name = user.name
    email = user.email
    role = user.role
    state = user.state
    nextStates = user.state.nextStates
    title = user.title
    invited = user.invitedAt
    lastSignIn = user.lastSignInAt
    sessionsEnded = user.sessionsEndedAt
    secondFactorSince = user.secondFactorSince
    version = user.version
    openCases = file.led.count
    cases = file.led.first.map {
      LedCaseBody(
        id: $0.id, reference: $0.reference, title: $0.title, stage: $0.stage, severity: $0.severity, due: $0.dueAt)
    }
  }
}

/// An open case that the user leads.
struct LedCaseBody: Encodable, Sendable {
  let id: ID<Case>
  let reference: String
  let title: String
  let stage: CaseStage
  let severity: Severity
  let due: Date
}

/// A form of a user, to programs: the version that a change has to name; none for a new one.
struct ClientUserFormBody: Encodable, Sendable {
  let version: Int?
}
