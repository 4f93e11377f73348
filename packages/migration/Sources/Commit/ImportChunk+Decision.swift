// What became of the rows of a chunk, where that is not what was decided when they were checked: another batch brought
// the same keys meanwhile, or what they were held against was taken back, changed or deleted.

import Access
import Mapping
import Postgres

extension ImportChunk {
  /// Leaves out the rows that say what the newest layer of their record says.
  func leaveOutUnchanged(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      WITH found AS (
        SELECT r.row_no, r.target_id, r.decided, r.decided_target
        FROM import_row r
        JOIN migration_staged_row s ON s.batch_id = \(batch.id) AND s.row_no = r.row_no
        CROSS JOIN LATERAL (\(fragment: NewestLayer.of("r.record"))) l
        WHERE NOT r.is_new AND \(fragment: NewestLayer.isRepeated(in: batch.entity))
      ), noted AS (
        UPDATE migration_staged_row s SET decision = 'unchanged', target_id = f.target_id
        FROM found f
        WHERE s.batch_id = \(batch.id) AND s.row_no = f.row_no
          AND (f.decided, f.decided_target) IS DISTINCT FROM ('unchanged', f.target_id)
      )
      DELETE FROM import_row r USING found f WHERE r.row_no = f.row_no
      """)
  }

  /// Notes of the rows that were written what they became. A record that was deleted here is not made again: its row is
  /// left out. What became otherwise than it was decided is found once, and not for each row of the batch.
  func noteDecisions(_ patch: ImportPatch?, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      WITH became AS MATERIALIZED (
        SELECT d.row_no, d.decision, d.target_id
        FROM (
          SELECT r.row_no, r.decided, r.decided_target, CASE WHEN NOT r.is_new THEN r.target_id END AS target_id,
            CASE WHEN r.is_new THEN 'insert' ELSE \(fragment: patch?.becomes ?? "'update'") END AS decision
          FROM import_row r
        ) d
        WHERE (d.decided, d.decided_target) IS DISTINCT FROM (d.decision, d.target_id)
      )
      UPDATE migration_staged_row s SET decision = b.decision, target_id = b.target_id
      FROM became b
      WHERE s.batch_id = \(batch.id) AND s.row_no = b.row_no
      """)
  }
}

extension ImportPatch {
  /// What the row `r`, whose record is known, became by this patch.
  fileprivate var becomes: SQL {
    """
    CASE
      WHEN NOT EXISTS (SELECT FROM \(fragment: table.name) t WHERE t.id = r.target_id OFFSET 0) THEN 'skip'
      WHEN EXISTS (SELECT FROM import_field f WHERE f.row_no = r.row_no AND f.verdict = 'conflict') THEN 'conflict'
      ELSE 'update' END
    """
  }
}
