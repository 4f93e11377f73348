// What came of each record of an undo, and how the undo and its batches stand afterwards.

import Access
import EthicoTypes
import FoundationEssentials
package import Postgres

extension UndoRun {
  /// Begins an undo: its row, and a waiting item for each record.
  /// - Returns: how many records it is about.
  func begin(scope: String, of records: [ID<ImportedRecord>]?, in tx: AuditedTransaction) async throws -> Int {
    try await tx.execute(
      """
      INSERT INTO migration_undo (tenant_id, id, batch_id, reverses_id, scope, include_blocked, include_edited,
        keeps_later, reason, started_at)
      VALUES (\(tenant), \(undo), \(batch), \(reverses), \(scope), \(options.includeBlocked), \(options.includeEdited),
        \(options.keepsLater), \(options.reason), \(tx.at))
      """)
    if let reverses {
      return try await tx.execute(
        """
        INSERT INTO migration_undo_item (tenant_id, undo_id, record_id, row_no, bucket, depth)
        SELECT tenant_id, \(undo), record_id, row_no, 'clean', -depth
        FROM migration_undo_item
        WHERE undo_id = \(reverses) AND state = 'done'
        """)
    }
    return try await tx.execute(
      """
      INSERT INTO migration_undo_item (tenant_id, undo_id, record_id, row_no, bucket)
      SELECT \(tenant), \(undo), record_id, max(row_no), 'clean'
      FROM migration_provenance
      WHERE batch_id = \(batch) AND action <> 'implied' AND undone_at IS NULL
        AND (\(records == nil) OR record_id = ANY(\(records ?? [])))
      GROUP BY record_id
      """)
  }

  /// The records that wait, those first on which nothing else of this undo hangs.
  func waiting(_ most: Int, in tx: AuditedTransaction) async throws -> [ID<ImportedRecord>] {
    let order: SQL = reverses == nil ? "depth DESC, row_no DESC, record_id" : "depth DESC, row_no, record_id"
    return try await tx.query(
      """
      SELECT record_id FROM migration_undo_item
      WHERE undo_id = \(undo) AND state = 'waiting'
      ORDER BY \(fragment: order)
      LIMIT \(most)
      """, as: ID<ImportedRecord>.self)
  }

