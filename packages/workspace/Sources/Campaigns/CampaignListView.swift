// The list of campaigns: filters in the address, one row a campaign.

import Access
import EthicoTypes
import Markup
import Web

enum CampaignListView {
  static func page(_ campaigns: CampaignPage, _ filter: CampaignFilter, _ context: Inside) -> Page {
    let here = context.acting.path("campaigns")
    let next = campaigns.next.map {
      filter.position(behind: CursorDate.text($0.createdAt), $0.id)
    }
    let body = CampaignListBody(
      items: campaigns.rows.map(CampaignRowBody.init), count: campaigns.count, next: next)
    return Page("Campaigns", section: here, value: body) { frame in
      pageHead("Campaigns") {
        if context.acting.may(.runCampaigns) {
          linkButton("Plan a campaign", to: here.appending("new"), style: .primary)
        }
      }
      filters(filter, campaigns, here)
      if campaigns.rows.isEmpty {
        nothing(filter, here)
      } else {
        campaignTable(campaigns.rows, context, frame)
        pagination(filter, at: here, shown: campaigns.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: CampaignFilter, _ campaigns: CampaignPage, _ here: Path) -> HTML {
    let policy = "Policy: " + (campaigns.rows.first?.policy.title ?? "one of no campaign")
    return filterBar(
      filter, at: here,
      [
        .words("q", label: "Words of the name", value: filter.words),
        .several(
          "status", label: "Status", options: choices(CampaignStatus.self), chosen: filter.statuses.map(\.rawValue)),
      ] + (filter.policy.map { [.kept("policy", $0.description, chip: policy)] } ?? []),
      count: CappedCount(campaigns.count, limit: CampaignPage.countLimit).of("campaign", "campaigns")
        + ", newest first")
  }

  private static func nothing(_ filter: CampaignFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet(
        "No campaigns yet",
        "A campaign asks employees to attest a published policy. Plan one to see its progress here.")
  }
}

/// Campaigns as rows, on their own page and on that of a policy.
func campaignTable(_ rows: [CampaignRow], _ context: Inside, _ frame: Frame) -> HTML {
  dataTable(
    "Campaigns", rows,
    columns: [
      Column("Name", kind: .link) { row in
        a(.href(context.acting.path("campaigns", row.id)), .dirAuto) { row.name }
      },
      Column("Policy") { row in clientText("\(row.policy.title), version \(row.policy.number)") },
      Column("Status") { campaignBadge($0.status) },
      Column("Completed", kind: .number) { row in
        row.asked == 0 ? dash : .text("\(grouped(row.completed)) of \(grouped(row.asked))")
      },
      Column("Due") { frame.face.ago($0.dueAt) },
      Column("Made") { frame.face.ago($0.createdAt) },
    ])
}

/// The badge of where a campaign stands: the same on every page.
func campaignBadge(_ status: CampaignStatus) -> HTML {
  switch status {
  case .draft: badge(status.label, .neutral)
  case .scheduled: badge(status.label, .info)
  case .active: badge(status.label, .good)
  case .paused: badge(status.label, .attention)
  case .completed: badge(status.label, .away)
  case .cancelled: badge(status.label, .neutral)
  }
}
