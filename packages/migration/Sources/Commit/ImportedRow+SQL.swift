// Reads what a batch has brought over, and the undos of it.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Postgres

/// A row of a batch that became a record, or changed one.
package struct ImportedRow: Sendable, Hashable, RowDecodable {
  package let record: ID<ImportedRecord>
  package let number: Int
  package let key: String
  package let target: UUID
  package let action: Action
  package let undoneAt: Date?
  /// Where it shows in the workspace; `nil` once it has been taken back, or where what it belongs to is not here.
  package let page: RecordPage?

  /// What the row did.
  package enum Action: String, Term {
    /// It became a record.
    case insert
    /// It changed the record that it had become before.
    case update
    /// It stands for a record that was here already.
    case link
    /// Another row needs it, and it has none of its own.
    case implied
  }

  package init(row: Row) throws {
    record = try row["record_id"]
    number = try row["row_no"]
    key = try row["source_record_id"]
    target = try row["target_id"]
    action = try row["action"]
    undoneAt = try row["undone_at"]
    page = undoneAt == nil ? try RecordPage(row: row) : nil
  }

  /// How many rows a page shows.
  package static let pageLength = 50

  /// The rows of a batch that came over, from behind a row on.
  package static func page(
    of batch: ID<Batch>, behind number: Int, in tx: AuditedTransaction
  ) async throws -> [ImportedRow] {
    try await tx.query(
      """
      SELECT p.record_id, p.row_no, p.source_record_id, p.target_id, p.action, p.undone_at,
        \(fragment: RecordPage.columns)
      FROM migration_provenance p
      \(fragment: RecordPage.sources)
      WHERE p.batch_id = \(batch) AND p.content_hash IS NOT NULL AND p.row_no > \(number)
      ORDER BY p.row_no, p.seq
      LIMIT \(pageLength + 1)
      """, as: ImportedRow.self)
  }
}

/// An undo of a batch, or the reversal of one.
package struct UndoRecord: Sendable, Hashable, RowDecodable {
  package let id: ID<MigrationUndo>
  package let reverses: ID<MigrationUndo>?
  package let isRunning: Bool
  /// Whether later imports stayed where they were.
  package let keepsLater: Bool
  package let records: Int
  package let startedAt: Date
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

  /// The undos of a batch, newest first.
  package static func all(of batch: ID<Batch>) -> Query<UndoRecord> {
    Query(
      """
      SELECT u.id, u.reverses_id, u.state = 'running' AS is_running, u.keeps_later, u.started_at, u.changed_by AS by,
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
