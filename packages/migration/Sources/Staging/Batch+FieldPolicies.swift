// Says how a re-import treats the fields of records that are here; the rows are decided anew by that.

package import Access
import EthicoTypes
import Jobs
import Postgres

extension Batch {
  /// Treats the fields of records that are here by other rules from now on. What becomes of each row depends on them,
  /// so all are checked again; the warnings that somebody took note of stay noted.
  /// - Throws: `BatchRefusal`, with nothing changed.
  package func treat(_ fields: FieldPolicies, in tx: AuditedTransaction) async throws {
    try demandChecked()
    if fields != policies {
      try await tx.execute("UPDATE migration_batch SET state = 'mapped' WHERE id = \(id)")
      let job = try await tx.order(CheckAgain(batch: id), uniqueKey: "\(id) \(version)")
      try await tx.execute(
        """
        UPDATE migration_batch
        SET state = 'staged', job_id = \(job), counts = '{}', field_policies = \(try JSONText(encoding: fields))
        WHERE id = \(id)
        """)
    }
    let chosen = ReimportField.all(of: entity).filter { fields[$0] != .ifUnchangedSinceImport }
      .map { "\($0.name) \(fields[$0].rawValue)" }
    try await tx.record(
      "migration.field_rules", object: object, status: 303,
      detail: "\(title): \(chosen.isEmpty ? "as usual" : chosen.joined(separator: ", "))")
  }
}
