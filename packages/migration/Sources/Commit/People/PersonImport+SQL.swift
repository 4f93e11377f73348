// The statements of a person's import.

import Access
import EthicoTypes
import Postgres

extension PersonImport {
  func project(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_person (
        row_no integer, stamp uuid, record uuid, key text, is_new boolean, parsed jsonb, legacy jsonb,
        content_hash bytea, imported jsonb, employee_id uuid, is_tie boolean, number text, name text, email text,
        title text, unit_id uuid, ended_at timestamptz) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_person",
      """
      INSERT INTO import_person (row_no, stamp, record, key, is_new, parsed, legacy, content_hash, imported,
        employee_id, is_tie, number, name, email, title, ended_at)
      SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, r.parsed, r.legacy, r.content_hash,
        r.kept - \(Self.columns)::text[], r.target_id, false, COALESCE(r.parsed ->> 'employee_id', w.email),
        COALESCE(r.parsed ->> 'display_name',
          NULLIF(concat_ws(' ', r.parsed ->> 'first_name', r.parsed ->> 'last_name'), ''), w.email,
          r.parsed ->> 'employee_id'),
        w.email, r.parsed ->> 'job_title',
        CASE WHEN r.parsed -> 'active' = 'false'
          THEN COALESCE((r.parsed ->> 'source_updated_at')::timestamptz, \(tx.at)) END
      FROM import_row r
      CROSS JOIN LATERAL (SELECT NULLIF(lower(btrim(r.parsed ->> 'email')), '') AS email) w
      """,
      "ANALYZE import_person",
    ])
  }

  /// Who is here already: by number, then by address. A name alone ties nobody.
  func settle(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      UPDATE import_person r SET employee_id = e.id, is_tie = true
      FROM employee e
      WHERE r.is_new AND e.number = r.parsed ->> 'employee_id'
      """,
      """
      UPDATE import_person r SET employee_id = e.id, is_tie = true
      FROM employee e
      WHERE r.is_new AND NOT r.is_tie AND e.email = r.email
      """,
      "UPDATE import_person SET employee_id = import_id(stamp, 'employee') WHERE is_new AND NOT is_tie",
      """
      UPDATE import_person r SET unit_id = u.id, imported = CASE WHEN u.kind = 'location' THEN imported - 'location'
        ELSE imported END
      FROM import_unit u
      JOIN import_unit_of o ON o.path = u.path
      WHERE o.row_no = r.row_no
      """,
    ])
  }

  func employees(_ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.employee, entity: "'person'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO employee (tenant_id, id, number, name, email, title, org_unit_id, ended_at)
        SELECT \(chunk.tenant), r.employee_id, r.number, r.name, r.email, r.title, r.unit_id, r.ended_at
        FROM import_person r
        WHERE r.is_new AND NOT r.is_tie
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_person r ON r.employee_id = t.id
      """
  }

  /// Somebody who was here before: nothing of theirs changes by the tie.
  func ties(_ tx: AuditedTransaction) -> SQL {
    """
    INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
      source_record_id, batch_id, row_no, action, content_hash, target_row_version, imported_fields, legacy_fields,
      event_id, imported_at)
    SELECT \(chunk.tenant), import_id(r.stamp, 'tie'), r.record, 'person', 'employee', r.employee_id,
      \(chunk.batch.sourceSystem), r.key, \(chunk.batch.id), r.row_no, 'link', r.content_hash, e.version, r.imported,
      r.legacy, \(tx.event), \(tx.at)
    FROM import_person r
    JOIN employee e ON e.id = r.employee_id
    WHERE r.is_new AND r.is_tie
    """
  }
}
