// Reads employees, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension EmployeeRecord {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: EmployeeFilter, in tx: AuditedTransaction) async throws -> EmployeePage {
    let position: SQL = filter.after.map { "(e.name, e.id) > (\($0.name), \($0.id))" } ?? "true"
    let listed = try await tx.list(
      """
      SELECT \(fragment: columns)
      FROM employee e
      LEFT JOIN org_unit u ON u.tenant_id = e.tenant_id AND u.id = e.org_unit_id
      WHERE \(fragment: conditions(filter)) AND \(fragment: position)
      ORDER BY e.name, e.id
      LIMIT \(filter.limit + 1)
      """,
      counted: """
        SELECT count(*) FROM (
          SELECT 1 FROM employee e WHERE \(fragment: conditions(filter)) LIMIT \(EmployeePage.countLimit + 1)
        ) counted
        """, limit: filter.limit, behind: filter.after, as: EmployeeRow.self)
    let next = listed.isMore ? listed.rows.last.map { EmployeeFilter.Cursor(name: $0.name, id: $0.id) } : nil
    return EmployeePage(rows: listed.rows, count: listed.count, next: next)
  }

  private static let columns: SQL =
    "e.id, e.number, e.name, e.email, e.title, u.name AS unit, e.ended_at, e.version"

  private static func conditions(_ filter: EmployeeFilter) -> SQL {
    var conditions: SQL = "true"
    if filter.states == [.active] { conditions = "\(fragment: conditions) AND e.ended_at IS NULL" }
    if filter.states == [.ended] { conditions = "\(fragment: conditions) AND e.ended_at IS NOT NULL" }
    if let unit = filter.unit { conditions = "\(fragment: conditions) AND e.org_unit_id = \(unit)" }
    if !filter.words.isEmpty {
      let pattern = SQL.pattern(filter.words)
      conditions = """
        \(fragment: conditions) AND e.name_folded LIKE '%' || directory_fold(\(pattern)::text) || '%'
        """
    }
    return conditions
  }

  /// One employee; `nil` when this client has none of that id.
  static func find(_ id: ID<Employee>, in tx: AuditedTransaction) async throws -> EmployeeRecord? {
    try await tx.first(
      """
      SELECT \(fragment: columns), e.org_unit_id, e.user_id, c.name AS user_name, e.changed_at
      FROM employee e
      LEFT JOIN org_unit u ON u.tenant_id = e.tenant_id AND u.id = e.org_unit_id
      LEFT JOIN client_user c ON c.tenant_id = e.tenant_id AND c.id = e.user_id
      WHERE e.id = \(id)
      """, as: EmployeeRecord.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Employee>, in tx: AuditedTransaction) async throws -> EmployeeRecord {
    try await tx.execute("SELECT id FROM employee WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }
}

extension EmployeeRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    number = try row["number"]
    name = try row["name"]
    email = try row["email"]
    title = try row["title"]
    unit = try row["unit"]
    endedAt = try row["ended_at"]
    version = try row["version"]
  }
}

extension EmployeeRecord: RowDecodable {
  init(row: Row) throws {
    self.row = try EmployeeRow(row: row)
    unitID = try row["org_unit_id"]
    let userID: ID<ClientUser>? = try row["user_id"]
    let userName: String? = try row["user_name"]
    user = userID.map { UserReference(id: $0, name: userName ?? "") }
    changedAt = try row["changed_at"]
  }
}
