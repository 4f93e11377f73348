// How far the job is that works on a batch.

package import Access
package import FoundationEssentials
package import Postgres

/// The job that works on a batch.
package struct BatchWork: Sendable, RowDecodable {
  /// `nil` until it has said so.
  package let done: Int?
  package let total: Int?
  package let startedAt: Date?

  package init(row: Row) throws {
    done = try row["done"]
    total = try row["total"]
    startedAt = try row["started_at"]
  }

  /// `nil` where none goes on. Of an import that is paused it is the one that wrote until then.
  package static func find(of batch: Batch, in tx: AuditedTransaction) async throws -> BatchWork? {
    guard let job = batch.job else { return nil }
    return try await tx.first(
      """
      SELECT done, total, started_at
      FROM job
      WHERE id = \(job) AND (state IN ('queued', 'running', 'retrying') OR \(batch.state == .paused))
      """, as: BatchWork.self)
  }
}

extension SourceFileRecord {
  /// Whether a file is still to be read.
  package static func isBeingRead(in tx: AuditedTransaction) async throws -> Bool {
    let waiting = try await tx.first(
      """
      SELECT (SELECT count(*) FROM migration_source_file f WHERE \(fragment: isAwaited))
        + (SELECT count(*) FROM migration_hidden_table h WHERE \(fragment: HiddenTable.isBeingRead))
      """, as: Int.self)
    return (waiting ?? 0) > 0
  }
}
