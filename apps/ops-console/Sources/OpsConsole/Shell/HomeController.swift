// The first page: my open accesses, my clients, and a search that has the focus.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum HomeController {
  static func page(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let accesses = try await context.ledger.openAccesses(of: context.staff.id)
    let shelf = try await context.ledger.shelf(of: context.staff.id)
    let mine = TicketFilter(only: .mine, limit: HomeView.ticketsShown)
    let tickets = try await context.ledger.tickets(mine, for: context.staff.id)
    return .page(HomeView.page(accesses, pinned: shelf.pinned, recent: shelf.recent, tickets, context))
  }
}

enum HomeView {
  static func page(
    _ accesses: [Impersonation], pinned: [DirectoryEntry], recent: [DirectoryEntry], _ tickets: TicketPage,
    _ context: StaffContext<ReadTenants>
  ) -> Page {
    let body = HomeBody(
      openAccesses: accesses.map(OpenAccessBody.init), pinned: pinned.map(TenantItemBody.init),
      recent: recent.map(TenantItemBody.init), tickets: tickets.tickets.map(TicketBody.init))
    return Page("Home", section: "/", value: body) { frame in
      result(
        frame,
        [
          "exited_all": "You have left every workspace.", "signed_in": "Welcome back.",
          "held_discarded": "The form is discarded; nothing of it was done.",
        ])
      pageHead("Hello, \(context.staff.name.split(separator: " ").first.map(String.init) ?? context.staff.name)")
      search
      if pinned.isEmpty, recent.isEmpty, accesses.isEmpty, tickets.tickets.isEmpty {
        firstDay
      } else {
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
      ? p(.class("muted")) { "Clients you look at or enter appear here." }
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

  /// What a person sees who has not been anywhere yet.
  private static var firstDay: HTML {
    section(.class("empty"), .data("kind", "nothing-yet")) {
      h2 { "Start with a client" }
      p {
        "Type part of a name, a domain, a hotline number or a contract number. "
        kbd { "Ctrl K" }
        " finds a client from every page, and "
        kbd { "?" }
        " shows all keys."
      }
      p {
        "Try "
        a(.href(Path("/tenants").query("q", "acme"))) { "acme" }
        ", "
        a(.href(Path("/tenants").query("q", "borealis-bank.example"))) { "borealis-bank.example" }
        " or "
        a(.href(Path("/tenants").query("q", "helth"))) { "helth" }
        " with a letter missing."
      }
    }
  }
}

/// The JSON face of home.
struct HomeBody: Encodable, Sendable {
  let openAccesses: [OpenAccessBody]
  let pinned: [TenantItemBody]
  let recent: [TenantItemBody]
  let tickets: [TicketBody]

  enum CodingKeys: String, CodingKey {
    case pinned, recent, tickets
    case openAccesses = "open_accesses"
  }
}

/// One open access, for the switcher.
struct OpenAccessBody: Encodable, Sendable {
  let impersonation: ID<Impersonation>
  let tenant: Name
  let subject: Name?
  let started: Date

  struct Name: Encodable, Sendable {
    var slug: String?
    let name: String
  }

  init(_ access: Impersonation) {
    impersonation = access.id
    tenant = Name(slug: access.tenant.slug, name: access.tenant.name)
    subject = access.subject.map { Name(name: $0.name) }
    started = access.startedAt
  }
}
