// Has the client agree to what was reckoned of its move, and closes it.

package import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Mapping
import Postgres

extension MigrationProject {
  /// What stands between what was reckoned and the client's signature, each a sentence.
  package func obstacles(_ reckoned: [Reconciliation], in tx: AuditedTransaction) async throws -> [String] {
    let batches = try await tx.all(BatchStanding.all(of: id))
    let open = batches.filter { ![.committed, .undone, .partiallyUndone].contains($0.state) }
    let isReading = try await SourceFileRecord.isBeingRead(in: tx)
    let unread = try await tx.all(SourceFileRecord.givenUp(of: id))
    let conflicts = try await Conflict.open(of: id, in: tx)
    let undecided = batches.filter { conflicts[$0.id] != nil }
    let missing = choices.filter { choice in
      !batches.contains { $0.entity == choice.rawValue && $0.isCommitted }
    }
    return (isReading ? ["A file is still being read."] : [])
      + unread.map { "“\($0)” was never read to its end: delete it, or have its job tried again." }
      + open.map { "“\($0.title)” is \($0.state.label.lowercased()): import it, or cancel it." }
      + undecided.map { "“\($0.title)”, fields to decide: \(conflicts[$0.id] ?? 0)." }
      + missing.map { "Chosen, and nothing of it came over: \($0.label). Bring it, or take it off the list." }
      + reckoned.flatMap(\.figures.differences)
  }

  /// Notes that somebody at the client agreed to what was reckoned, and orders that what came in files is removed
  /// later.
  /// - Parameter confirmedBy: who at the client agreed.
  /// - Throws: `ReconcileRefusal`, with nothing changed.
  package func signOff(by confirmedBy: String, keeping delay: PurgeDelay, in tx: AuditedTransaction) async throws {
    guard state == .reconciling else { throw ReconcileRefusal.illegalTransition(from: state, to: .signedOff) }
    let reckoned = try await tx.all(Reconciliation.latest(of: id))
    guard !reckoned.isEmpty else { throw ReconcileRefusal.nothing }
    guard try await Reckoning.latest(of: id, in: tx)?.isRunning != true else { throw ReconcileRefusal.running }
    let obstacles = try await obstacles(reckoned, in: tx)
    guard obstacles.isEmpty else { throw ReconcileRefusal.obstacles(obstacles) }
    let changes = try await FiguresChange.all(since: reckoned, of: id, in: tx)
    guard changes.isEmpty else { throw ReconcileRefusal.changed(changes.map(\.entity)) }
    try await tx.execute(
      """
      UPDATE migration_reconciliation SET confirmed_by = \(confirmedBy), confirmed_at = \(tx.at)
      WHERE id = ANY(\(reckoned.map(\.id)))
      """)
    try await move(to: .signedOff, in: tx)
    let purgeAt = tx.at.addingTimeInterval(Double(delay.days) * 86_400)
    try await tx.execute(
      "UPDATE migration_project SET signed_off_at = \(tx.at), purge_at = \(purgeAt) WHERE id = \(id)")
    try await tx.order(MigrationPurge(project: id), at: purgeAt, uniqueKey: "\(id) \(purgeAt.timeIntervalSince1970)")
    try await tx.record(
      "migration.sign_off", object: Self.object(id), status: 303, detail: "confirmed by \(confirmedBy)")
  }

  /// Closes a move that the client has signed off: another one can begin.
  /// - Throws: `ReconcileRefusal`, with nothing changed.
  package func close(in tx: AuditedTransaction) async throws {
    guard state == .signedOff else { throw ReconcileRefusal.illegalTransition(from: state, to: .closed) }
    try await tx.execute(
      "UPDATE migration_project SET state = 'closed', closed_at = \(tx.at) WHERE id = \(id)")
    try await tx.record("migration.close", object: Self.object(id), status: 303)
  }
}
