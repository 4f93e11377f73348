// The list of cases: filters in the address, one row a case.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CaseListView {
  static func page(
    _ cases: CasePage, _ filter: CaseFilter, _ forms: CaseListForms, candidates: [LeadCandidate], _ context: Inside
  ) -> Page {
    let here = context.acting.path("cases")
    let next = cases.next.map {
      filter.position(behind: CursorDate.text($0.openedAt), $0.id)
    }
    let body = CaseListBody(items: cases.rows.map(CaseRowBody.init), count: cases.count, next: next)
    return Page("Cases", section: here, value: body) { frame in
      errorSummary(forms.assignment.errors, "Nothing was changed")
      setbackPanel(forms.setback)
      pageHead("Cases") {
        if !cases.rows.isEmpty {
          postButton(
            "Export as CSV", to: here.appending("export").query(filter.parameters), frame.secrets("export"))
        }
      }
      filters(filter, cases, candidates, here)
      if cases.rows.isEmpty {
        nothing(filter, here)
      } else {
        div(.id("f-items"), .tabindex(-1)) { table(cases.rows, forms, context, frame) }
        pagination(filter, at: here, shown: cases.rows.count, after: filter.after, next: next)
        if forms.maySelect { CaseAssignBar.bar(forms.assignment, candidates, filter, context, frame) }
      }
    }
  }

  private static func filters(
    _ filter: CaseFilter, _ cases: CasePage, _ candidates: [LeadCandidate], _ here: Path
  ) -> HTML {
    let people = [("nobody", "Nobody")] + candidates.map { ($0.person.id.description, $0.person.name) }
    let lead = filter.parameters.first { $0.name == "lead" }?.value
    return filterBar(
      filter, at: here,
      [
        .words("q", label: "Reference or title", value: filter.words),
        .several("stage", label: "Stage", options: choices(CaseStage.self), chosen: filter.stages.map(\.rawValue)),
        .several(
          "severity", label: "Severity", options: choices(Severity.self), chosen: filter.severities.map(\.rawValue)),
        .one(
          "lead", label: "Lead", any: "Any lead", options: people, chosen: lead, prefix: "Lead: ",
          unknown: "somebody who has left"),
      ],
      count: CappedCount(cases.count, limit: CasePage.countLimit).of("case", "cases") + ", newest first")
  }

  private static func nothing(_ filter: CaseFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No cases yet", "A case appears here when a report has been received and released.")
  }

  private static func table(
    _ rows: [CaseRow], _ forms: CaseListForms, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let chosen = Chosen<Case>.ids(of: forms.assignment.fields)
    let selection = Selection<CaseRow>(
      form: CaseAssignBar.formID, value: { Chosen($0.id, version: $0.version).text }, name: { $0.reference },
      isChosen: { chosen.contains($0.id) })
    return dataTable(
      "Cases", rows,
      columns: [
        Column("Reference", kind: .link) { row in
          a(.href(context.acting.path("cases", row.id))) { row.reference }
        },
        Column("Title") { clientText($0.title) },
        Column("Category") { clientText($0.category) },
        Column("Severity") { severityBadge($0.severity) },
        Column("Stage") { stageBadge($0.stage) },
        Column("Lead") { clientText($0.lead?.name) },
        Column("Due") { dueCell($0, frame) },
        Column("Opened") { frame.face.ago($0.openedAt) },
      ], selection: forms.maySelect ? selection : nil)
  }

  private static func dueCell(_ row: CaseRow, _ frame: Frame) -> HTML {
    if row.stage.needsOutcome { return dash }
    return row.dueAt < frame.face.now ? badge("Overdue", .bad) : frame.face.ago(row.dueAt)
  }
}
