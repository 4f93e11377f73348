// A file whose batches came to nothing, or are over, can be imported again from the bytes that are here: nobody has to
// bring it a second time.

package import Access
import EthicoTypes
import Jobs
package import Postgres

extension SourceFileRecord {
  /// Orders that a new batch is made of each table of the file.
  /// - Throws: `FileRefusal`, with nothing changed.
  package func makeBatches(in tx: AuditedTransaction) async throws {
    guard let project = try await MigrationProject.hold(in: tx), try await isOf(project, in: tx) else {
      throw FileRefusal.noProject
    }
    guard kind != nil, refusal == nil, purgedAt == nil else { throw FileRefusal.unreadable(self) }
    guard try await isFree(in: tx) else { throw FileRefusal.open(self) }
    if project.state == .signedOff { try await project.move(to: .active, in: tx) }
    try await tx.order(ReadFile(file: id), uniqueKey: id.description)
    try await tx.record("migration.read", object: Self.object(id), status: 303, detail: "\(name): again")
  }

  /// Whether no batch of it is on its way: beside one that is, another one would bring the same rows.
  func isFree(in tx: AuditedTransaction) async throws -> Bool {
    let onTheirWay = BatchState.allCases.filter { !$0.isOver }
    return try await tx.first(
      "SELECT 1 FROM migration_batch WHERE file_id = \(id) AND state = ANY(\(onTheirWay)) LIMIT 1", as: Int.self) == nil
  }

  func isOf(_ project: MigrationProject, in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first(
      "SELECT 1 FROM migration_source_file WHERE id = \(id) AND project_id = \(project.id)", as: Int.self) != nil
  }
}
