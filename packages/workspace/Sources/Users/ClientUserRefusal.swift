// Why a user was left as they were.

import EthicoTypes
import HTTPTypes
import Web

/// Why a user was left as they were.
enum ClientUserRefusal: Refusal, Hashable {
  /// Somebody saved the user after this person began.
  case stale(ClientUserRecord)
  case badTransition(ClientUserRecord, to: UserState)
  /// Without an active system administrator nobody at the client could manage anything.
  case lastAdmin(ClientUserRecord)
  case noSecondFactor(ClientUserRecord)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(now.name)
    case .badTransition(let user, let next):
      Setback(
        .conflict, "bad_transition",
        "\(user.name) is \(user.state.label.lowercased()) and cannot become \(next.label.lowercased()).",
        next == .active && user.state == .invited
          ? "Nothing was changed. Who is invited becomes active by signing in." : "Nothing was changed.")
    case .lastAdmin(let user):
      Setback(
        .conflict, "last_admin", "\(user.name) is the last active \(ClientRole.systemAdmin.label.lowercased()) here.",
        "Nothing was changed. Give somebody else that role first.")
    case .noSecondFactor(let user):
      Setback(
        .conflict, "no_second_factor", "\(user.name) has no second factor to reset.",
        "Nothing was changed. The next sign-in asks for one where the client's settings require it.")
    }
  }
}
