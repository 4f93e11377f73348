// The page of one report: its words as they were received, and who works on it.

import Access
import EthicoTypes
import Markup
import Web

enum ReportView {
  static func page(_ report: ReceivedReport, revealed: ReporterIdentity?, _ context: Inside) -> Page {
    let reports = context.acting.path("reports")
    let here = reports.appending(report.row.id)
    return Page(
      report.row.reference, section: reports, crumbs: [Crumb("Reports", reports)], trace: report.row.reference,
      value: ReceivedReportBody(report, revealed)
    ) { frame in
      pageHead(report.row.reference, facts: facts(report.row, frame))
      columns {
        div {
          panel("Report, as received") {
            div(.lang(report.row.language)) { prose(report.body) }
          }
        }
        div {
          panel("Reporter") {
            p { report.row.reporter.label }
            reporterIdentity(
              isKnown: report.knowsReporter, revealed: revealed, at: here.appending("reveal"), frame)
          }
          panel("Facts") {
            properties([
              ("Case", linkedCases(report.row.cases, context)),
              ("Category", clientText(report.row.category)),
              ("Channel", .text(report.row.channel.label)),
              ("Language", .text(languageName(report.row.language))),
              ("Received", frame.face.moment(report.row.receivedAt)),
            ])
          }
        }
      }
    }
  }

  private static func facts(_ row: ReportRow, _ frame: Frame) -> [HTML] {
    [
      .text(row.channel.label), clientText(row.category),
      HTML {
        "received "
        frame.face.ago(row.receivedAt)
      },
    ]
  }
}
