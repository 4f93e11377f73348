// The list of a campaign's attestations, with a bar for what is done to the rows selected.

import Access
import EthicoTypes
import Markup
import Web

enum AttestationListView {
  static func page(
    _ campaign: Campaign, _ found: AttestationPage, _ filter: AttestationFilter, _ forms: AttestationForms,
    _ context: Inside
  ) -> Page {
    let campaigns = context.acting.path("campaigns")
    let here = campaigns.appending(campaign.id).appending("attestations")
    let next = found.next.map { filter.position(behind: $0.name, $0.id) }
    let body = AttestationListBody(
      items: found.rows.map(AttestationRowBody.init), count: found.count, next: next)
    return Page(
      "Attestations of \(campaign.name)", section: campaigns,
      crumbs: [Crumb("Campaigns", campaigns), Crumb(campaign.name, campaigns.appending(campaign.id))],
      trace: campaign.name, value: body
    ) { frame in
      errorSummary(forms.state.errors, "Nothing was changed")
      setbackPanel(forms.setback)
      pageHead("Attestations of \(campaign.name)", facts: [campaignBadge(campaign.status)])
      campaignTabs(campaign, context, current: here)
      filters(filter, found, here)
      if found.rows.isEmpty {
        nothing(filter, here)
      } else {
        div(.id("f-items"), .tabindex(-1)) { table(found.rows, forms, here, context, frame) }
        pagination(filter, at: here, shown: found.rows.count, after: filter.after, next: next)
        if context.acting.may(.runCampaigns) { bar(forms.state, here.query(filter.place), frame) }
      }
    }
  }

  private static func filters(_ filter: AttestationFilter, _ found: AttestationPage, _ here: Path) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Name or number", value: filter.words),
        .several(
          "state", label: "State", options: choices(AttestationState.self), chosen: filter.states.map(\.rawValue)),
        .one(
          "only", label: "Only", any: "Everybody", options: choices(AttestationFilter.Only.self),
          chosen: filter.only?.rawValue),
      ],
      count: CappedCount(found.count, limit: AttestationPage.countLimit).of("employee", "employees") + ", by name")
  }

  private static func nothing(_ filter: AttestationFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet(
        "Nobody is asked yet", "An attestation for each employee appears here when the campaign is activated.")
  }

  private static let formID = "many"

  private static func table(
    _ rows: [AttestationRow], _ forms: AttestationForms, _ here: Path, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let chosen = Chosen<Attestation>.ids(of: forms.state.fields)
    return dataTable(
      "Attestations", rows,
      columns: [
        Column("Employee", kind: .link) { row in
          a(.href(here.appending(row.id)), .dirAuto) { row.employee.name }
        },
        Column("Number") { $0.employee.number },
        Column("Org unit") { clientText($0.employee.unit) },
        Column("State") { row in
          attestationBadge(row.state)
          if row.refusedAt != nil {
            " "
            badge("Refused", .attention)
          }
        },
        Column("Due") { frame.face.ago($0.dueAt) },
        Column("Completed") { row in row.completedAt.map { frame.face.ago($0) } ?? dash },
        Column("Reminded") { row in
          row.remindedAt.map { at in
            HTML {
              frame.face.ago(at)
              if row.reminders > 1 { " · \(grouped(row.reminders)) times" }
            }
          } ?? dash
        },
      ],
      selection: context.acting.may(.runCampaigns)
        ? Selection(
          form: formID, value: { Chosen($0.id, version: $0.version).text }, name: { $0.employee.name },
          isChosen: { chosen.contains($0.id) }) : nil)
  }

  private static func bar(_ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    selectionBar(form: formID, action: here, frame.secrets("many")) {
      input(
        .type("text"), .id(barID("reason")), .name("reason"), .value(state.fields["reason"] ?? ""), .dirAuto,
        .aria("label", "Reason, needed to skip"), .placeholder("Reason, needed to skip"),
        .maxlength(AttestationOrder.reasonLimit), .autocomplete("off"))
      input(
        .type("date"), .id(barID("due")), .name("due"), .value(state.fields["due"] ?? ""),
        .aria("label", "New day, needed to extend"), .title("New day, needed to extend"))
      submitButton("Note a reminder", style: .plain, .name("act"), .value(AttestationAct.remind.rawValue))
      submitButton("Extend due days", style: .plain, .name("act"), .value(AttestationAct.extend.rawValue))
      submitButton("Skip attestations", style: .plain, .name("act"), .value(AttestationAct.skip.rawValue))
    }
  }

  /// Where the summary of errors leads.
  private static func barID(_ field: String) -> String { "f-" + field }
}
