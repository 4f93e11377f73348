// The list of reports as they were received: filters in the address, one row a report.

import Access
import EthicoTypes
import FoundationEssentials
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
        pagination(filter, at: here, shown: reports.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: ReportFilter, _ reports: ReportPage, _ here: Path) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Reference or words", value: filter.words),
        .several(
          "channel", label: "Channel", options: choices(ReportChannel.self), chosen: filter.channels.map(\.rawValue)),
        .several(
          "reporter", label: "Reporter", options: choices(ReporterKind.self), chosen: filter.reporters.map(\.rawValue)),
      ],
      count: CappedCount(reports.count, limit: ReportPage.countLimit).of("report", "reports") + ", newest first")
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
