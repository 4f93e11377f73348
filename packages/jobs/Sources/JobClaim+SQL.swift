// Taking a job, keeping it, and saying what came of it. Where work waits is looked up with the fleet's role; everything
// else happens inside the job's own client.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// A job that waits, and whose it is: all that a worker knows before it takes one.
struct DueJob: Sendable, RowDecodable {
  let scope: ID<Tenant>
  let job: ID<JobRecord>

  init(row: Row) throws {
    scope = try row["tenant_id"]
    job = try row["job_id"]
  }
}

extension Ledger {
  /// What is due in those queues, of those kinds: the most urgent first. More than one, as others look too.
  func dueJobs(queues: [JobQueue], kinds: [String]) async throws -> [DueJob] {
    try await database.query(
      .fleet,
      """
      SELECT tenant_id, job_id
      FROM job_due
      WHERE queue = ANY(\(queues)) AND kind = ANY(\(kinds)) AND due_at <= \(timepiece.now())
      ORDER BY priority, due_at, job_id
      LIMIT 20
      """, as: DueJob.self)
  }

  /// Takes a job for that worker; `nil` when somebody else has it, or it is not to be done any more.
  func claim(_ due: DueJob, worker: String) async throws -> ClaimedJob? {
    let author = Author(.system("worker"), tenant: due.scope, request: due.facts)
    return try await tenant(by: author) { tx in
      let waiting = try await tx.first(
        """
        SELECT kind, arguments, state, attempts, attempts_left, losses, effect_key,
          effect_begun_at IS NOT NULL AND effect_done_at IS NULL AS is_doubtful,
          cancel_asked_at IS NOT NULL AS is_called_off
        FROM job
        WHERE id = \(due.job)
          AND (state IN ('queued', 'retrying') AND run_at <= \(tx.at)
            OR state = 'running' AND leased_until < \(tx.at) AND losses < 2)
        FOR UPDATE SKIP LOCKED
        """, as: WaitingJob.self)
      guard let waiting else { return nil }
      let last = JobLease(scope: due.scope, job: due.job, attempt: waiting.attempts, worker: worker)
      if waiting.state == .running, try await bury(waiting, last, in: tx) { return nil }
      return try await take(waiting, last, in: tx)
    }
  }

  /// A job whose worker went away: its attempt ends. What nobody can want again ends too.
  private func bury(_ waiting: WaitingJob, _ last: JobLease, in tx: AuditedTransaction) async throws -> Bool {
    try await last.close(.lost, error: "The worker stopped answering.", in: tx)
    if waiting.isCalledOff {
      try await last.leave(.cancelled, result: nil, in: tx)
    } else if waiting.isDoubtful {
      try await last.leave(.dead, result: JobRun.doubt, in: tx)
    } else if waiting.attemptsLeft == 0 {
      try await last.leave(.dead, result: "Its last worker stopped answering.", in: tx)
    } else {
      return false
    }
    return true
  }

  private func take(_ waiting: WaitingJob, _ last: JobLease, in tx: AuditedTransaction) async throws -> ClaimedJob {
    let lease = JobLease(scope: last.scope, job: last.job, attempt: waiting.attempts + 1, worker: last.worker)
    let losses = waiting.losses + (waiting.state == .running ? 1 : 0)
    let left = max(0, waiting.attemptsLeft - 1)
    try await tx.execute(
      """
      UPDATE job
      SET state = 'running', worker = \(lease.worker), attempts = \(lease.attempt), attempts_left = \(left),
        losses = \(losses), heartbeat_at = \(tx.at), leased_until = \(tx.at.addingTimeInterval(JobLease.seconds)),
        started_at = \(tx.at), done = NULL, total = NULL, result = NULL, version = version + 1
      WHERE id = \(lease.job)
      """)
    try await tx.execute(
      """
      INSERT INTO job_attempt (tenant_id, job_id, number, worker, started_at)
      VALUES (\(lease.scope), \(lease.job), \(lease.attempt), \(lease.worker), \(tx.at))
      """)
    return ClaimedJob(
      lease: lease, kind: waiting.kind, arguments: waiting.arguments, effectKey: waiting.effectKey, attemptsLeft: left)
  }

