// Keeps rows on their way, and finds what only all rows together show.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension StagedRow {
  /// How far an earlier attempt by the same mapping came; rows of another mapping are let go of.
  static func checkpoint(of batch: Batch, in tx: AuditedTransaction) async throws -> Int {
    let phase = "stage \(batch.mappingNumber) \(batch.version)"
    let behind = try await tx.first(
      "SELECT row_no FROM migration_checkpoint WHERE batch_id = \(batch.id) AND phase = \(phase)", as: Int.self)
    if let behind { return behind }
    try await tx.execute("DELETE FROM migration_row_issue WHERE batch_id = \(batch.id)")
    try await tx.execute("DELETE FROM migration_staged_row WHERE batch_id = \(batch.id)")
    try await tx.execute("DELETE FROM migration_checkpoint WHERE batch_id = \(batch.id) AND phase LIKE 'stage %'")
    try await tx.execute(
      """
      INSERT INTO migration_checkpoint (tenant_id, batch_id, phase, row_no)
      VALUES (\(tx.author.tenant), \(batch.id), \(phase), 0)
      """)
    return 0
  }

  /// Keeps rows with their issues, and that they are kept. COPY refuses tables under row-level security, so they come
  /// through a table of this transaction's own.
  static func keep(_ rows: [StagedRow], of batch: ID<Batch>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      CREATE TEMP TABLE incoming_row (row_no integer, cells text[], parsed jsonb, legacy jsonb, source_record_id text,
        key_hash bytea, content_hash bytea, decision text) ON COMMIT DROP
      """)
    _ = try await tx.sql.copy(
      "COPY incoming_row FROM STDIN",
      rows: rows.map { row in
        CopyRow([
          row.number, row.cells, JSONText(row.parsed.text), JSONText(row.legacy.text), row.key, row.keyHash,
          row.contentHash, row.isBlocked ? "reject" : nil,
        ])
      })
    try await tx.execute(
      """
      INSERT INTO migration_staged_row (tenant_id, batch_id, row_no, cells, parsed, legacy, source_record_id, key_hash,
        content_hash, decision)
      SELECT \(tx.author.tenant), \(batch), row_no, cells, parsed, legacy, source_record_id, key_hash, content_hash,
        decision
      FROM incoming_row
      """)
    try await keepIssues(of: rows, of: batch, in: tx)
    try await tx.execute(
      """
      UPDATE migration_checkpoint SET row_no = \(rows.last?.number ?? 0), at = \(tx.at)
      WHERE batch_id = \(batch) AND phase LIKE 'stage %'
      """)
  }

  private static func keepIssues(
    of rows: [StagedRow], of batch: ID<Batch>, in tx: AuditedTransaction
  ) async throws {
    let issues = rows.flatMap { row in row.issues.map { (row: row.number, issue: $0) } }
    guard !issues.isEmpty else { return }
    try await tx.execute(
      """
      INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, position, code, level, value)
      SELECT \(tx.author.tenant), \(batch), i.row_no, NULLIF(i.position, -1), i.code, i.level, NULLIF(i.value, '')
      FROM unnest(\(issues.map(\.row))::integer[], \(issues.map { $0.issue.position ?? -1 })::integer[],
        \(issues.map(\.issue.code.rawValue))::text[], \(issues.map(\.issue.code.level.rawValue))::text[],
        \(issues.map { $0.issue.value ?? "" })::text[]) AS i (row_no, position, code, level, value)
      """)
  }
}

extension Batch {
  /// Checks what only all rows together show, decides what becomes of each row, and says so.
  func check(rowCount: Int, in tx: AuditedTransaction) async throws -> BatchCounts {
    try await tx.execute(
      """
      INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level, value)
      SELECT \(tx.author.tenant), \(id), s.row_no, \(IssueCode.keyDuplicate.rawValue),
        \(IssueCode.keyDuplicate.level.rawValue), s.source_record_id
      FROM (
        SELECT row_no, source_record_id, count(*) OVER (PARTITION BY key_hash) AS alike
        FROM migration_staged_row
        WHERE batch_id = \(id) AND key_hash IS NOT NULL
      ) s
      WHERE s.alike > 1
      """)
    try await tx.execute(
      """
      UPDATE migration_staged_row s SET decision = 'reject'
      FROM (
        SELECT DISTINCT row_no FROM migration_row_issue
        WHERE batch_id = \(id) AND level = 'blocker' AND code <> ALL(\(Self.batchCodes))
      ) i
      WHERE s.batch_id = \(id) AND s.row_no = i.row_no
      """)
    let counts = BatchCounts(try await StagedDecision.decide(id, in: tx))
    try await tx.execute(
      """
      UPDATE migration_batch
      SET state = 'validated', row_count = \(rowCount), counts = \(try JSONText(encoding: counts))
      WHERE id = \(id)
      """)
    try await tx.record("migration.validate", object: object, detail: "\(title): \(rowCount) rows")
    return counts
  }

  private static let batchCodes = IssueCode.allCases.filter(\.isOfBatch).map(\.rawValue)
}
