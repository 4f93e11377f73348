// The first page: my open accesses, my clients, and a search that has the focus.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum HomeView {
  static func page(
    _ accesses: [Impersonation], pinned: [DirectoryEntry], recent: [DirectoryEntry], _ tickets: TicketPage,
    _ context: StaffContext<ReadTenants>
  ) -> Page {
    let body = HomeBody(accesses, pinned: pinned, recent: recent, tickets: tickets.tickets)
    return Page("Home", section: "/", value: body) { frame in
      top(frame, context.staff)
      div(.class("home")) {
        div(.class("home-main")) {
          if context.staff.may(.supportAct) { open(accesses, frame) }
          panel("Recent clients", aside: a(.href("/tenants")) { "All clients" }) {
            recentClients(recent, context.staff)
          }
        }
        div(.class("home-side")) {
          if context.staff.may(.ticketWrite) || !tickets.tickets.isEmpty { myTickets(tickets) }
          panel("Pinned clients") { pinnedClients(pinned) }
        }
      }
    }
  }

  /// What a person sees who has not been anywhere yet.
  static func firstDay(_ examples: DirectoryExamples?, _ context: StaffContext<ReadTenants>) -> Page {
    let body = HomeBody([], pinned: [], recent: [], tickets: [])
    return Page("Home", section: "/", value: body) { frame in
      top(frame, context.staff)
      section(.class("empty"), .data("kind", "nothing-yet")) {
        h2 { "Start with a client" }
        p {
          "Type part of a name, a domain, a hotline number or a contract number. "
          kbd { "Ctrl K" }
          " finds a client from every page, and "
          kbd { "?" }
          " shows all keys."
        }
        if let examples { tryOut(examples) }
      }
    }
  }

  private static func tryOut(_ examples: DirectoryExamples) -> HTML {
    p {
      "Try "
      example(examples.beginning)
      if let domain = examples.domain {
        ", "
        example(domain)
      }
      if let mistyped = examples.mistyped {
        " or "
        example(mistyped)
        " with a letter missing"
      }
      "."
    }
  }

  private static func example(_ words: String) -> HTML {
    a(.href(Path("/tenants").query("q", words)), .dirAuto) { words }
  }

  @HTMLBuilder private static func top(_ frame: Frame, _ staff: Staff) -> [HTML] {
    result(
      frame,
      [
        "exited_all": "You have left every workspace.", "signed_in": "Welcome back.",
        "held_discarded": "The form is discarded; nothing of it was done.",
      ])
    pageHead("Hello, \(staff.name.split(separator: " ").first.map(String.init) ?? staff.name)")
    search
  }

  /// So many of one's own tickets stand on this page.
  static let ticketsShown = 6

  static func myTickets(_ mine: TicketPage) -> HTML {
    let all = Path("/tickets").query("only", TicketFilter.Only.mine.rawValue)
    return panel("My tickets", aside: a(.href(all)) { "All \(grouped(mine.count))" }) {
      if mine.tickets.isEmpty {
        p(.class("muted")) {
          "No unresolved ticket is yours. "
          a(.href(Path("/tickets").query("only", TicketFilter.Only.unassigned.rawValue))) { "Show unassigned tickets" }
        }
      } else {
        ul {
          for ticket in mine.tickets {
            li {
              a(.href(.ticket(ticket.id)), .dirAuto) { ticket.subject }
              span(.class("muted"), .dirAuto) { ticket.tenant.name }
            }
          }
        }
      }
    }
  }

  private static var search: HTML {
    form(.class("find"), .get, .action("/tenants"), .role("search")) {
      label(.for("f-home-q"), .class("visually-hidden")) { "Find a client" }
      input(
        .id("f-home-q"), .type("search"), .name("q"), .maxlength(DirectoryQuery.wordsLimit), .autofocus,
        .autocomplete("off"), .placeholder("Name, domain, hotline number, contract or id"))
      button(.type("submit"), .class("button primary")) { "Find client" }
    }
  }

  static func open(_ accesses: [Impersonation], _ frame: Frame) -> HTML {
    panel("Your open accesses") {
      if accesses.isEmpty {
        p(.class("muted")) { "You are in no client's workspace. An access stays open until you leave it." }
      } else {
        accessList(accesses, frame)
        if accesses.count > 1 {
          postButton("Exit all \(grouped(accesses.count))", to: "/exit-all", frame.secrets("exit-all"), style: .small)
        }
      }
    }
  }

  private static func recentClients(_ recent: [DirectoryEntry], _ staff: Staff) -> HTML {
    recent.isEmpty
      ? p(.class("muted")) { "Clients that you enter appear here." }
      : DirectoryView.table("Recent clients", recent, staff)
  }

  private static func pinnedClients(_ pinned: [DirectoryEntry]) -> HTML {
    guard !pinned.isEmpty else {
      return p(.class("muted")) { "“Pin client” on a client’s card keeps it here, up to 12 of them." }
    }
    return ul {
      for entry in pinned {
        li {
          a(.href(.card(entry.tenant)), .dirAuto) { entry.tenant.name }
          statusBadge(entry.tenant.status)
        }
      }
    }
  }
}
