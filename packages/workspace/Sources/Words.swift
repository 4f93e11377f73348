// The badges and words that several pages of a workspace share.

import Access
import EthicoTypes
import Markup
import Web

/// The badge of a case's stage: the same on every page.
func stageBadge(_ stage: CaseStage) -> HTML {
  switch stage {
  case .new: badge(stage.label, .info)
  case .assigned: badge(stage.label, .attention)
  case .active, .review: badge(stage.label, .away)
  case .closed: badge(stage.label, .good)
  case .remediation: badge(stage.label, .attention)
  case .archived: badge(stage.label, .neutral)
  }
}

/// The badge of how grave a case is.
func severityBadge(_ severity: Severity) -> HTML {
  switch severity {
  case .high: badge(severity.label, .bad)
  case .medium: badge(severity.label, .attention)
  case .low: badge(severity.label, .neutral)
  }
}

/// The badge of whether a user can sign in.
func userStateBadge(_ state: UserState) -> HTML {
  switch state {
  case .invited: badge(state.label, .info)
  case .active: badge(state.label, .good)
  case .deactivated: badge(state.label, .neutral)
  }
}

/// The badge of where an investigation stands: the same on every page.
func investigationBadge(_ state: InvestigationState) -> HTML {
  switch state {
  case .new: badge(state.label, .info)
  case .assigned, .onHold: badge(state.label, .attention)
  case .investigating, .pendingReview: badge(state.label, .away)
  case .closed: badge(state.label, .good)
  }
}

/// The badge of where a disclosure stands: the same on every page.
func disclosureBadge(_ state: DisclosureState) -> HTML {
  switch state {
  case .submitted: badge(state.label, .info)
  case .underReview: badge(state.label, .away)
  case .approved: badge(state.label, .good)
  case .conditions: badge(state.label, .attention)
  case .rejected: badge(state.label, .bad)
  case .expired: badge(state.label, .neutral)
  }
}

/// Text of several paragraphs, each in its own direction.
func prose(_ text: String) -> HTML {
  div(.class("prose")) {
    for paragraph in text.split(separator: "\n\n", omittingEmptySubsequences: true) {
      p(.dirAuto) { String(paragraph) }
    }
  }
}

extension AuditedTransaction {
  /// The client user whose own words these are: nobody, where Ethico writes in their place.
  var ownAuthor: ID<ClientUser>? {
    author.impersonation == nil ? author.subject : nil
  }
}

/// What a record may become next: a choice, or, where there is only one, what the button says.
func nextSteps(_ steps: [Choice], _ state: FormState) -> HTML {
  guard let only = steps.first, steps.count == 1 else {
    return radioGroup("to", label: "What is next", state: state, options: steps)
  }
  return hiddenField("to", only.value)
}
