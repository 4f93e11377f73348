// Keeps rows on their way: each is written down at once, since what it was read into takes several times as much room.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// A staged row as it goes to the database.
struct WrittenRow: Sendable {
  let number: Int
  let issues: [RowIssue]
  private let line: CopyRow

  init(_ row: StagedRow) {
    let parsed = row.parsed.text
    number = row.number
    issues = row.issues
    line = CopyRow([
      row.number, row.cells, JSONText(parsed), JSONText(row.legacy.text), row.key, row.keyHash,
      StagedRow.digest(of: parsed), row.seeming.rawValue, JSONText(row.days.text),
    ])
  }

  /// How far an earlier attempt by the same plan came; rows of another plan are let go of.
  /// - Throws: `StagingPlan.Overtaken`, with nothing changed.
  static func checkpoint(of plan: StagingPlan, in tx: AuditedTransaction) async throws -> Int {
    try await plan.demandStanding(in: tx)
    let (batch, phase) = (plan.batch, phase(of: plan))
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

  /// What one plan has read: a mapping alone does not tell, as values become something else under the same one.
  private static func phase(of plan: StagingPlan) -> String {
    "stage \(plan.batch.mappingNumber) \(plan.batch.version)"
  }

  /// Keeps rows with their issues, and that they are kept.
  /// - Throws: `StagingPlan.Overtaken`, with nothing changed.
  static func keep(_ rows: [WrittenRow], of plan: StagingPlan, in tx: AuditedTransaction) async throws {
    try await plan.demandStanding(in: tx)
    try await insert(rows, of: plan.batch.id, in: tx)
    try await tx.execute(
      """
      UPDATE migration_checkpoint SET row_no = \(rows.last?.number ?? 0), at = \(tx.at)
      WHERE batch_id = \(plan.batch.id) AND phase = \(phase(of: plan))
      """)
  }

  /// Puts rows in the place of those that have their numbers.
  /// - Throws: `StagingPlan.Overtaken`, with nothing changed.
  static func replace(_ rows: [WrittenRow], of plan: StagingPlan, in tx: AuditedTransaction) async throws {
    try await plan.demandStanding(in: tx)
    let (batch, numbers) = (plan.batch.id, rows.map(\.number))
    try await tx.execute(
      "DELETE FROM migration_row_issue WHERE batch_id = \(batch) AND row_no = ANY(\(numbers))")
    try await tx.execute(
      "DELETE FROM migration_staged_row WHERE batch_id = \(batch) AND row_no = ANY(\(numbers))")
    try await insert(rows, of: batch, in: tx)
  }

  /// COPY refuses tables under row-level security, so the rows come through a table of this transaction's own.
  private static func insert(_ rows: [WrittenRow], of batch: ID<Batch>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      CREATE TEMP TABLE incoming_row (row_no integer, cells text[], parsed jsonb, legacy jsonb, source_record_id text,
        key_hash bytea, content_hash bytea, decision text, days jsonb) ON COMMIT DROP
      """)
    _ = try await tx.sql.copy("COPY incoming_row FROM STDIN", rows: rows.map(\.line))
    try await tx.execute(
      """
      INSERT INTO migration_staged_row (tenant_id, batch_id, row_no, cells, parsed, legacy, source_record_id, key_hash,
        content_hash, decision, days)
      SELECT \(tx.author.tenant), \(batch), row_no, cells, parsed, legacy, source_record_id, key_hash, content_hash,
        decision, days
      FROM incoming_row
      """)
    try await keepIssues(of: rows, of: batch, in: tx)
  }

  private static func keepIssues(
    of rows: [WrittenRow], of batch: ID<Batch>, in tx: AuditedTransaction
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
