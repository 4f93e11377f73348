// References to records that had not come yet: looked up again each time a batch has ended.

import Access
import EthicoTypes
import Postgres

/// What a record refers to that had not come when it was written.
enum PendingReference {
  /// Ties what can be tied by now: parts of a former system's trail to the records they tell of.
  static func resolve(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_tie (id uuid, target_id uuid, found_id uuid) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_tie",
      """
      INSERT INTO import_tie (id, target_id, found_id)
      SELECT DISTINCT ON (w.id) w.id, w.target_id, COALESCE(p.target_id, y.id)
      FROM migration_pending_ref w
      JOIN migration_batch b ON b.id = w.batch_id
      LEFT JOIN migration_provenance p ON p.source_system = b.source_system AND p.entity = w.wanted_entity
        AND p.source_record_id = w.wanted_key AND p.action IN ('insert', 'link') AND p.undone_at IS NULL
      LEFT JOIN policy y ON w.wanted_entity = 'policy' AND y.number = btrim(w.wanted_key)
      WHERE w.resolved_at IS NULL AND w.entity = 'audit_event' AND num_nonnulls(p.target_id, y.id) > 0
      """,
      """
      UPDATE imported_history h SET parent_id = t.found_id FROM import_tie t WHERE h.id = t.target_id
      """,
      "UPDATE migration_pending_ref w SET resolved_at = \(tx.at) FROM import_tie t WHERE w.id = t.id",
    ])
  }
}
