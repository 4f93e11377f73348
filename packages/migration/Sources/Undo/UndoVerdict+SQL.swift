// What the findings of a survey come to for each record that was asked for, and for those that hang on it.

import Access
import EthicoTypes
import Mapping
package import Postgres

extension UndoSurvey {
  /// The verdict on each record asked for, into `undo_verdict`: its own findings and those of all that hang on it.
  static func judge(_ options: UndoOptions, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_verdict (
        record_id uuid, row_no integer, key text, bucket text, reasons text[], needs text[], acts boolean)
        ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_verdict",
      "INSERT INTO undo_verdict \(fragment: verdicts(options))",
    ])
  }

  /// The records that a verdict lets go, and all that hang on them: `gone`, for a recursive query to begin with.
  static let gone: SQL = """
    gone AS (
      SELECT record_id FROM undo_verdict WHERE acts
      UNION
      SELECT e.child_id FROM gone g JOIN undo_edge e ON e.record_id = g.record_id
    )
    """

  /// How many records go although nobody asked for them.
  static func countAlong(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      """
      WITH RECURSIVE \(fragment: gone)
      SELECT count(*)
      FROM gone g
      WHERE NOT EXISTS (SELECT FROM undo_verdict v WHERE v.record_id = g.record_id)
      """, as: Int.self) ?? 0
  }

  /// The same by the batch that each came with, the most first.
  static func hanging(in tx: AuditedTransaction) async throws -> [UndoHanging] {
    try await tx.query(
      """
      WITH RECURSIVE \(fragment: gone), along AS (
        SELECT DISTINCT ON (l.record_id) l.record_id, l.batch_id
        FROM undo_layer l
        JOIN gone g ON g.record_id = l.record_id
        WHERE NOT EXISTS (SELECT FROM undo_verdict v WHERE v.record_id = l.record_id)
        ORDER BY l.record_id, l.is_main DESC, l.seq
      )
      SELECT b.id, b.entity, b.source_table, f.name AS file_name, count(*) AS records
      FROM along a
      JOIN migration_batch b ON b.id = a.batch_id
      JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
      GROUP BY b.id, b.entity, b.source_table, f.name
      ORDER BY records DESC, b.id
      LIMIT 50
      """, as: UndoHanging.self)
  }

  private static func verdicts(_ options: UndoOptions) -> SQL {
    """
    WITH RECURSIVE asked AS (
      SELECT record_id, max(row_no) AS row_no, COALESCE(min(key) FILTER (WHERE is_main), min(key)) AS key
      FROM undo_layer
      WHERE round = 0
      GROUP BY record_id
    ), reach (record_id, row_no, key, child_id) AS (
      SELECT record_id, row_no, key, record_id FROM asked
      UNION
      SELECT r.record_id, r.row_no, r.key, e.child_id FROM reach r JOIN undo_edge e ON e.record_id = r.child_id
    ), found AS (
      SELECT r.record_id, r.row_no, r.key, r.child_id, COALESCE(f.needs, '') AS needs, f.reason,
        CASE WHEN r.child_id <> r.record_id AND COALESCE(f.bucket, 'gone') = 'gone' THEN 'needs_cascade'
          ELSE COALESCE(f.bucket, 'clean') END AS bucket
      FROM reach r
      LEFT JOIN undo_finding f ON f.record_id = r.child_id
    )
    SELECT v.record_id, v.row_no, v.key, v.bucket, v.reasons, v.needs, v.acts
    FROM (
      SELECT f.record_id, min(f.row_no) AS row_no, min(f.key) AS key,
        (array_agg(f.bucket ORDER BY array_position(\(UndoBucket.allCases)::text[], f.bucket)))[1] AS bucket,
        COALESCE(array_agg(DISTINCT f.bucket || ': ' || f.reason) FILTER (WHERE f.reason IS NOT NULL), '{}') AS reasons,
        array_agg(DISTINCT f.needs) AS needs,
        NOT bool_or(f.needs = 'never' OR f.needs = 'blocked' AND NOT \(options.includeBlocked)
          OR f.needs = 'edited' AND NOT \(options.includeEdited)) AS acts
      FROM found f
      GROUP BY f.record_id
    ) v
    """
  }
}

extension UndoHanging: RowDecodable {
  package init(row: Row) throws {
    batch = try row["id"]
    let name: String = try row["entity"]
    guard let entity = ImportEntity(rawValue: name) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: name)
    }
    self.entity = entity
    let file: String = try row["file_name"]
    let table: String? = try row["source_table"]
    source = file + (table.map { " (\($0))" } ?? "")
    records = try row["records"]
  }
}