  /// Renews the lease.
  /// - Throws: `JobStop` when the job is not this worker's any more, or somebody cancelled it.
  func beat(_ lease: JobLease, done: Int? = nil, total: Int? = nil) async throws {
    let calledOff = try await tenant(by: lease.author) { tx in
      try await tx.first(
        """
        UPDATE job
        SET heartbeat_at = \(tx.at), leased_until = \(tx.at.addingTimeInterval(JobLease.seconds)),
          done = COALESCE(\(done), done), total = COALESCE(\(total), total)
        WHERE \(fragment: lease.mine)
        RETURNING cancel_asked_at IS NOT NULL
        """, as: Bool.self)
    }
    guard let calledOff else { throw JobStop.lost }
    if calledOff { throw JobStop.cancelled }
  }

  /// Writes down how a run ended; nothing when the job is not this worker's any more.
  func finish(_ lease: JobLease, _ end: JobEnd) async throws {
    try await tenant(by: lease.author) { tx in
      guard try await lease.hold(in: tx) else { return }
      switch end {
      case .succeeded(let result):
        try await lease.close(.succeeded, error: nil, in: tx)
        try await lease.leave(.succeeded, result: result, in: tx)
      case .failed(let error, nil):
        try await lease.close(.failed, error: error, in: tx)
        try await lease.leave(.dead, result: nil, in: tx)
      case .failed(let error, let retry?):
        try await lease.close(.failed, error: error, in: tx)
        try await lease.wait(until: retry, in: tx)
      case .cancelled:
        try await lease.close(.cancelled, error: nil, in: tx)
        try await lease.leave(.cancelled, result: nil, in: tx)
      case .handedBack:
        try await lease.close(.handedBack, error: nil, in: tx)
        try await tx.execute("UPDATE job SET attempts_left = attempts_left + 1 WHERE id = \(lease.job)")
        try await lease.wait(until: tx.at, in: tx)
      }
    }
  }
}

extension DueJob {
  fileprivate var facts: RequestFacts {
    RequestFacts(id: ID(job.uuid), ip: nil, method: "JOB", route: "job.claim")
  }
}

extension JobLease {
  /// Ends the attempt.
  func close(_ outcome: AttemptOutcome, error: String?, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE job_attempt
      SET ended_at = \(tx.at), outcome = \(outcome), error = left(\(error), 2000)
      WHERE job_id = \(job) AND number = \(attempt)
      """)
  }

  /// Ends the job.
  func leave(_ state: JobState, result: String?, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE job
      SET state = \(state), result = left(\(result), 2000), finished_at = \(tx.at), worker = NULL, heartbeat_at = NULL,
        leased_until = NULL, version = version + 1
      WHERE id = \(job)
      """)
  }

  /// Lets the job wait for its next attempt.
  func wait(until moment: Date, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE job
      SET state = 'retrying', run_at = \(moment), worker = NULL, heartbeat_at = NULL, leased_until = NULL,
        version = version + 1
      WHERE id = \(job)
      """)
  }
}

/// A job as it is found before it is taken.
private struct WaitingJob: Sendable, RowDecodable {
  let kind: String
  let arguments: JSONText
  let state: JobState
  let attempts: Int
  let attemptsLeft: Int
  let losses: Int
  let effectKey: UUID
  let isDoubtful: Bool
  let isCalledOff: Bool

  init(row: Row) throws {
    kind = try row["kind"]
    arguments = try row["arguments"]
    state = try row["state"]
    attempts = try row["attempts"]
    attemptsLeft = try row["attempts_left"]
    losses = try row["losses"]
    effectKey = try row["effect_key"]
    isDoubtful = try row["is_doubtful"]
    isCalledOff = try row["is_called_off"]
  }
}
