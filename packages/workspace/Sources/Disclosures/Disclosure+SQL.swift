// Reads disclosures. Everything here runs inside one client's transaction: other clients' rows do not exist.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Disclosure {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: DisclosureFilter, in tx: AuditedTransaction) async throws -> DisclosurePage {
    let listed = try await tx.list(
      pageSQL(filter, at: tx.at), counted: countSQL(filter, at: tx.at), limit: filter.limit, behind: filter.after,
      as: DisclosureRow.self)
    let last = listed.isMore ? listed.rows.last : nil
    let next = last.map { DisclosureFilter.Cursor(submittedAt: $0.submittedAt, id: $0.id) }
    return DisclosurePage(rows: listed.rows, count: listed.count, next: next)
  }

  private static func columns(at now: Date) -> SQL {
    """
    d.id, d.reference, d.kind, d.title, d.amount_minor, d.currency, \(fragment: state(at: now)) AS state,
    d.submitted_at, d.expires_at, d.version, e.id AS employee_id, e.number AS employee_number, e.name AS employee_name
    """
  }

  /// Where a disclosure stands: what has run out is expired from that moment on, also before the clock's own event says
  /// so.
  private static func state(at now: Date) -> SQL {
    "CASE WHEN d.state IN ('approved', 'conditions') AND d.expires_at <= \(now) THEN 'expired' ELSE d.state END"
  }

  private static func pageSQL(_ filter: DisclosureFilter, at now: Date) -> SQL {
    let position: SQL =
      filter.after.map { "(d.submitted_at, d.id) < (\($0.submittedAt), \($0.id))" } ?? "true"
    return """
      SELECT \(fragment: columns(at: now))
      FROM disclosure d
      JOIN employee e ON e.tenant_id = d.tenant_id AND e.id = d.employee_id
      WHERE \(fragment: conditions(filter, at: now)) AND \(fragment: position)
      ORDER BY d.submitted_at DESC, d.id DESC
      LIMIT \(filter.limit + 1)
      """
  }

  private static func countSQL(_ filter: DisclosureFilter, at now: Date) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM disclosure d
      JOIN employee e ON e.tenant_id = d.tenant_id AND e.id = d.employee_id
      WHERE \(fragment: conditions(filter, at: now))
      LIMIT \(DisclosurePage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ filter: DisclosureFilter, at now: Date) -> SQL {
    var conditions: [SQL] = []
    if !filter.kinds.isEmpty { conditions.append("d.kind = ANY(\(filter.kinds.map(\.rawValue)))") }
    if !filter.states.isEmpty {
      conditions.append("\(fragment: state(at: now)) = ANY(\(filter.states.map(\.rawValue)))")
    }
    if !filter.words.isEmpty {
      let pattern = "%" + SQL.pattern(filter.words) + "%"
      conditions.append(
        """
        (d.title ILIKE \(pattern) OR d.reference ILIKE \(pattern) OR e.name ILIKE \(pattern)
          OR e.number = \(filter.words))
        """)
    }
    return .all(conditions)
  }

  /// One disclosure; `nil` when this client has none of that id.
  static func find(_ id: ID<Disclosure>, in tx: AuditedTransaction) async throws -> Disclosure? {
    try await tx.first(
      """
      SELECT \(fragment: columns(at: tx.at)), d.body, d.decision, d.decided_at, d.changed_at
      FROM disclosure d
      JOIN employee e ON e.tenant_id = d.tenant_id AND e.id = d.employee_id
      WHERE d.id = \(id)
      """, as: Disclosure.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Disclosure>, in tx: AuditedTransaction) async throws -> Disclosure {
    try await tx.execute("SELECT id FROM disclosure WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }
}

extension DisclosingEmployee {
  /// Those whom a person may mean: by number or e-mail one, by name perhaps several.
  static func matches(_ text: String, in tx: AuditedTransaction) async throws -> [DisclosingEmployee] {
    try await tx.query(
      """
      SELECT id AS employee_id, number AS employee_number, name AS employee_name
      FROM employee
      WHERE number = \(text) OR lower(email) = lower(\(text)) OR lower(name) = lower(\(text))
      ORDER BY number = \(text) DESC, number, id
      LIMIT 5
      """, as: DisclosingEmployee.self)
  }
}

extension DisclosureRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    employee = try DisclosingEmployee(row: row)
    kind = try row["kind"]
    title = try row["title"]
    value = try DisclosedValue(row: row)
    state = try row["state"]
    submittedAt = try row["submitted_at"]
    expiresAt = try row["expires_at"]
    version = try row["version"]
  }
}

extension DisclosingEmployee: RowDecodable {
  init(row: Row) throws {
    id = try row["employee_id"]
    number = try row["employee_number"]
    name = try row["employee_name"]
  }
}

extension DisclosedValue {
  fileprivate init?(row: Row) throws {
    guard let amountMinor: Int = try row["amount_minor"] else { return nil }
    self.init(amountMinor: amountMinor, currency: try row["currency"])
  }
}

extension Disclosure: RowDecodable {
  init(row: Row) throws {
    self.row = try DisclosureRow(row: row)
    body = try row["body"]
    decision = try row["decision"]
    decidedAt = try row["decided_at"]
    changedAt = try row["changed_at"]
  }
}
