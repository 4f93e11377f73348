// The JSON face of reports as they were received.

import EthicoTypes
import FoundationEssentials

/// A report as a list gives it to programs.
struct ReportRowBody: Encodable, Sendable {
  let id: ID<Report>
  let reference: String
  let channel: ReportChannel
  let reporter: ReporterKind
  let language: String
  let category: String
  let received: Date
  let cases: [LinkedCase]

  init(_ row: ReportRow) {
    id = row.id
    reference = row.reference
    channel = row.channel
    reporter = row.reporter
    language = row.language
    category = row.category
    received = row.receivedAt
    cases = row.cases
  }
}

/// A page of reports.
struct ReportListBody: Encodable, Sendable {
  let items: [ReportRowBody]
  let count: Int
  let next: String?
}

/// A report with its words; who the reporter is only in the answer to a reveal.
struct ReceivedReportBody: Encodable, Sendable {
  private let row: ReportRowBody
  private let body: String
  private let knowsReporter: Bool
  private let identity: ReporterIdentity?

  private enum CodingKeys: String, CodingKey {
    case body, identity
    case knowsReporter = "knows_reporter"
  }

  init(_ report: ReceivedReport, _ identity: ReporterIdentity?) {
    row = ReportRowBody(report.row)
    body = report.body
    knowsReporter = report.knowsReporter
    self.identity = identity
  }

  func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(body, forKey: .body)
    try container.encode(knowsReporter, forKey: .knowsReporter)
    try container.encodeIfPresent(identity, forKey: .identity)
  }
}
