// The list of reports as they were received: filters in the address, one row a report.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

enum ReportListView {
  static func page(_ reports: ReportPage, _ filter: ReportFilter, _ context: Inside) -> Page {
    let here = context.acting.path("reports")
    let next = reports.next.map {
      filter.position(behind: CursorDate.text($0.receivedAt), $0.id)
    }
    let body = ReportListBody(items: reports.rows.map(ReportRowBody.init), count: reports.count, next: next)
    return Page("Reports", section: here, value: body) { frame in
      pageHead("Reports", facts: ["as they were received", "never changed"])
      filters(filter, reports, here)
      if reports.rows.isEmpty {
        nothing(filter, here)
      } else {
        table(reports.rows, context, frame)
        pagination(
          shown: reports.rows.count, first: filter.after == nil ? nil : here.query(filter.parameters),
          next: next.map { here.query(filter.parameters).query("after", $0) })
      }
    }
  }

  private static func filters(_ filter: ReportFilter, _ reports: ReportPage, _ here: Path) -> HTML {
    filterBar(
      action: here,
      [
        .words("q", label: "Reference or words", value: filter.words),
        .several(
          "channel", label: "Channel", options: choices(ReportChannel.self), chosen: filter.channels.map(\.rawValue)),
        .several(
          "reporter", label: "Reporter", options: choices(ReporterKind.self), chosen: filter.reporters.map(\.rawValue)),
      ],
      chips: filter.parameters.filter { $0.name != "limit" }.map { parameter in
        let rest = filter.parameters.filter { $0.name != parameter.name || $0.value != parameter.value }
        return FilterChip(chipLabel(parameter), removed: here.query(rest))
      },
      clear: filter.isFiltered ? here : nil,
      count: CappedCount(reports.count, limit: ReportPage.countLimit).label
        + (reports.count == 1 ? " report" : " reports") + ", newest first")
  }

  private static func chipLabel(_ parameter: (name: String, value: String)) -> String {
    switch parameter.name {
    case "channel": ReportChannel(rawValue: parameter.value)?.label ?? parameter.value
    case "reporter": ReporterKind(rawValue: parameter.value)?.label ?? parameter.value
    default: "“\(parameter.value)”"
    }
  }

  private static func nothing(_ filter: ReportFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No reports yet", "A report appears here when it has been received and released.")
  }

  private static func table(_ rows: [ReportRow], _ context: Inside, _ frame: Frame) -> HTML {
    dataTable(
      "Reports", rows,
      columns: [
        Column("Reference", kind: .link) { row in
          a(.href(context.acting.path("reports", row.id))) { row.reference }
        },
        Column("Category") { clientText($0.category) },
        Column("Channel") { $0.channel.label },
        Column("Reporter") { $0.reporter.label },
        Column("Language") { languageName($0.language) },
        Column("Case") { linkedCases($0.cases, context) },
        Column("Received") { frame.face.ago($0.receivedAt) },
      ])
  }
}

/// The cases that work on a report, each a link.
func linkedCases(_ cases: [LinkedCase], _ context: Inside) -> HTML {
  guard !cases.isEmpty else { return dash }
  return .group(
    cases.enumerated().flatMap { index, found in
      [index == 0 ? .nothing : ", ", a(.href(context.acting.path("cases", found.id))) { found.reference }]
    })
}
