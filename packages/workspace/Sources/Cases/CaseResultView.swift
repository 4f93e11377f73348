// The page after many cases were to get another lead: which have it, and why the others were left as they were.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum CaseResultView {
  /// What became of each of many. Those that were left stay selected, for another lead or another try.
  static func page(
    _ outcome: AssignedCases, _ filter: CaseFilter, candidates: [LeadCandidate], _ context: Inside
  ) -> Page {
    let cases = context.acting.path("cases")
    let (done, left) = (outcome.done, outcome.left)
    let title = "\(grouped(done.count)) of \(counted(outcome.results.count, "case")) assigned"
    return Page(
      title, section: cases, crumbs: [Crumb("Cases", cases)], trace: outcome.lead.name,
      value: CaseResultsBody(outcome)
    ) { frame in
      pageHead(title, facts: [clientText("Lead: " + outcome.lead.name)]) {
        linkButton("Back to the cases", to: cases.query(filter.place), style: left.isEmpty ? .primary : .plain)
      }
      if !done.isEmpty { assigned(done, cases) }
      unknown(outcome.results.count - done.count - left.count)
      if !left.isEmpty {
        leftTable(left, cases)
        CaseAssignBar.bar(
          FormState([("lead", outcome.lead.id.description)]), candidates, filter, context, frame)
      }
    }
  }

  private static func unknown(_ count: Int) -> HTML {
    switch count {
    case 0: .nothing
    case 1: p { "1 of the rows is no case of this client." }
    default: p { "\(grouped(count)) of the rows are no cases of this client." }
    }
  }

  private static func assigned(_ done: [Case], _ cases: Path) -> HTML {
    panel("Assigned", aside: span(.class("count")) { grouped(done.count) }) {
      ul {
        for found in done {
          li {
            a(.href(cases.appending(found.id))) { found.reference }
            clientText(found.title)
          }
        }
      }
    }
  }

  private static func leftTable(_ left: [CaseResult], _ cases: Path) -> HTML {
    panel("Left as they were", aside: span(.class("count")) { grouped(left.count) }) {
      dataTable(
        "Left as they were", left,
        columns: [
          Column("Reference", kind: .link) { result in
            a(.href(cases.appending(result.id))) { result.found?.reference ?? "–" }
          },
          Column("Title") { clientText($0.found?.title) },
          Column("Lead") { clientText($0.found?.lead?.name) },
          Column("Why") { result in span(.dirAuto) { result.setback?.sentence ?? "" } },
        ],
        selection: Selection(
          form: CaseAssignBar.formID, value: { Chosen($0.id, version: $0.found?.version ?? 0).text },
          name: { $0.found?.reference ?? "" }, isChosen: { _ in true }))
    }
  }
}

/// What became of each of many, to programs.
struct CaseResultsBody: Encodable, Sendable {
  let lead: PersonReference
  let done: Int
  let failed: Int
  let results: [Result]

  struct Result: Encodable, Sendable {
    let id: ID<Case>
    let reference: String?
    let status: Int
    let code: String
    let message: String?
  }

  init(_ outcome: AssignedCases) {
    lead = outcome.lead
    done = outcome.done.count
    failed = outcome.results.count - done
    results = outcome.results.map {
      Result(
        id: $0.id, reference: $0.found?.reference, status: $0.setback?.status.code ?? 200,
        code: $0.setback?.code ?? "ok", message: $0.setback?.sentence)
    }
  }
}
