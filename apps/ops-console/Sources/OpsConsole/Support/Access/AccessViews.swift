// Open accesses as a list, and the card of one that was left.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// One's open accesses, each with the way in and the way out.
func accessList(_ accesses: [Impersonation], _ frame: Frame) -> HTML {
  ul {
    for access in accesses {
      li {
        span {
          a(.href(.access(access.id)), .dirAuto) { access.tenant.name }
          " "
          span(.class("muted")) { accessWords(access, frame) }
        }
        div(.class("acts")) {
          linkButton("Open", to: .access(access.id), style: .small, name: "Open \(access.tenant.name)")
          postButton(
            "Exit", to: Path.access(access.id).appending("exit"), frame.secrets("exit-" + access.id.description),
            style: [.small, .quiet], name: "Exit \(access.tenant.name)")
        }
      }
    }
  }
}

/// An open access in a line: as whom, since when, and for which ticket.
func accessWords(_ access: Impersonation, _ frame: Frame) -> HTML {
  HTML {
    subjectWords(access)
    " · "
    frame.face.span(since: access.startedAt)
    if let ticket = access.ticket {
      " · "
      ticketWords(ticket)
    }
  }
}

/// The ticket of an access in a line. The whole of a long one stands on the access's own pages.
func ticketWords(_ ticket: String) -> HTML {
  let limit = 80
  guard ticket.count > limit else { return .text(ticket) }
  return span(.title(ticket)) { ticket.prefix(limit) + "…" }
}

/// As whom one is there: `as A. User, Compliance officer`, or `without a user`.
func subjectWords(_ access: Impersonation) -> HTML {
  guard let subject = access.subject else { return "without a user" }
  return HTML {
    "as "
    span(.dirAuto) { subject.name }
    ", \(subject.role.label)"
  }
}

/// What an access amounted to: `12 pages, 3 changes, 1 reveal`.
func tallyWords(_ tally: AccessTally) -> String {
  [counted(tally.pages, "page"), counted(tally.changes, "change"), counted(tally.reveals, "reveal")]
    .joined(separator: ", ")
}

enum ExitCardView {
  static func page(_ access: Impersonation, _ tally: AccessTally) -> Page {
    let tenant = access.tenant
    return Page(
      access.endKind == nil ? "Still in \(tenant.name)" : "Left \(tenant.name)", section: "/",
      crumbs: [Crumb(tenant.name, .card(tenant))], value: tally
    ) { frame in
      pageHead(heading(access), facts: facts(access, frame)) { ways(access) }
      panel("What you did there") {
        dl(.class("figures")) {
          figure(tally.pages, "page")
          figure(tally.changes, "change")
          figure(tally.reveals, "reveal")
        }
      }
    }
  }

  private static func heading(_ access: Impersonation) -> String {
    switch access.endKind {
    case nil: "You are still in \(access.tenant.name)"
    case .manual: "You have left \(access.tenant.name)"
    case .revoked: "Your access to \(access.tenant.name) was ended"
    case .tenantClosed: "\(access.tenant.name) was closed, and your access ended with it"
    }
  }

  private static func facts(_ access: Impersonation, _ frame: Frame) -> [HTML] {
    var facts = [
      subjectWords(access),
      HTML {
        "entered "
        frame.face.moment(access.startedAt)
      },
    ]
    if let ending = access.ending {
      facts.append(
        HTML {
          ending.kind == .manual ? "left " : "ended by \(ending.by) "
          frame.face.moment(ending.at)
        })
      facts.append(.text(frame.face.length(from: access.startedAt, to: ending.at)))
    }
    if let ticket = access.ticket { facts.append(.text(ticket)) }
    return facts
  }

  @HTMLBuilder private static func ways(_ access: Impersonation) -> [HTML] {
    if access.endKind == nil {
      linkButton("Back into the workspace", to: .access(access.id))
    } else if access.tenant.status != .closed {
      linkButton("Enter again", to: .enter(access.tenant))
    }
    linkButton("See what you did", to: .timeline(access.id), style: .primary)
  }

  private static func figure(_ number: Int, _ noun: String) -> HTML {
    div {
      dt { number == 1 ? noun : noun + "s" }
      dd { grouped(number) }
    }
  }
}
