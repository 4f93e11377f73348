// A report as it was received: what a reporter said, never changed. Who the reporter is stays hidden until asked for.

import EthicoTypes
import FoundationEssentials

/// The way in which a report came.
enum ReportChannel: String, Term {
  case phone
  case webForm = "web_form"
  case chatbot, email, proxy
  case directEntry = "direct_entry"
}

/// How much a reporter told of themselves.
enum ReporterKind: String, Term {
  case anonymous, confidential, identified
}

/// Who reported, as far as they said. Only a reveal reads it.
struct ReporterIdentity: Sendable, Hashable, Encodable {
  let name: String?
  let contact: String?
}

/// A report as a list shows it.
struct ReportRow: Sendable, Hashable {
  let id: ID<Report>
  let reference: String
  let channel: ReportChannel
  let reporter: ReporterKind
  let language: String
  let category: String
  let receivedAt: Date
  /// The cases that work on it.
  let cases: [LinkedCase]
}

/// A case that works on a report.
struct LinkedCase: Sendable, Hashable, Encodable {
  let id: ID<Case>
  let reference: String
}

/// A report with all that its page shows.
struct ReceivedReport: Sendable, Hashable {
  let row: ReportRow
  let body: String
  /// Whether a name or an address is kept.
  let knowsReporter: Bool
}

/// What somebody wants to see of the reports.
struct ReportFilter: Sendable, Hashable {
  var words = ""
  var channels: [ReportChannel] = []
  var reporters: [ReporterKind] = []
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: when the last report shown was received, and its id.
  struct Cursor: Sendable, Hashable {
    let receivedAt: Date
    let id: ID<Report>
  }
}

/// A page of the list.
struct ReportPage: Sendable {
  let rows: [ReportRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: ReportFilter.Cursor?

  static let countLimit = 10_000
}
