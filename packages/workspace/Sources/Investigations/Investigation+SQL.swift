// Reads investigations. Everything here runs inside one client's transaction: other clients' rows do not exist.

import Access
import EthicoTypes
import Postgres
import Web

extension Investigation {
  private static let columns: SQL = """
    i.id, i.title, i.state, i.opened_at, i.investigator_id, u.name AS investigator_name
    """

  /// The investigations of a case, newest first.
  static func list(of id: ID<Case>) -> Query<InvestigationRow> {
    Query(
      """
      SELECT \(fragment: columns)
      FROM investigation i
      LEFT JOIN client_user u ON u.tenant_id = i.tenant_id AND u.id = i.investigator_id
      WHERE i.case_id = \(id)
      ORDER BY i.opened_at DESC, i.id DESC
      LIMIT 50
      """)
  }

  /// One investigation of that case; `nil` when it has none of that id.
  static func find(
    _ id: ID<Investigation>, of caseID: ID<Case>, in tx: AuditedTransaction
  ) async throws -> Investigation? {
    try await tx.first(
      """
      SELECT \(fragment: columns), i.case_id, c.reference, i.plan, i.findings, i.closed_at, i.version, i.changed_at
      FROM investigation i
      JOIN "case" c ON c.tenant_id = i.tenant_id AND c.id = i.case_id
      LEFT JOIN client_user u ON u.tenant_id = i.tenant_id AND u.id = i.investigator_id
      WHERE i.id = \(id) AND i.case_id = \(caseID)
      """, as: Investigation.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(
    _ id: ID<Investigation>, of caseID: ID<Case>, in tx: AuditedTransaction
  ) async throws -> Investigation {
    try await tx.execute("SELECT id FROM investigation WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, of: caseID, in: tx) else { throw RecordMissing() }
    return found
  }
}

extension InvestigationRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    title = try row["title"]
    state = try row["state"]
    openedAt = try row["opened_at"]
    let investigatorID: ID<ClientUser>? = try row["investigator_id"]
    investigator = try investigatorID.map { PersonReference(id: $0, name: try row["investigator_name"]) }
  }
}

extension Investigation: RowDecodable {
  init(row: Row) throws {
    self.row = try InvestigationRow(row: row)
    caseID = try row["case_id"]
    caseReference = try row["reference"]
    plan = try row["plan"]
    findings = try row["findings"]
    closedAt = try row["closed_at"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}
