// Takes files in, and lets go of those that nothing came from.

package import Access
package import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres

extension SourceFileRecord {
  /// What the trail calls it.
  package static func object(_ id: ID<SourceFileRecord>) -> AuditObject { AuditObject("migration_source_file", id) }

  /// Makes a file of bytes that are stored and that the project does not have yet, and orders that it is read.
  static func keep(
    _ stored: StoredFile, in project: MigrationProject, in tx: AuditedTransaction
  ) async throws -> ID<SourceFileRecord> {
    let id: ID<SourceFileRecord> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO migration_source_file (tenant_id, id, project_id, name, byte_count, sha256, blob_id)
      VALUES (\(tx.author.tenant), \(id), \(project.id), \(stored.name), \(stored.byteCount), \(stored.sha256),
        \(stored.blob))
      """)
    if project.state == .signedOff { try await project.move(to: .active, in: tx) }
    try await tx.order(ReadFile(file: id), uniqueKey: id.description)
    try await tx.record("migration.upload", object: object(id), status: 303, detail: stored.name)
    return id
  }

  /// Lets go of a file, its bytes and its batches.
  /// - Throws: `FileRefusal.used` where a batch of it has begun to become records.
  package func delete(in tx: AuditedTransaction) async throws {
    let batches = try await tx.query("SELECT id FROM migration_batch WHERE file_id = \(id) FOR UPDATE", as: UUID.self)
    let begun = try await tx.first(
      """
      SELECT count(*) FROM migration_batch
      WHERE file_id = \(id) AND state NOT IN ('uploaded', 'profiled', 'mapped', 'staged', 'validated', 'cancelled')
      """, as: Int.self)
    guard begun == 0 else { throw FileRefusal.used(self) }
    for table in Self.batchTables {
      try await tx.execute("\(fragment: table) WHERE batch_id = ANY(\(batches))")
    }
    try await tx.execute("DELETE FROM migration_batch WHERE file_id = \(id)")
    try await tx.execute("DELETE FROM migration_source_file WHERE id = \(id)")
    try await StoredBytes.delete(blob, in: tx)
    try await tx.record("migration.delete_file", object: Self.object(id), status: 303, detail: name)
  }

  private static let batchTables: [SQL] = [
    "DELETE FROM migration_row_issue", "DELETE FROM migration_staged_row", "DELETE FROM migration_column_profile",
    "DELETE FROM migration_grid", "DELETE FROM migration_correction",
    "DELETE FROM migration_checkpoint", "DELETE FROM migration_value_mapping", "DELETE FROM migration_mapping",
  ]
}
