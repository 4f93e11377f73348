// What a person does to a job: each act is one event, and the worker sees it at its next look.

package import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension JobRecord {
  /// Throws when the job moved on after version `seen`.
  package func demand(_ seen: Int) throws(JobRefusal) {
    guard version == seen else { throw .stale(self) }
  }

  /// Does the act. A job that runs is cancelled at its next sign of life; a stuck one at once, as it has none.
  /// - Throws: `JobRefusal`, with nothing changed.
  package func perform(_ act: JobAct, in tx: AuditedTransaction) async throws {
    let isStuck = isStuck(at: tx.at)
    guard act.applies(to: state, isStuck: isStuck) else { throw JobRefusal.badTransition(act, state) }
    switch act {
    case .retry, .runNow: try await JobRecord.queue([self], in: tx)
    case .cancel: try await JobRecord.cancel([self], in: tx)
    }
    let detail = isStuck ? "\(kind): taken from its worker" : kind
    try await tx.record("job." + act.rawValue, object: JobRecord.object(id), status: 303, detail: detail)
  }

  /// Lets them run at once, as often as at first. A stuck one leaves its worker first.
  static func queue(_ jobs: [JobRecord], in tx: AuditedTransaction) async throws {
    let stuck = jobs.filter { $0.state == .running }
    try await take(stuck, in: tx)
    do {
      try await tx.execute(
        """
        UPDATE job
        SET state = 'queued', run_at = \(tx.at), attempts_left = tries, losses = 0, finished_at = NULL, result = NULL,
          cancel_asked_at = NULL, version = version + 1
        WHERE id = ANY(\(jobs.map(\.id)))
        """)
    } catch let error as PostgresError where error.constraint == "job_once" {
      throw JobRefusal.already
    }
  }

  static func cancel(_ jobs: [JobRecord], in tx: AuditedTransaction) async throws {
    let running = jobs.filter { $0.state == .running && !$0.isStuck(at: tx.at) }.map(\.id)
    let others = jobs.filter { $0.state != .running || $0.isStuck(at: tx.at) }
    try await close(others.filter { $0.state == .running }, in: tx)
    try await tx.execute(
      """
      UPDATE job
      SET cancel_asked_at = COALESCE(cancel_asked_at, \(tx.at)), version = version + 1
      WHERE id = ANY(\(running))
      """)
    try await tx.execute(
      """
      UPDATE job
      SET state = 'cancelled', cancel_asked_at = COALESCE(cancel_asked_at, \(tx.at)), finished_at = \(tx.at),
        worker = NULL, heartbeat_at = NULL, leased_until = NULL, version = version + 1
      WHERE id = ANY(\(others.map(\.id)))
      """)
  }

  /// Takes stuck jobs from the workers that do not answer.
  private static func take(_ stuck: [JobRecord], in tx: AuditedTransaction) async throws {
    guard !stuck.isEmpty else { return }
    try await close(stuck, in: tx)
    try await tx.execute(
      """
      UPDATE job
      SET state = 'retrying', worker = NULL, heartbeat_at = NULL, leased_until = NULL
      WHERE id = ANY(\(stuck.map(\.id)))
      """)
  }

  /// Ends the attempts of workers that do not answer.
  private static func close(_ stuck: [JobRecord], in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE job_attempt
      SET ended_at = \(tx.at), outcome = 'lost', error = 'The worker stopped answering.'
      WHERE job_id = ANY(\(stuck.map(\.id))) AND outcome IS NULL
      """)
  }
}