  /// Writes down the verdicts, and what was done.
  func writeDown(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_undo_item i SET bucket = v.bucket, reasons = to_jsonb(v.reasons),
        state = CASE WHEN v.acts THEN 'done' ELSE 'kept' END
      FROM undo_verdict v
      WHERE i.undo_id = \(undo) AND i.record_id = v.record_id
      """)
  }

  /// The records that were taken along because they hung on one that was asked for.
  func writeDownCascade(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_undo_item (tenant_id, undo_id, record_id, row_no, bucket, reasons, state, depth)
      SELECT \(tenant), \(undo), l.record_id, max(l.row_no), 'needs_cascade', '["taken along"]', 'done', min(l.round)
      FROM undo_layer l
      WHERE l.round > 0 AND l.record_id IN (SELECT record_id FROM undo_acted)
        AND l.record_id NOT IN (SELECT record_id FROM undo_verdict)
      GROUP BY l.record_id
      ON CONFLICT (tenant_id, undo_id, record_id) DO UPDATE SET
        bucket = EXCLUDED.bucket, reasons = EXCLUDED.reasons, state = EXCLUDED.state, depth = EXCLUDED.depth
      """)
  }

  func refuse(_ records: [ID<ImportedRecord>], _ error: PostgresError, in tx: AuditedTransaction) async throws {
    let rule = error.constraint ?? error.sqlState.rawValue
    try await tx.execute(
      """
      UPDATE migration_undo_item SET state = 'kept', bucket = 'errored',
        reasons = jsonb_build_array('errored: ' || \(rule))
      WHERE undo_id = \(undo) AND record_id = ANY(\(records)) AND state = 'waiting'
      """)
  }

  /// Records that had nothing left to take back when their turn came.
  func setAside(_ records: [ID<ImportedRecord>], in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_undo_item SET state = 'kept', bucket = 'gone', reasons = '["gone: nothing was left of it"]'
      WHERE undo_id = \(undo) AND record_id = ANY(\(records)) AND state = 'waiting'
      """)
  }

  /// What the undo has come to so far.
  func outcome(in tx: AuditedTransaction) async throws -> UndoOutcome {
    let found = try await tx.query(
      """
      SELECT bucket, count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'kept') AS kept
      FROM migration_undo_item
      WHERE undo_id = \(undo)
      GROUP BY bucket
      """, as: BucketTally.self)
    return UndoOutcome(
      undo: undo, done: found.reduce(0) { $0 + $1.done }, kept: found.reduce(0) { $0 + $1.kept },
      buckets: Dictionary(uniqueKeysWithValues: found.map { ($0.bucket, $0.done + $0.kept) }))
  }

  /// Ends the undo, and lets each batch it touched stand where its records leave it.
  func finish(in tx: AuditedTransaction) async throws -> UndoOutcome {
    let outcome = try await outcome(in: tx)
    try await tx.execute(
      """
      UPDATE migration_undo SET state = 'done', ended_at = \(tx.at), counts = (
        SELECT jsonb_build_object('done', \(outcome.done), 'kept', \(outcome.kept), 'buckets', COALESCE((
          SELECT jsonb_object_agg(b.bucket, b.records)
          FROM (
            SELECT bucket, count(*) AS records FROM migration_undo_item WHERE undo_id = \(undo) GROUP BY bucket
          ) b), '{}')))
      WHERE id = \(undo)
      """)
    try await tx.execute(
      """
      UPDATE migration_batch b SET state = 'undoing'
      WHERE b.state IN ('paused', 'failed', 'committed', 'undone', 'partially_undone') AND b.id IN (
        SELECT p.batch_id
        FROM migration_undo_item i
        JOIN migration_provenance p ON p.record_id = i.record_id
        WHERE i.undo_id = \(undo) AND i.state = 'done' AND p.action <> 'implied'
          -- A record may have layers of other batches, which lose nothing.
          AND (\(reverses != nil) OR p.undone_by = \(undo)))
      """)
    // Then nobody has to look through a large batch for the one record.
    let tookSome = reverses == nil && outcome.done > 0
    try await tx.execute(
      """
      UPDATE migration_batch b SET state = CASE
        WHEN NOT s.stands THEN 'undone' WHEN s.fell THEN 'partially_undone' ELSE 'committed' END
      FROM (
        SELECT b.id, EXISTS (
          SELECT FROM migration_provenance p
          WHERE p.batch_id = b.id AND p.action <> 'implied' AND p.undone_at IS NULL) AS stands,
          \(tookSome) OR EXISTS (
            SELECT FROM migration_provenance p
            WHERE p.batch_id = b.id AND p.action <> 'implied' AND p.undone_at IS NOT NULL) AS fell
        FROM migration_batch b
        WHERE b.state = 'undoing' AND NOT EXISTS (
          SELECT FROM migration_undo u WHERE u.batch_id = b.id AND u.state = 'running' AND u.id <> \(undo))
      ) s
      WHERE b.id = s.id
      """)
    return outcome
  }

  /// The samples of a preview, from `undo_verdict`.
  static func samples(in tx: AuditedTransaction) async throws -> [UndoVerdict] {
    try await tx.query(
      """
      SELECT record_id, row_no, key, bucket, reasons, acts
      FROM (
        SELECT v.*, row_number() OVER (PARTITION BY bucket ORDER BY row_no, record_id) AS place FROM undo_verdict v
      ) s
      WHERE place <= 10
      ORDER BY row_no, record_id
      """, as: UndoVerdict.self)
  }

  /// How many would go with leave only, of which kind, from `undo_verdict`.
  static func leaves(in tx: AuditedTransaction) async throws -> UndoLeaves {
    try await tx.first(
      """
      SELECT count(*) FILTER (WHERE 'blocked' = ANY(needs)) AS blocked,
        count(*) FILTER (WHERE 'edited' = ANY(needs)) AS edited
      FROM undo_verdict
      WHERE 'never' <> ALL(needs)
      """, as: UndoLeaves.self) ?? UndoLeaves(blocked: 0, edited: 0)
  }

  /// How many are in which bucket, from `undo_verdict`.
  static func tally(in tx: AuditedTransaction) async throws -> [BucketTally] {
    try await tx.query(
      """
      SELECT bucket, count(*) FILTER (WHERE acts) AS done, count(*) FILTER (WHERE NOT acts) AS kept
      FROM undo_verdict
      GROUP BY bucket
      """, as: BucketTally.self)
  }
}

/// How many records of a bucket are acted on, and how many kept.
struct BucketTally: RowDecodable {
  let bucket: UndoBucket
  let done: Int
  let kept: Int

  init(row: Row) throws {
    bucket = try row["bucket"]
    done = try row["done"]
    kept = try row["kept"]
  }
}

extension UndoLeaves: RowDecodable {
  package init(row: Row) throws {
    blocked = try row["blocked"]
    edited = try row["edited"]
  }
}

extension UndoVerdict: RowDecodable {
  package init(row: Row) throws {
    record = try row["record_id"]
    rowNumber = try row["row_no"]
    key = try row["key"]
    bucket = try row["bucket"]
    reasons = try row["reasons"]
    acts = try row["acts"]
  }
}
