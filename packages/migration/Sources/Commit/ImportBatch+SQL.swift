// A batch's row: its state, its job, its counts.

import Access
import EthicoTypes
import Jobs
import Mapping
import Postgres

extension ImportBatch {
  func move(
    to next: BatchState, job: ID<JobRecord>? = nil, failure: String? = nil, in tx: AuditedTransaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE migration_batch SET state = \(next), job_id = COALESCE(\(job), job_id), failure = \(failure)
      WHERE id = \(id)
      """)
    guard next == .committing else { return }
    try await tx.execute(
      "UPDATE migration_mapping SET frozen_at = \(tx.at) WHERE batch_id = \(id) AND frozen_at IS NULL")
  }

  func close(_ counts: ChunkCounts, in tx: AuditedTransaction) async throws {
    // What became of the rows may be something else than what was decided when they were checked.
    let became = BatchCounts(try await StagedDecision.counts(of: id, in: tx))
    try await tx.execute(
      """
      UPDATE migration_batch SET state = 'committed', committed_at = \(tx.at), failure = NULL,
        counts = counts || \(try JSONText(encoding: became))::jsonb || jsonb_build_object(
          'inserted', \(counts.inserted), 'updated', \(counts.updated), 'conflicts', \(counts.conflicts),
          'refused', \(counts.failed))
      WHERE id = \(id)
      """)
  }

  /// Whether another batch of this entity is being committed.
  func hasRival(in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first(
      """
      SELECT EXISTS (
        SELECT FROM migration_batch WHERE entity = \(entity.rawValue) AND state = 'committing' AND id <> \(id))
      """, as: Bool.self) ?? false
  }

  func isDecided(in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first(
      """
      SELECT NOT EXISTS (SELECT FROM migration_staged_row WHERE batch_id = \(id) AND decision IS NULL)
      """, as: Bool.self) ?? false
  }

  /// Takes the one turn of this client and entity until the transaction ends; false when somebody else has it.
  func takeTurn(in tx: AuditedTransaction) async throws -> Bool {
    guard let tenant = tx.author.tenant else { return false }
    let turn = "migration \(tenant) \(entity.rawValue)"
    return try await tx.first("SELECT pg_try_advisory_xact_lock(hashtextextended(\(turn), 0))", as: Bool.self) ?? false
  }

  /// What the batch has written so far.
  func written(in tx: AuditedTransaction) async throws -> ChunkCounts {
    try await tx.first(
      """
      SELECT count(*) AS rows, count(*) FILTER (WHERE p.action IN ('insert', 'link')) AS inserted,
        count(*) FILTER (WHERE p.action = 'update') AS updated,
        (SELECT count(DISTINCT row_no) FROM migration_conflict WHERE batch_id = \(id)) AS conflicts,
        (SELECT count(*) FROM migration_row_issue WHERE batch_id = \(id) AND code = 'commit.refused') AS failed
      FROM migration_provenance p
      WHERE p.batch_id = \(id) AND p.entity = \(entity.rawValue) AND p.content_hash IS NOT NULL AND p.undone_at IS NULL
      """, as: ChunkCounts.self) ?? ChunkCounts()
  }
}

extension ChunkCounts: RowDecodable {
  init(row: Row) throws {
    inserted = try row["inserted"]
    updated = try row["updated"]
    conflicts = try row["conflicts"]
    failed = try row["failed"]
    rows = try row["rows"]
  }
}

extension ImportChunk {
  /// What this chunk has come to.
  func tally(refused: Int, in tx: AuditedTransaction) async throws -> ChunkCounts {
    let found = try await tx.first(
      """
      SELECT \(rowNumbers.count) AS rows, count(*) FILTER (WHERE r.is_new) AS inserted,
        count(*) FILTER (WHERE NOT r.is_new) AS updated,
        (SELECT count(DISTINCT c.row_no) FROM migration_conflict c
          WHERE c.batch_id = \(batch.id) AND c.row_no = ANY(\(rowNumbers))) AS conflicts, \(refused) AS failed
      FROM import_row r
      """, as: ChunkCounts.self)
    return found ?? ChunkCounts()
  }

  /// Sets rows apart that refer to what is not there: they are read no further.
  func refuse(_ found: SQL?, in tx: AuditedTransaction) async throws -> Int {
    guard let found else { return 0 }
    return try await tx.execute(
      """
      WITH found AS (
        \(fragment: found)
      ), rows AS (
        UPDATE migration_staged_row s SET decision = 'reject' FROM found f
        WHERE s.batch_id = \(batch.id) AND s.row_no = f.row_no
      ), issues AS (
        INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level, value)
        SELECT \(tenant), \(batch.id), f.row_no, f.code, 'blocker', f.value FROM found f
      )
      DELETE FROM import_row r USING found f WHERE r.row_no = f.row_no
      """)
  }

  /// For what is written once: that the source says something else now is known from here on, and changes nothing.
  func noteContent(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, seq, action, before_image, after_image, content_hash, event_id, imported_at)
      SELECT \(tenant), import_id(r.stamp, 'layer'), r.record, p.entity, p.target_table, r.target_id, p.source_system,
        r.key, \(batch.id), r.row_no, (
          SELECT max(l.seq) + 1 FROM migration_provenance l
          WHERE l.target_id = r.target_id AND l.target_table = p.target_table),
        'update', '{}', '{}', r.content_hash, \(tx.event), \(tx.at)
      FROM import_row r
      JOIN migration_provenance p ON p.record_id = r.record AND p.entity = \(batch.entity.rawValue)
        AND p.action = 'insert' AND p.undone_at IS NULL
      WHERE NOT r.is_new
      """)
  }
}
