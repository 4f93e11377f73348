// Reads units, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension OrgUnit {
  /// Every unit, those that are no longer used too, by name.
  static func all(in tx: AuditedTransaction) async throws -> [OrgUnit] {
    try await tx.query("\(fragment: selection) ORDER BY u.name, u.id LIMIT \(limit)", as: OrgUnit.self)
  }

  private static let selection: SQL = """
    SELECT u.id, u.parent_id, u.kind, u.name, u.retired_at, u.version,
      (SELECT count(*) FROM employee e
        WHERE e.tenant_id = u.tenant_id AND e.org_unit_id = u.id AND e.ended_at IS NULL) AS employees,
      (SELECT count(*) FROM org_unit d
        WHERE d.tenant_id = u.tenant_id AND d.parent_id = u.id AND d.retired_at IS NULL) AS units
    FROM org_unit u
    """

  /// One unit, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<OrgUnit>, in tx: AuditedTransaction) async throws -> OrgUnit {
    try await tx.execute("SELECT id FROM org_unit WHERE id = \(id) FOR UPDATE")
    guard let found = try await tx.first("\(fragment: selection) WHERE u.id = \(id)", as: OrgUnit.self) else {
      throw RecordMissing()
    }
    return found
  }
}

extension OrgUnit: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    parentID = try row["parent_id"]
    kind = try row["kind"]
    name = try row["name"]
    employees = try row["employees"]
    units = try row["units"]
    retiredAt = try row["retired_at"]
    version = try row["version"]
  }
}
