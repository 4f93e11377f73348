// The page before a client's workspace: everything on it is optional, so Enter has the focus.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum EnterView {
  static func page(
    _ card: TenantCard, _ link: TicketLink?, _ state: FormState, ticket: TicketRecord? = nil, way: EntryWay? = nil,
    setback: Setback? = nil
  ) -> Page {
    let tenant = card.tenant
    return Page(
      "Enter \(tenant.name)", section: "/tenants",
      crumbs: [Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant))], value: TenantCardBody(card)
    ) { frame in
      setbackPanel(setback)
      pageHead("Enter \(tenant.name)", facts: facts(card))
      ticketLine(link)
      ticketLine(ticket)
      wayLine(way, frame)
      postForm(.enter(tenant), frame.secrets("enter"), state: state, leaving: .silent, refused: "You are not in yet") {
        p(.class("muted")) {
          "You step in with full power. What you see and change is in the audit trail under your name; "
          "the client is not told."
        }
        if let link { hiddenField("link", link.rawQuery) }
        if let named = state.fields.given("ticket") { hiddenField("ticket", named) }
        if let named = way?.named { hiddenField("open", named.text) }
        textField(
          "as", label: "Act as", help: "The exact e-mail address of an active user. Empty: without a user.",
          state: state,
          kind: .email, need: .optional)
        if let way, !way.offered.isEmpty {
          radioGroup("open", label: "Then open", state: state, options: places(way.offered), need: .optional)
        }
        radioGroup("reason", label: "Reason", state: state, options: reasons, need: .optional)
        textArea(
          "note", label: "Note", help: "At most \(Entry.noteLimit) characters, kept with this access.", state: state,
          need: .optional, rows: 2, maxLength: Entry.noteLimit)
        formActs {
          submitButton("Enter workspace", style: .primary, state.errors.isEmpty ? .autofocus : nil)
          linkButton("Back to \(tenant.name)", to: .card(tenant), style: .quiet)
        }
      }
    }
  }

  private static func facts(_ card: TenantCard) -> [HTML] {
    [
      statusBadge(card.tenant.status), .text(card.tier.label), .text(card.industry.label),
      .text(grouped(card.employeeCount) + " employees"),
    ]
  }

  /// The reasons, the most frequent first.
  private static var reasons: [Choice] {
    let frequent: [EntryReason] = [
      .reproduceIssue, .configuration, .dataCorrection, .userAccess, .caseReassignment, .onboarding, .training, .other,
    ]
    return frequent.map { ($0.rawValue, $0.label) }
  }

  /// The records that the ticket names, and none of them.
  private static func places(_ offered: [WorkspacePlace]) -> [Choice] {
    offered.map { ($0.text, $0.noun) } + [("", "The first page of the workspace")]
  }

  private static func ticketLine(_ link: TicketLink?) -> HTML {
    guard let link else { return .nothing }
    switch link.verification {
    case .verified:
      return div(.class("notice"), .data("meaning", "good")) {
        p {
          badge("Verified ticket", .good)
          " "
          span(.dirAuto) { "\(link.source) \(link.externalID)" }
          link.userEmail.map { " · asked for by \($0)" } ?? ""
        }
      }
    case .unverified(let reason):
      return div(.class("notice"), .data("meaning", "attention")) {
        p {
          badge("Unverified link", .attention)
          " \(reason.description) You may enter all the same; the ticket is kept as text:"
        }
        p { code { link.words } }
      }
    }
  }

  private static func ticketLine(_ ticket: TicketRecord?) -> HTML {
    guard let ticket else { return .nothing }
    return div(.class("notice"), .data("meaning", "info")) {
      p {
        badge(ticket.number, .info)
        " "
        span(.dirAuto) { ticket.subject }
        ticket.requesterEmail.map { " · asked for by \($0)" } ?? ""
      }
    }
  }

  /// Where one will stand, and the way there for whoever is inside already.
  private static func wayLine(_ way: EntryWay?, _ frame: Frame) -> HTML {
    guard let way else { return .nothing }
    return div(.class("notice"), .data("meaning", "info")) {
      p {
        if let named = way.named {
          "Entering leads you to \(named.noun)."
        } else {
          "The ticket names \(way.offered.map(\.noun).joined(separator: ", "))."
        }
      }
      if !way.open.isEmpty {
        p { "You are inside already:" }
        ul {
          for access in way.open {
            for place in way.places {
              li {
                a(.href(place.path(in: access.id))) { "Open \(place.noun)" }
                " "
                span(.class("muted")) { accessWords(access, frame) }
              }
            }
          }
        }
      }
    }
  }

  /// A ticket link whose client we do not know.
  static func unknownClient(_ link: TicketLink) -> Page {
    Page("Unknown client", section: "/tenants", crumbs: [Crumb("Clients", "/tenants")], value: ["code": "not_found"]) {
      frame in
      pageHead("Unknown client")
      ticketLine(link)
      nothingMatches(link.tenantSlug, clear: "/tenants")
    }
  }
}
