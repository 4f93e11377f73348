// The page before a client's workspace: everything on it is optional, so Enter has the focus.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

enum EnterView {
  static func page(
    _ card: TenantCard, _ link: TicketLink?, _ state: FormState, _ context: StaffContext<ActInWorkspace>
  ) -> Page {
    let tenant = card.tenant
    return Page(
      "Enter \(tenant.name)", section: "/tenants",
      crumbs: [Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant))], value: TenantCardBody(card)
    ) { frame in
      pageHead("Enter \(tenant.name)", facts: [statusBadge(tenant.status), .text(card.tier.label)])
      ticketLine(link)
      p(.class("prose")) {
        "You step in with full power. Everything you see and change is in the audit trail under your name; "
        "the client is not told."
      }
      postForm(.enter(tenant), frame.secrets("enter"), state: state, leaving: .silent) {
        if let link { hiddenField("link", link.rawQuery) }
        textField(
          "as", label: "Act as", help: "The exact e-mail address of an active user. Empty: without a user.", state: state,
          kind: .email, need: .optional)
        radioGroup(
          "reason", label: "Reason", state: state, options: choices(EntryReason.self), need: .optional)
        textArea("note", label: "Note", state: state, need: .optional, rows: 3, maxLength: Entry.noteLimit)
        formActs {
          submitButton("Enter workspace", style: .primary, .autofocus)
          linkButton("Back to the card", to: .card(tenant), style: .quiet)
        }
      }
    }
  }

  private static func ticketLine(_ link: TicketLink?) -> HTML {
    guard let link else { return .nothing }
    switch link.verification {
    case .verified:
      return p(.class("facts")) {
        badge("Verified ticket", .good)
        " \(link.source) \(link.externalID)"
      }
    case .unverified(let reason):
      return p(.class("facts")) {
        badge("Unverified link", .attention)
        " \(reason.description) The ticket is kept as text: "
        code { String(link.words.prefix(200)) }
      }
    }
  }

  /// A ticket link whose client we do not know.
  static func unknownClient(_ link: TicketLink, _ context: StaffContext<ActInWorkspace>) -> Page {
    Page("Unknown client", section: "/tenants", value: ["code": "not_found"]) { frame in
      pageHead("Unknown client")
      ticketLine(link)
      nothingMatches(link.tenantSlug, clear: "/tenants")
    }
  }
}
