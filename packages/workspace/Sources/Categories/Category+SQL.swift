// Reads categories, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Category {
  /// Every category in the client's order, each followed by those below it.
  static func all(in tx: AuditedTransaction) async throws -> [Category] {
    let found = try await tx.query(
      "\(fragment: selection) ORDER BY k.position, k.name, k.id LIMIT 1000", as: Category.self)
    return found.filter { $0.parentID == nil }.flatMap { top in
      [top] + found.filter { $0.parentID == top.id }
    }
  }

  private static let selection: SQL = """
    SELECT k.id, k.parent_id, k.code, k.name, k.severity_default, k.sla_days, k.retired_at, k.version,
      k.lead_id, u.name AS lead_name, u.state = 'active' AND u.role = ANY(\(ClientRole.allCases.filter(\.worksCases)))
        AS may_lead,
      (SELECT count(*) FROM "case" c
        WHERE c.tenant_id = k.tenant_id AND c.category_id = k.id AND c.status <> 'closed') AS open_cases,
      (SELECT count(*) FROM category p
        WHERE p.tenant_id = k.tenant_id AND p.parent_id = k.id AND p.retired_at IS NULL) AS parts
    FROM category k
    LEFT JOIN client_user u ON u.tenant_id = k.tenant_id AND u.id = k.lead_id
    """

  /// One category; `nil` when this client has none of that id.
  static func find(_ id: ID<Category>, in tx: AuditedTransaction) async throws -> Category? {
    try await tx.first("\(fragment: selection) WHERE k.id = \(id)", as: Category.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Category>, in tx: AuditedTransaction) async throws -> Category {
    try await tx.execute("SELECT id FROM category WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }

  /// The same, for a case that is to have it: throws unless it is in use, and keeps it from being retired meanwhile.
  static func demandInUse(_ id: ID<Category>, in tx: AuditedTransaction) async throws -> Category {
    try await tx.execute("SELECT id FROM category WHERE id = \(id) FOR SHARE")
    guard let found = try await find(id, in: tx), found.retiredAt == nil else { throw Invalid([.caseCategory]) }
    return found
  }

  /// Those in use that stand where this one stands, in their order; their rows are held.
  func beside(in tx: AuditedTransaction) async throws -> [ID<Category>] {
    try await tx.query(
      """
      SELECT k.id
      FROM category k
      WHERE k.parent_id IS NOT DISTINCT FROM \(parentID) AND k.retired_at IS NULL
      ORDER BY k.position, k.name, k.id
      FOR UPDATE
      """, as: ID<Category>.self)
  }
}

extension CategoryLead {
  /// Those whom new cases may go to, by name.
  static func all(in tx: AuditedTransaction) async throws -> [CategoryLead] {
    try await tx.query(
      """
      SELECT u.id AS lead_id, u.name AS lead_name, true AS may_lead
      FROM client_user u
      WHERE u.state = 'active' AND u.role = ANY(\(ClientRole.allCases.filter(\.worksCases)))
      ORDER BY u.name, u.id
      LIMIT 1000
      """, as: CategoryLead.self)
  }
}

extension CategoryLead: RowDecodable {
  init(row: Row) throws {
    id = try row["lead_id"]
    name = try row["lead_name"]
    mayLead = try row["may_lead"]
  }
}

extension Category: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    parentID = try row["parent_id"]
    code = try row["code"]
    name = try row["name"]
    severity = try row["severity_default"]
    days = try row["sla_days"]
    openCases = try row["open_cases"]
    parts = try row["parts"]
    retiredAt = try row["retired_at"]
    version = try row["version"]
    let leadID: ID<ClientUser>? = try row["lead_id"]
    lead = leadID == nil ? nil : try CategoryLead(row: row)
  }
}
