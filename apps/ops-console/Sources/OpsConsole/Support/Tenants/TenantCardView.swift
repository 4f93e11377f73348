// The card of one client: what it is, and the way in.

import Access
import EthicoTypes
import Foundation
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
        if context.staff.may(.supportAct), tenant.status != .closed {
          linkButton("Enter workspace", to: .enter(tenant), style: .primary)
        }
      }
      if context.staff.may(.auditRead) {
        p { a(.href(Path("/audit/tenants").appending(tenant.slug))) { "Audit trail of this client" } }
      }
      if !context.staff.may(.supportAct) { notYours(.supportAct) }
      if tenant.status == .closed {
        p(.class("muted")) { "This client has left us. Its workspace is shut." }
      }
      open(accesses, frame)
      panel("About") { about(card) }
    }
  }

  private static func facts(_ card: TenantCard) -> [HTML] {
    var facts: [HTML] = [
      statusBadge(card.tenant.status), .text(card.tier.label), .text(card.industry.label),
      .text(grouped(card.employeeCount) + " employees"),
    ]
    if let ticket = card.tickets.first { facts.append(.text("open ticket " + ticket)) }
    return facts
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

  private static func about(_ card: TenantCard) -> HTML {
    properties([
      ("Slug", code { card.tenant.slug }),
      ("Id", code { card.tenant.id.description }),
      ("Domains", list(card.domains)),
      ("Hotline numbers", list(card.lines)),
      ("Contract", .text(card.contractNumber ?? "–")),
      ("Primary contact", .text(card.primaryContact ?? "–")),
      ("Time zone", .text(card.timezone)),
      ("Language", .text(card.defaultLanguage)),
      ("Open tickets", list(card.tickets)),
    ])
  }

  private static func list(_ words: [String]) -> HTML {
    .text(words.isEmpty ? "–" : words.joined(separator: ", "))
  }
}
