// The bar that says in whose house one stands. It cannot be dismissed, and it prints.

import Access
import EthicoTypes
import Markup
import Web

enum AccessBanner {
  static func view(_ acting: ActingContext, _ frame: Frame) -> HTML {
    aside(.class("access-banner"), .aria("label", "Impersonation")) {
      span(.class("access-banner-mark"), .aria("hidden", "true")) { "⚠" }
      p(.class("access-banner-text")) { words(acting, frame) }
      nav(.class("access-banner-acts"), .aria("label", "This access")) {
        linkButton("Act as…", to: .enter(from: acting), style: .small)
        postButton("Exit", to: acting.path("exit"), frame.secrets("exit"), style: .small)
      }
    }
  }

  private static func words(_ acting: ActingContext, _ frame: Frame) -> HTML {
    HTML {
      "You are in "
      strong(.dirAuto) { acting.tenant.name }
      if let subject = acting.subject {
        " as "
        strong(.dirAuto) { subject.name }
        " (\(subject.role.label))"
      } else {
        " without a user"
      }
      " · "
      frame.face.span(since: acting.impersonation.startedAt)
      if let ticket = acting.impersonation.ticket {
        " · "
        ticketWords(ticket)
      }
    }
  }

  /// What the address says after an entry by another ticket than the one that the open access stands under.
  static let otherTicket = "other_ticket"

  /// The line for whoever was led by a ticket into an access that another one, or none, had led into before.
  static func ticketLine(_ acting: ActingContext, _ frame: Frame) -> HTML {
    guard frame.done == otherTicket else { return .nothing }
    return resultLine(
      HTML {
        "You were inside already: this access still stands under "
        if let ticket = acting.impersonation.ticket { ticketWords(ticket) } else { "no ticket" }
        ". The ticket that led you here now is kept in "
        a(.href(.timeline(acting.impersonation.id))) { "its timeline" }
        "."
      })
  }

  /// Hatched on all four sides, above everything, deaf to the pointer.
  static var frame: HTML {
    div(.class("access-frame"), .aria("hidden", "true"))
  }
}
