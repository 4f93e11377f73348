// People whom a row names: found by number, then by address, else a placeholder who cannot sign in.

import Access
import EthicoTypes
import Postgres

/// Finds or makes the people whom the rows of `import_row` name in one field, into `import_person_of`.
struct PersonReference: Sendable {
  let chunk: ImportChunk
  /// As `discloser`: its facets are `discloser.employee_id`, `discloser.email`, `discloser.name`.
  let field: String

  func settle(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    let made: [SQL] =
      switch purpose {
      case .look: []
      case .write: [placeholders(tx), match]
      }
    try await tx.sql.execute(together: listed + [match] + made)
  }

  private var listed: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_person_of (
        row_no integer, number text, email text, name text, employee_id uuid) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_person_of",
      """
      INSERT INTO import_person_of (row_no, number, email, name)
      SELECT r.row_no, w.number, w.email, w.name
      FROM import_row r
      CROSS JOIN LATERAL (\(fragment: Self.facets(field, of: "r.parsed", chunk.batch.sourceSystem))) w
      """,
      "ANALYZE import_person_of",
    ]
  }

  /// Whom a row names in a field: the number that they are looked up by, which a source without numbers makes of what
  /// it has, their address, and their name.
  static func facets(_ field: String, of parsed: SQL, _ sourceSystem: String) -> SQL {
    """
    SELECT COALESCE(f.number, f.email, \(sourceSystem) || ':' || left(lower(f.name), 400)) AS number, f.email, f.name
    FROM (
      SELECT NULLIF(btrim(\(fragment: parsed) ->> (\(field) || '.employee_id')), '') AS number,
        NULLIF(lower(btrim(\(fragment: parsed) ->> (\(field) || '.email'))), '') AS email,
        NULLIF(btrim(\(fragment: parsed) ->> (\(field) || '.name')), '') AS name
    ) f
    """
  }

  private var match: SQL {
    """
    UPDATE import_person_of r SET employee_id = COALESCE(
      (SELECT e.id FROM employee e WHERE e.number = r.number),
      (SELECT e.id FROM employee e WHERE e.email = r.email))
    WHERE r.employee_id IS NULL
    """
  }

  private func placeholders(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .employee, entity: "'placeholder'", key: "r.number",
      columns: ProvenanceColumns(identity: "r.number", action: "'implied'"), tx: tx)
    return """
      WITH wanted AS MATERIALIZED (
        SELECT DISTINCT ON (lower(p.number)) p.number, p.email, p.name, r.stamp, r.record, r.row_no,
          import_id(r.stamp, 'employee' || p.number) AS id
        FROM import_person_of p
        JOIN import_row r ON r.row_no = p.row_no
        WHERE p.employee_id IS NULL AND p.number IS NOT NULL
        ORDER BY lower(p.number), p.row_no
      ), made AS (
        INSERT INTO employee (tenant_id, id, number, name, email)
        SELECT \(chunk.tenant), w.id, w.number, COALESCE(w.name, w.email, w.number),
          CASE WHEN w.email LIKE '%_@_%' THEN w.email END
        FROM wanted w
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN wanted r ON r.id = t.id
      """
  }
}
