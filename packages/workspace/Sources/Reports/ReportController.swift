// The addresses of reports: they are read, and their reporters revealed; nobody changes them.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum ReportController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("reports", name: "report.list", use: list)
    group.get("reports/{report}", name: "report.show", use: show)
    group.post("reports/{report}/reveal", name: "report.reveal", use: reveal)
  }

  static func object(_ id: ID<Report>) -> AuditObject { AuditObject("report", id) }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let filter = try ReportFilter(context)
    return try await context.look { tx in
      ReportListView.page(try await ReceivedReport.page(filter, in: tx), filter, context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("report", of: Report.self)
    return try await context.look(at: object(id)) { tx in
      guard let found = try await ReceivedReport.find(id, in: tx) else { throw RecordMissing() }
      return ReportView.page(found, revealed: nil, context)
    }
  }

  private static func reveal(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("report", of: Report.self)
    return try await context.show("reveal.reporter", at: object(id)) { tx in
      guard let found = try await ReceivedReport.find(id, in: tx) else { throw RecordMissing() }
      return ReportView.page(found, revealed: try await ReporterIdentity.reveal(id, in: tx), context)
    }
  }
}

extension ReportFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    channels = context.queries("channel").compactMap(ReportChannel.init(rawValue:))
    reporters = context.queries("reporter").compactMap(ReporterKind.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: Report.self) {
      after = Cursor(receivedAt: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += channels.map { ("channel", $0.rawValue) }
    conditions += reporters.map { ("reporter", $0.rawValue) }
    return conditions
  }
}
