// The page after an act on many attestations: how many got it, and why the others were left as they were.

import Access
import EthicoTypes
import Markup
import Web

enum AttestationResultView {
  /// What became of each of many.
  static func page(
    _ campaign: Campaign, _ order: AttestationOrder, _ results: [AttestationResult], back: Path, _ context: Inside
  ) -> Page {
    let campaigns = context.acting.path("campaigns")
    let here = campaigns.appending(campaign.id)
    let failed = results.filter { $0.setback != nil }
    let done = results.count - failed.count
    return Page(
      "\(grouped(done)) of \(grouped(results.count)) \(order.act.done)", section: campaigns,
      crumbs: [Crumb("Campaigns", campaigns), Crumb(campaign.name, here)], trace: campaign.name,
      value: AttestationResultsBody(order.act, results)
    ) { _ in
      pageHead("\(grouped(done)) of \(grouped(results.count)) \(order.act.done)", facts: [clientText(campaign.name)]) {
        linkButton("Back to the attestations", to: back, style: .primary)
      }
      if order.act == .remind { p { "No e-mail is sent from here." } }
      if !failed.isEmpty {
        panel("Left as they were", aside: span(.class("count")) { grouped(failed.count) }) {
          dataTable(
            "Left as they were", failed,
            columns: [
              Column("Employee", kind: .link) { result in
                a(.href(here.appending("attestations").appending(result.id)), .dirAuto) { result.employee ?? "Unknown" }
              },
              Column("Why") { $0.setback?.sentence ?? "" },
            ])
        }
      }
    }
  }
}
