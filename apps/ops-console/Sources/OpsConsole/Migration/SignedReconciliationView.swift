// A reconciliation that a client signed, frozen as it was then: readable for ever, whatever came or went since.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

/// What was signed together.
struct SignedFigures: Sendable {
  let id: ID<Reconciliation>
  let reckoned: [Reconciliation]
  let madeAt: Date
  let madeBy: String
  let confirmation: Reconciliation.Confirmation
  /// Of staff people, by the actor.
  let names: [String: String]

  /// - Returns: `nil` where nothing was signed.
  init?(_ id: ID<Reconciliation>, _ reckoned: [Reconciliation], _ names: [String: String]) {
    guard let first = reckoned.first, let confirmation = first.confirmation else { return nil }
    self.id = id
    self.reckoned = reckoned
    madeAt = first.madeAt
    madeBy = first.madeBy
    self.confirmation = confirmation
    self.names = names
  }
}

enum SignedReconciliationView {
  static func page(_ tenant: Tenant, _ signed: SignedFigures) -> Page {
    Page(
      "Signed reconciliation", section: "/tenants",
      crumbs: [
        Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant)), Crumb("Data migration", .migration(tenant)),
        Crumb("Reconciliation", .reconciliation(tenant)),
      ], value: SignedBody(signed)
    ) { frame in
      pageHead(
        "Signed reconciliation",
        facts: [
          a(.href(.card(tenant)), .dirAuto) { tenant.name },
          HTML {
            "reckoned "
            frame.face.moment(signed.madeAt)
            " by \(actorName(signed.madeBy, signed.names))"
          },
        ]
      ) {
        linkButton(
          "Download as PDF", to: .reconciliation(tenant).appending("signed").appending(signed.id).appending("pdf"))
      }
      div(.class("notice"), .data("meaning", "info")) {
        p { "As it was signed. What came over or was taken back later does not change it." }
      }
      ReconciliationView.verdict(signed.reckoned)
      panel("Signed off") {
        properties([
          ("Agreed by", clientText(signed.confirmation.by)), ("On", frame.face.moment(signed.confirmation.at)),
        ])
      }
      ReconciliationView.figures(signed.reckoned)
    }
  }
}
