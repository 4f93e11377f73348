// Badges and small pieces that several pages of the console share.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// The badge of a client's status: the same on every page.
func statusBadge(_ status: TenantStatus) -> HTML {
  switch status {
  case .live: badge(status.label, .good)
  case .onboarding: badge(status.label, .info)
  case .trial: badge(status.label, .away)
  case .suspended: badge(status.label, .attention)
  case .closed: badge(status.label, .neutral)
  }
}

/// What is wrong at a client, as it was last counted; nothing where all is well, so that a list of clients stays calm.
func pulseBadges(_ pulse: TenantPulse) -> HTML {
  HTML {
    if pulse.errorsLastDay > 0 {
      " "
      badge(counted(pulse.errorsLastDay, "error"), .bad)
    }
    if pulse.deadJobs > 0 {
      " "
      badge(counted(pulse.deadJobs, "dead job"), .bad)
    }
    if pulse.index != TenantPulse.current {
      " "
      badge("Search \(pulse.index)", .attention)
    }
  }
}

/// The line that tells what the request before this one did; nothing for a code that the page does not know.
func result(_ frame: Frame, _ sentences: [String: String]) -> HTML {
  guard let done = frame.done, let sentence = sentences[done] else { return .nothing }
  return resultLine(.text(sentence))
}

/// The badge of where a ticket stands: the same on every page.
func ticketStateBadge(_ state: TicketState) -> HTML {
  switch state {
  case .open: badge(state.label, .info)
  case .inProgress: badge(state.label, .away)
  case .waitingOnClient: badge(state.label, .attention)
  case .resolved: badge(state.label, .good)
  case .closed: badge(state.label, .neutral)
  }
}

/// The badge of how soon a ticket wants to be worked on.
func ticketPriorityBadge(_ priority: TicketPriority) -> HTML {
  switch priority {
  case .urgent: badge(priority.label, .bad)
  case .high: badge(priority.label, .attention)
  case .normal, .low: badge(priority.label, .neutral)
  }
}

extension Path {
  /// The page of a ticket.
  static func ticket(_ id: ID<Ticket>) -> Path { Path("/tickets").appending(id) }
}
