// Reads the undos of a batch.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Postgres

/// An undo of a batch, or the reversal of one.
package struct UndoRecord: Sendable, Hashable, RowDecodable {
  package let id: ID<MigrationUndo>
  package let reverses: ID<MigrationUndo>?
  package let isRunning: Bool
  /// Whether later imports stayed where they were.
  package let keepsLater: Bool
  package let records: Int
  package let startedAt: Date
  /// Who ordered it, whoever carried it out.
  package let by: String
  /// Whether it has been taken back itself.
  package let isReversed: Bool

  package init(row: Row) throws {
    id = try row["id"]
    reverses = try row["reverses_id"]
    isRunning = try row["is_running"]
    keepsLater = try row["keeps_later"]
    records = try row["records"]
    startedAt = try row["started_at"]
    by = try row["by"]
    isReversed = try row["is_reversed"]
  }

  /// The undos of a batch, newest first. Where a job ended one, the row says that of it; who ordered it says the event
  /// that it began with, of the same moment.
  package static func all(of batch: ID<Batch>) -> Query<UndoRecord> {
    Query(
      """
      SELECT u.id, u.reverses_id, u.state = 'running' AS is_running, u.keeps_later, u.started_at,
        COALESCE(
          (
            SELECT e.actor_kind || ':' || e.actor_id
            FROM audit_event e
            WHERE e.chain = u.tenant_id AND e.object_id = u.batch_id::text AND e.at = u.started_at
              AND strpos(e.body, u.id::text) > 0
            ORDER BY e.id
            LIMIT 1
          ), u.changed_by) AS by,
        (SELECT count(*) FROM migration_undo_item i WHERE i.undo_id = u.id AND i.state = 'done') AS records,
        EXISTS (SELECT 1 FROM migration_undo r WHERE r.reverses_id = u.id) AS is_reversed
      FROM migration_undo u
      WHERE u.batch_id = \(batch)
      ORDER BY u.started_at DESC, u.id DESC
      LIMIT 50
      """)
  }

  /// The batch of an undo; `nil` when this client has none of that id.
  package static func batch(of undo: ID<MigrationUndo>, in tx: AuditedTransaction) async throws -> ID<Batch>? {
    try await tx.first("SELECT batch_id FROM migration_undo WHERE id = \(undo)", as: ID<Batch>.self)
  }
}
