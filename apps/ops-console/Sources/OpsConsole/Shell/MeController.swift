// One's own page: accesses, what one may do, one-letter keys.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

enum MeController {
  static func page(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let accesses = try await context.ledger.openAccesses(of: context.staff.id)
    let shelf = try await context.ledger.shelf(of: context.staff.id)
    let body = HomeBody(
      openAccesses: accesses.map(OpenAccessBody.init), pinned: shelf.pinned.map(TenantItemBody.init),
      recent: shelf.recent.map(TenantItemBody.init))
    let staff = context.staff
    return .page(
      Page(staff.name, section: "/", value: body) { frame in
        result(frame, ["keys": "Saved."])
        pageHead(staff.name, facts: [.text(staff.email), .text("times in " + staff.timezone)])
        panel("Your open accesses") {
          if accesses.isEmpty {
            p(.class("muted")) { "You are in no client's workspace." }
          } else {
            accessList(accesses, frame)
          }
        }
        panel("What you may do") {
          ul {
            for capability in staff.capabilities.sorted(by: { $0.rawValue < $1.rawValue }) {
              li {
                capability.label
                " "
                code { capability.rawValue }
              }
            }
          }
        }
        keys(staff, frame)
      })
  }

  private static func keys(_ staff: Staff, _ frame: Frame) -> HTML {
    panel("Keyboard") {
      p {
        "One-letter keys (j, k, x, /, g …) are \(staff.singleKeys == .on ? "on" : "off"). "
        kbd { "Ctrl K" }
        " always works."
      }
      postButton(
        staff.singleKeys == .on ? "Switch one-letter keys off" : "Switch one-letter keys on", to: "/me/keys",
        frame.secrets("keys"), fields: [("keys", staff.singleKeys == .on ? "off" : "on")])
    }
  }

  static func singleKeys(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    guard let wanted = context.form.fields["keys"].flatMap(Staff.SingleKeys.init(rawValue:)) else {
      throw Invalid("keys", "Choose on or off.")
    }
    try await context.ledger.setSingleKeys(wanted, by: context.signedIn, request: context.facts)
    return .redirect(Path("/me").query("done", "keys"))
  }
}
