// Orders a reckoning, and stops one.

package import Access
import EthicoTypes
import Jobs
import Postgres

extension MigrationProject {
  /// Orders that every kind of record is reckoned.
  /// - Throws: `ReconcileRefusal`, with nothing changed.
  package func reconcile(in tx: AuditedTransaction) async throws {
    guard state == .active || state == .reconciling else {
      throw ReconcileRefusal.illegalTransition(from: state, to: .reconciling)
    }
    guard try await Reckoning.latest(of: id, in: tx)?.isRunning != true else { throw ReconcileRefusal.running }
    guard try await ReckonedBatch.isAny(of: id, in: tx) else { throw ReconcileRefusal.nothing }
    try await Reckoning.endLost(of: id, in: tx)
    let reckoning: ID<Reckoning> = tx.newID()
    let job = try await tx.order(Reckon(reckoning: reckoning))
    try await tx.execute(
      """
      INSERT INTO migration_reckoning (tenant_id, id, project_id, job_id)
      VALUES (\(tx.author.tenant), \(reckoning), \(id), \(job))
      """)
    try await tx.record("migration.reconcile_start", object: Self.object(id), status: 303)
  }

  /// Stops the reckoning that goes on. What was reckoned before stays.
  /// - Throws: `ReconcileRefusal.notRunning`, with nothing changed.
  package func stopReckoning(in tx: AuditedTransaction) async throws {
    guard try await Reckoning.latest(of: id, in: tx)?.isRunning == true else { throw ReconcileRefusal.notRunning }
    try await Reckoning.end(of: id, .stopped, in: tx)
    try await tx.record("migration.reconcile_stop", object: Self.object(id), status: 303)
  }
}
