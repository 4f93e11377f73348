// Why a policy was left as it was.

import EthicoTypes
import HTTPTypes
import Web

/// Why a policy was left as it was.
enum PolicyRefusal: Refusal, Hashable {
  /// Somebody saved the policy after this person began.
  case stale(Policy)
  case badTransition(Policy, to: PolicyStatus)
  /// Only a draft is edited or discarded: what was submitted stays as those who approve it saw it.
  case notDraft(Policy)
  /// A working copy is begun on a published policy that has none.
  case noWorkingCopy(Policy)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(now.title)
    case .badTransition(let policy, let next):
      Setback(
        .conflict, "bad_transition",
        "\(policy.title) is \(policy.stateWords) and cannot become \(next.label.lowercased()).",
        "Nothing was changed. Choose one of the moves on its page.")
    case .notDraft(let policy):
      Setback(
        .conflict, "bad_transition", "\(policy.title) is \(policy.stateWords), and only a draft can be changed.",
        policy.openStatus == .published
          ? "Nothing was changed. Begin a working copy first."
          : "Nothing was changed. Send it back to draft first.")
    case .noWorkingCopy(let policy):
      Setback(
        .conflict, "bad_transition", "A working copy of \(policy.title) cannot be begun now.",
        "Nothing was changed. Only a published policy without one gets a working copy.")
    }
  }
}

extension Policy {
  /// How a sentence says where it stands.
  fileprivate var stateWords: String {
    guard let copy = working.status else { return status.label.lowercased() }
    return "\(status.label.lowercased()) with a working copy that is \(copy.label.lowercased())"
  }
}
