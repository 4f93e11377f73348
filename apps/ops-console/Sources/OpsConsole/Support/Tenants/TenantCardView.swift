// The card of one client: what it is, and the way in.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum TenantCardView {
  static func page(_ card: TenantCard, accesses: [Impersonation], _ context: StaffContext<ReadTenants>) -> Page {
    let tenant = card.tenant
    return Page(
      tenant.name, section: "/tenants", crumbs: [Crumb("Clients", "/tenants")], value: TenantCardBody(card)
    ) { frame in
      result(frame, ["pinned": "Pinned to your home page.", "unpinned": "No longer pinned."])
      pageHead(tenant.name, facts: facts(card)) {
        pinButton(card, frame)
        if context.staff.may(.auditRead) {
          linkButton("Read audit trail", to: Path("/audit/tenants").appending(tenant.slug))
        }
        if context.staff.may(.migrationRead) {
          linkButton("Open data migration", to: .migration(tenant))
        }
        if context.staff.may(.fleetWrite) {
          linkButton("Set status", to: .standing(of: tenant))
        }
        if context.staff.may(.supportAct), tenant.status != .closed {
          linkButton("Enter workspace", to: .enter(tenant), style: .primary)
        }
      }
      if tenant.status == .closed {
        div(.class("notice"), .data("meaning", "attention")) { p { "This client has left us. Its workspace is shut." } }
      }
      columns {
        div {
          open(accesses, frame)
          panel("Reach") { reach(card) }
          if !context.staff.may(.supportAct) { notYours(.supportAct) }
        }
        panel("Record") { record(card) }
      }
    }
  }

  private static func facts(_ card: TenantCard) -> [HTML] {
    var facts: [HTML] = [
      statusBadge(card.tenant.status), .text(card.tier.label), .text(card.industry.label),
      .text(grouped(card.employeeCount) + " employees"),
    ]
    if let only = card.tickets.first, card.openTickets == 1 {
      facts.append(.text("open ticket " + only))
    } else if card.openTickets > 0 {
      facts.append(.text("\(grouped(card.openTickets)) open tickets"))
    }
    return card.pulse.isCalm ? facts : facts + [pulseBadges(card.pulse)]
  }

  private static func pinButton(_ card: TenantCard, _ frame: Frame) -> HTML {
    let isPinned = card.isPinned == .pinned
    return postButton(
      isPinned ? "Unpin client" : "Pin client", to: Path.card(card.tenant).appending("pin"), frame.secrets("pin"),
      fields: [("pinned", isPinned ? "no" : "yes")], style: .quiet)
  }

  private static func open(_ accesses: [Impersonation], _ frame: Frame) -> HTML {
    guard !accesses.isEmpty else { return .nothing }
    return panel("Your open accesses here") { accessList(accesses, frame) }
  }

  private static func reach(_ card: TenantCard) -> HTML {
    properties([
      ("Primary contact", clientText(card.primaryContact)),
      ("Domains", list(card.domains)),
      ("Hotline numbers", list(card.lines)),
      ("Time zone", .text(card.timezone)),
      ("Language", .text(languageName(card.defaultLanguage))),
      ("Newest tickets", tickets(card)),
    ])
  }

  private static func tickets(_ card: TenantCard) -> HTML {
    let more = card.openTickets - card.tickets.count
    let rest = more > 0 ? " and \(grouped(more)) more" : ""
    let label = card.tickets.isEmpty ? "None open" : card.tickets.joined(separator: ", ") + rest
    return a(.href(Path("/tickets").query("tenant", card.tenant.slug))) { label }
  }

  private static func record(_ card: TenantCard) -> HTML {
    properties([
      ("Contract", clientText(card.contractNumber)),
      ("Slug", copyText(card.tenant.slug, name: "slug")),
      ("Id", copyText(card.tenant.id.description, name: "id")),
    ])
  }

  private static func list(_ words: [String]) -> HTML {
    clientText(words.joined(separator: ", "))
  }
}
