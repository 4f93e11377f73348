// What only all rows of a batch together show, and what becomes of each of them.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres

extension Batch {
  /// Checks what only all rows together show, decides what becomes of each row, and says so. What was found so before
  /// is found anew.
  func check(rowCount: Int, _ archive: ArchiveContents, in tx: AuditedTransaction) async throws -> BatchCounts {
    let counts = BatchCounts(try await SetRules.of(id, in: tx).decide(archive, in: tx))
    try await tx.execute(
      """
      UPDATE migration_batch
      SET state = 'validated', row_count = \(rowCount), counts = \(try JSONText(encoding: counts))
      WHERE id = \(id)
      """)
    try await tx.record("migration.validate", object: object, detail: "\(title): \(rowCount) rows")
    return counts
  }
}

extension JobRun {
  /// Checks a batch whose rows have been read, unless somebody has decided otherwise about it.
  func check(_ plan: StagingPlan, rowCount: Int) async throws -> BatchCounts {
    let archive = try await archiveContents(of: plan.batch)
    // In a transaction of its own: others who count would wait for the end of this one.
    try await inside { tx in _ = try await tx.execute("SELECT import_count_rows(\(plan.batch.id))") }
    return try await inside { tx in
      try await plan.demandStanding(in: tx)
      return try await plan.batch.check(rowCount: rowCount, archive, in: tx)
    }
  }
}
