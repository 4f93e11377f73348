// A person of a former system: an employee here, found by number or address, or made.

import Access
import Postgres

/// Writes the people of a chunk. Whoever is here already is only tied to their row; a placeholder becomes who they are.
struct PersonImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await project(in: tx)
    try await UnitImport(chunk: chunk).settle(purpose, in: tx)
    try await settle(in: tx)
  }

  func write(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [employees(tx), ties(tx)])
  }

  var patch: ImportPatch? {
    ImportPatch(
      chunk: chunk, table: .employee,
      rows: """
        SELECT r.row_no, r.stamp, r.record, r.key, r.employee_id AS target_id, r.content_hash, r.imported, r.legacy,
          CASE WHEN import_made(\(chunk.tenant), r.employee_id) THEN \(fragment: wanted) ELSE '{}' END AS wanted
        FROM import_person r
        WHERE NOT r.is_new OR r.is_tie AND import_made(\(chunk.tenant), r.employee_id)
        """)
  }

  /// Who is active has not ended.
  private var wanted: SQL {
    ImportPatch.wanted(
      [
        "number": "r.parsed ->> 'employee_id'", "name": "r.name", "email": "r.email", "title": "r.title",
        "org_unit_id": "r.unit_id", "ended_at": "r.ended_at",
      ],
      emptied: [
        "email": chunk.hasColumn("email"), "title": chunk.hasColumn("job_title"),
        // A unit that is yet to be made is named.
        "org_unit_id": """
        \(fragment: chunk.hasColumn("division", "business_unit", "department", "team", "location"))
          AND NOT r.parsed ?| '{division,business_unit,department,team,location}'
        """,
        "ended_at": "r.parsed -> 'active' = 'true'",
      ])
  }

  /// What has a column; all other fields are kept in `imported_fields`.
  static let columns = [
    "employee_id", "email", "first_name", "last_name", "display_name", "job_title", "division", "business_unit",
    "department", "team", "active",
  ]
}
