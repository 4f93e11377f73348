// Why a campaign, or an attestation of it, was left as it was.

import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

/// Why a campaign was left as it was.
enum CampaignRefusal: Refusal, Hashable {
  /// Somebody saved the campaign after this person began.
  case stale(Campaign)
  case badTransition(Campaign, to: CampaignStatus)
  /// What people are asked for is settled once they are asked.
  case settled(Campaign)
  /// Only an active campaign reminds.
  case notActive(Campaign)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(now.name)
    case .badTransition(let campaign, let next):
      Setback(
        .conflict, "bad_transition",
        "\(campaign.name) is \(campaign.status.label.lowercased()) and cannot become \(next.label.lowercased()).",
        "Nothing was changed. Choose one of the moves on its page.")
    case .settled(let campaign):
      Setback(
        .conflict, "bad_transition", "\(campaign.name) is \(campaign.status.label.lowercased()) and cannot be edited.",
        "Nothing was changed. Only a draft or a scheduled campaign can be edited.")
    case .notActive(let campaign):
      Setback(
        .conflict, "not_active", "\(campaign.name) is \(campaign.status.label.lowercased()).",
        "Nobody was reminded. Only an active campaign reminds.")
    }
  }
}

/// Why an attestation was left as it was.
enum AttestationRefusal: Refusal, Hashable {
  /// Somebody saved the attestation after this person began.
  case stale(Attestation)
  /// What was done already, or is over.
  case badTransition(Attestation, AttestationAct)
  /// Its campaign does not run, or rests while somebody wants to remind.
  case notActive(Attestation)
  case refusedAlready(Attestation)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        "The attestation of \(now.employee.name)",
        advice: "Nothing of yours was saved. What is stored now is below.")
    case .badTransition(let now, let act):
      Setback(
        .conflict, "bad_transition",
        "The attestation of \(now.employee.name) is \(now.state.label.lowercased()) and cannot be \(act.done).",
        "Nothing was changed.")
    case .notActive(let now):
      Setback(
        .conflict, "not_active",
        "The campaign is \(now.campaignStatus.label.lowercased()), so nothing is done for \(now.employee.name).",
        "Nothing was changed. Only an active campaign reminds; a paused one takes all other acts.")
    case .refusedAlready(let now):
      Setback(
        .conflict, "refused_already", "\(now.employee.name) has refused already.",
        "Nothing was changed. The refusal stays until the attestation is completed or skipped.")
    }
  }
}
