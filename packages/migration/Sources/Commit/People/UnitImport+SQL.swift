// The units that people of a former system name: the client's own where they match, else new ones below each other.

import Access
import EthicoTypes
import Postgres

/// Finds or makes the units of the people in `import_person`; `import_unit_of` says whose unit is which.
struct UnitImport: Sendable {
  let chunk: ImportChunk

  /// Division, business unit, department, team; a location where there is none of these.
  private static let levels = 4

  func settle(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    let steps = (1...Self.levels).flatMap { level -> [SQL] in
      switch purpose {
      case .look: [match(level)]
      case .write: [match(level), name(level), make(level, tx)]
      }
    }
    try await tx.sql.execute(together: listed + steps)
  }

  private var listed: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_unit (
        path text, above text, kind text, name text, level integer, row_no integer, id uuid, is_new boolean)
        ON COMMIT DELETE ROWS
      """,
      "CREATE TEMP TABLE IF NOT EXISTS import_unit_of (row_no integer, path text) ON COMMIT DELETE ROWS",
      "DELETE FROM import_unit", "DELETE FROM import_unit_of",
      """
      WITH chain AS (
        SELECT r.row_no, c.kind, c.name, row_number() OVER own AS level,
          string_agg(c.kind || ':' || lower(c.name), '/') OVER own AS path
        FROM import_person r
        CROSS JOIN LATERAL (VALUES
          (1, 'division', btrim(r.parsed ->> 'division')), (2, 'business_unit', btrim(r.parsed ->> 'business_unit')),
          (3, 'department', btrim(r.parsed ->> 'department')), (4, 'team', btrim(r.parsed ->> 'team')),
          (5, 'location', CASE WHEN NOT r.parsed ?| '{division,business_unit,department,team}'
            THEN btrim(r.parsed ->> 'location') END)
        ) AS c (n, kind, name)
        WHERE c.name <> ''
        WINDOW own AS (PARTITION BY r.row_no ORDER BY c.n)
      ), deepest AS (
        INSERT INTO import_unit_of (row_no, path)
        SELECT DISTINCT ON (row_no) row_no, path FROM chain ORDER BY row_no, level DESC
      )
      INSERT INTO import_unit (path, above, kind, name, level, row_no, is_new)
      SELECT c.path, min(a.path), c.kind, min(c.name), c.level, min(c.row_no), false
      FROM chain c
      LEFT JOIN chain a ON a.row_no = c.row_no AND a.level = c.level - 1
      GROUP BY c.path, c.kind, c.level
      """,
      "ANALYZE import_unit",
    ]
  }

  private func match(_ level: Int) -> SQL {
    """
    UPDATE import_unit u SET id = (
      SELECT o.id FROM org_unit o
      WHERE o.kind = u.kind AND lower(o.name) = lower(u.name) AND o.retired_at IS NULL
        AND (u.above IS NULL OR o.parent_id = (SELECT a.id FROM import_unit a WHERE a.path = u.above))
      ORDER BY o.parent_id IS NOT NULL, o.id
      LIMIT 1)
    WHERE u.level = \(level)
    """
  }

  private func name(_ level: Int) -> SQL {
    """
    UPDATE import_unit u SET id = import_id(r.stamp, 'unit' || u.path), is_new = true
    FROM import_row r
    WHERE u.level = \(level) AND u.id IS NULL AND r.row_no = u.row_no
    """
  }

  private func make(_ level: Int, _ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .orgUnit, entity: "'org_unit'", key: "u.path",
      columns: ProvenanceColumns(identity: "u.path", action: "'implied'"), tx: tx)
    return """
      WITH made AS (
        INSERT INTO org_unit (tenant_id, id, parent_id, kind, name)
        SELECT \(chunk.tenant), u.id, (SELECT a.id FROM import_unit a WHERE a.path = u.above), u.kind, u.name
        FROM import_unit u
        WHERE u.is_new AND u.level = \(level)
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_unit u ON u.id = t.id
      JOIN import_row r ON r.row_no = u.row_no
      """
  }
}
