// Reads reports, and links them to cases. Everything here runs inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension ReceivedReport {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: ReportFilter, in tx: AuditedTransaction) async throws -> ReportPage {
    let position: SQL = filter.after.map { "(r.received_at, r.id) < (\($0.receivedAt), \($0.id))" } ?? "true"
    let listed = try await tx.list(
      """
      SELECT \(fragment: columns)
      FROM report r
      JOIN category k ON k.tenant_id = r.tenant_id AND k.id = r.category_id
      WHERE \(fragment: conditions(filter)) AND \(fragment: position)
      ORDER BY r.received_at DESC, r.id DESC
      LIMIT \(filter.limit + 1)
      """,
      counted: """
        SELECT count(*) FROM (
          SELECT 1 FROM report r WHERE \(fragment: conditions(filter)) LIMIT \(ReportPage.countLimit + 1)
        ) counted
        """, limit: filter.limit, behind: filter.after, as: ReportRow.self)
    let next = listed.isMore ? listed.rows.last.map { ReportFilter.Cursor(receivedAt: $0.receivedAt, id: $0.id) } : nil
    return ReportPage(rows: listed.rows, count: listed.count, next: next)
  }

  private static let columns: SQL = """
    r.id, r.reference, r.channel, r.reporter, r.language, k.name AS category, r.received_at,
    ARRAY (
      SELECT l.case_id FROM case_report l
      WHERE l.tenant_id = r.tenant_id AND l.report_id = r.id ORDER BY l.case_id LIMIT 20
    ) AS case_ids,
    ARRAY (
      SELECT c.reference FROM case_report l JOIN "case" c ON c.tenant_id = l.tenant_id AND c.id = l.case_id
      WHERE l.tenant_id = r.tenant_id AND l.report_id = r.id ORDER BY l.case_id LIMIT 20
    ) AS case_references
    """

  private static func conditions(_ filter: ReportFilter) -> SQL {
    var conditions: [SQL] = []
    if !filter.channels.isEmpty { conditions.append("r.channel = ANY(\(filter.channels.map(\.rawValue)))") }
    if !filter.reporters.isEmpty { conditions.append("r.reporter = ANY(\(filter.reporters.map(\.rawValue)))") }
    if !filter.words.isEmpty {
      let pattern = "%" + SQL.pattern(filter.words) + "%"
      conditions.append(
        "(lower(r.reference) LIKE lower(\(pattern)::text) OR lower(r.body) LIKE lower(\(pattern)::text))")
    }
    return .all(conditions)
  }

  /// One report; `nil` when this client has none of that id.
  static func find(_ id: ID<Report>, in tx: AuditedTransaction) async throws -> ReceivedReport? {
    try await tx.first(
      """
      SELECT \(fragment: columns), r.body, num_nonnulls(r.reporter_name, r.reporter_contact) > 0 AS knows_reporter
      FROM report r
      JOIN category k ON k.tenant_id = r.tenant_id AND k.id = r.category_id
      WHERE r.id = \(id)
      """, as: ReceivedReport.self)
  }
}

extension ReporterIdentity {
  /// The one place that reads who reported; whoever calls it writes the event `reveal.reporter`.
  static func reveal(_ id: ID<Report>, in tx: AuditedTransaction) async throws -> ReporterIdentity {
    let found = try await tx.first(
      "SELECT reporter_name, reporter_contact FROM report WHERE id = \(id)", as: ReporterIdentity.self)
    guard let found else { throw RecordMissing() }
    return found
  }
}

extension ReportRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    channel = try row["channel"]
    reporter = try row["reporter"]
    language = try row["language"]
    category = try row["category"]
    receivedAt = try row["received_at"]
    let ids: [ID<Case>] = try row["case_ids"]
    let references: [String] = try row["case_references"]
    cases = zip(ids, references).map { LinkedCase(id: $0, reference: $1) }
  }
}

extension ReceivedReport: RowDecodable {
  init(row: Row) throws {
    self.row = try ReportRow(row: row)
    body = try row["body"]
    knowsReporter = try row["knows_reporter"]
  }
}

extension ReporterIdentity: RowDecodable {
  init(row: Row) throws {
    name = try row["reporter_name"]
    contact = try row["reporter_contact"]
  }
}
