// What came in files is removed some time after the client has signed off: the bytes, and what rows held of them. What
// became of each row stays, and so does the way to take it back.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres

/// Removes what a client's move brought in files. It looks at the project on the day, and before each step: one that is
/// open again keeps all that is there, and its next signature orders another day.
package struct MigrationPurge: Job {
  package static let kind = "migration.purge"
  package static let queue = JobQueue.nightly
  package static let safeArguments: Set<String> = ["project"]

  package let project: ID<MigrationProject>

  package init(project: ID<MigrationProject>) {
    self.project = project
  }

  /// So many rows are emptied in one transaction.
  private static let rowsAtOnce = 10_000

  package func run(_ run: JobRun) async throws -> String {
    let id = project
    guard let batches = try await run.inside({ tx in try await due(in: tx) }) else {
      return "Nothing is to be removed: the move is open again, or its day has not come."
    }
    for batch in batches {
      var behind = 0
      // Ends behind the last row.
      while let last = try await run.inside({ [behind] tx in try await empty(batch, behind: behind, in: tx) }) {
        behind = last
      }
      // Ends with the last conflict.
      while try await run.inside({ tx in try await emptyRest(of: batch, in: tx) }) {}
    }
    let files = try await run.inside { tx in
      try await tx.query(
        "SELECT id FROM migration_source_file WHERE project_id = \(id) AND purged_at IS NULL ORDER BY id",
        as: ID<SourceFileRecord>.self)
    }
    for file in files { try await run.inside { tx in try await remove(file, in: tx) } }
    return try await run.inside { tx in
      guard try await isDue(in: tx) else { return "The move was opened again meanwhile: what is left stays." }
      try await tx.execute("UPDATE migration_project SET purged_at = \(tx.at) WHERE id = \(id)")
      try await tx.record(
        "migration.purge", object: MigrationProject.object(id),
        detail: "\(files.count) files, the rows of \(batches.count) batches")
      return "\(files.count) files removed, and the rows of \(batches.count) batches emptied."
    }
  }

  /// Whether its day has come and the move is not open; nobody opens it until the transaction ends.
  private func isDue(in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first(
      """
      SELECT 1 FROM migration_project
      WHERE id = \(project) AND state IN ('signed_off', 'closed') AND purge_at <= \(tx.at)
      FOR UPDATE
      """, as: Int.self) != nil
  }

  /// The batches whose rows are to be emptied; `nil` where it is not the day, or no day at all.
  private func due(in tx: AuditedTransaction) async throws -> [ID<Batch>]? {
    guard try await isDue(in: tx) else { return nil }
    return try await tx.query(
      "SELECT id FROM migration_batch WHERE project_id = \(project) ORDER BY id", as: ID<Batch>.self)
  }

  /// Empties the next rows of a batch.
  /// - Returns: the last of them; `nil` where there are none.
  private func empty(_ batch: ID<Batch>, behind row: Int, in tx: AuditedTransaction) async throws -> Int? {
    guard try await isDue(in: tx) else { return nil }
    return try await tx.first(
      """
      WITH picked AS (
        SELECT row_no FROM migration_staged_row
        WHERE batch_id = \(batch) AND row_no > \(row) AND (cells <> '{}' OR parsed <> '{}' OR legacy <> '{}')
        ORDER BY row_no
        LIMIT \(Self.rowsAtOnce)
      ), emptied AS (
        UPDATE migration_staged_row s SET cells = '{}', parsed = '{}', legacy = '{}', days = '{}'
        FROM picked
        WHERE s.batch_id = \(batch) AND s.row_no = picked.row_no
      )
      SELECT max(row_no) FROM picked
      """, as: Int?.self) ?? nil
  }

  /// Empties whatever else repeats a value of a batch's source.
  /// - Returns: whether there may be more.
  private func emptyRest(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> Bool {
    guard try await isDue(in: tx) else { return false }
    guard try await emptyConflicts(of: batch, in: tx) == 0 else { return true }
    try await tx.sql.execute(together: [
      "UPDATE migration_row_issue SET value = NULL WHERE batch_id = \(batch) AND value IS NOT NULL",
      "DELETE FROM migration_grid WHERE batch_id = \(batch)",
      "DELETE FROM migration_column_profile WHERE batch_id = \(batch)",
      "DELETE FROM migration_correction WHERE batch_id = \(batch)",
    ])
    return false
  }

  /// Both sides of fields that a source and the client disagreed on go, decided or not.
  private func emptyConflicts(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> Int {
    let emptied = try await tx.execute(
      """
      UPDATE migration_conflict
      SET source_digest = sha256(convert_to(source_value, 'UTF8')), source_value = NULL, our_value = NULL,
        purged_at = \(tx.at)
      WHERE id IN (
        SELECT id FROM migration_conflict
        WHERE batch_id = \(batch) AND purged_at IS NULL
        ORDER BY row_no, field
        LIMIT \(Self.rowsAtOnce))
      """)
    if emptied > 0 {
      try await tx.record("migration.purge", object: Batch.object(batch), detail: "\(emptied) fields in conflict")
    }
    return emptied
  }

  private func remove(_ file: ID<SourceFileRecord>, in tx: AuditedTransaction) async throws {
    guard try await isDue(in: tx), let record = try await SourceFileRecord.find(file, in: tx) else { return }
    try await StoredBytes.delete(record.blob, in: tx)
    try await tx.execute("UPDATE migration_source_file SET purged_at = \(tx.at) WHERE id = \(file)")
    try await tx.record("migration.purge", object: SourceFileRecord.object(file), detail: record.name)
  }
}
