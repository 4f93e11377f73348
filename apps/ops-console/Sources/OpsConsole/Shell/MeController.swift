// One's own page: accesses, what one may do, one-letter keys, and the way out.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum MeController {
  static func routes(_ routes: Routes) {
    let everybody = routes.group("", context: StaffContext<ReadTenants>.self)
    everybody.get("me", name: "me", use: page)
    everybody.post("me/keys", name: "staff.single_keys", use: singleKeys)
    everybody.post("sign-out", name: "auth.sign_out", use: SignInController.signOut)
  }

  private static func page(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let accesses = try await context.ledger.openAccesses(of: context.staff.id)
    let shelf = try await context.ledger.shelf(of: context.staff.id)
    let signIns = try await context.ledger.signIns(of: context.staff.id)
    let held = try await context.ledger.heldForms(of: context.staff.id)
    let mine = TicketFilter(only: .mine, limit: HomeView.ticketsShown)
    let tickets = try await context.ledger.tickets(mine, for: context.staff.id)
    let home = HomeBody(accesses, pinned: shelf.pinned, recent: shelf.recent, tickets: tickets.tickets)
    let body = MeBody(home: home, signIns: signIns.map(SignInBody.init))
    let staff = context.staff
    return .page(
      Page(staff.name, section: "/", value: body) { frame in
        result(
          frame,
          [
            "keys": "One-letter keys are now \(staff.singleKeys == .on ? "on" : "off").",
            "stayed": "You stay signed in.", "sign_ins_ended": "Signed out there.",
          ])
        HeldFormView.waiting(held, frame)
        pageHead(staff.name, facts: [.text(staff.email), .text("times in " + staff.timezone)])
        columns {
          div {
            if staff.may(.supportAct) { HomeView.open(accesses, frame) }
            if staff.may(.ticketWrite) || !tickets.tickets.isEmpty { HomeView.myTickets(tickets) }
            SignInsView.mine(signIns, current: context.signedIn.session.id, frame)
            keys(staff, frame)
          }
          panel("What you may do") {
            ul {
              for capability in Capability.allCases where staff.may(capability) {
                li {
                  span { capability.label.capitalizedFirst }
                  code(.class("muted")) { capability.rawValue }
                }
              }
            }
          }
        }
      })
  }

  private static func keys(_ staff: Staff, _ frame: Frame) -> HTML {
    panel("Keyboard") {
      p {
        "One-letter keys are \(staff.singleKeys == .on ? "on" : "off"): "
        for (key, does) in [("j", ""), ("k", " move, "), ("x", " selects, "), ("/", " filters, "), ("g", " goes, ")] {
          kbd { key }
          does.isEmpty ? " " : does
        }
        kbd { "?" }
        " shows those of a page. "
        kbd { "Ctrl K" }
        " always finds a client."
      }
      postButton(
        staff.singleKeys == .on ? "Switch one-letter keys off" : "Switch one-letter keys on", to: "/me/keys",
        frame.secrets("keys"), fields: [("keys", staff.singleKeys == .on ? "off" : "on")])
    }
  }

  private static func singleKeys(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    guard let wanted = context.form.fields["keys"].flatMap(Staff.SingleKeys.init(rawValue:)) else {
      throw Invalid("keys", "Choose on or off.")
    }
    try await context.ledger.setSingleKeys(wanted, by: context.signedIn, request: context.facts)
    return .redirect(Path("/me").query("done", "keys"))
  }
}

/// The JSON face of one's own page: what stands on home, and one's sign-ins.
private struct MeBody: Encodable, Sendable {
  let home: HomeBody
  let signIns: [SignInBody]

  private enum CodingKeys: String, CodingKey {
    case signIns = "sign_ins"
  }

  func encode(to encoder: any Encoder) throws {
    try home.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(signIns, forKey: .signIns)
  }
}
