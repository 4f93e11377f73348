// A client's jobs as they would be on some morning: a month that went well, one mail that did not, and one job whose
// worker went away with it.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres
import Workspace

struct JobSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date
  /// Whether the faults for support to find are among them.
  let faults: Faults

  enum Faults: Sendable {
    case planted, none
  }

  func run(using random: inout SplitMix64) async throws {
    var jobs = (1...28).map { past(day: $0, using: &random) }
    var attempts = jobs.map { attempt(1, of: $0, from: $0.startedAt, to: $0.finishedAt, .succeeded) }
    if faults == .planted {
      let mail = deadMail()
      jobs.append(mail)
      attempts += mailAttempts(mail)
      let stuck = stuckCheck()
      jobs.append(stuck)
      attempts += [
        attempt(1, of: stuck, from: anchor.addingTimeInterval(-9_000), to: anchor.addingTimeInterval(-8_100), .lost),
        attempt(2, of: stuck, from: anchor.addingTimeInterval(-8_000), to: anchor.addingTimeInterval(-7_400), .lost),
        attempt(3, of: stuck, from: stuck.startedAt, to: nil, nil),
      ]
    }
    try await store(jobs, attempts)
  }

  // MARK: What went well

  private func past(day: Int, using random: inout SplitMix64) -> JobRow {
    let at = anchor.addingTimeInterval(-Double(day) * 86_400 + Double.random(in: 0..<3_600, using: &random))
    let isWeekly = day.isMultiple(of: 7)
    let tries = isWeekly ? RetentionCheck.tries : TenantClean.tries
    return JobRow(
      id: id(at), kind: isWeekly ? RetentionCheck.kind : TenantClean.kind,
      queue: isWeekly ? RetentionCheck.queue.rawValue : TenantClean.queue.rawValue,
      arguments: isWeekly ? ["entity": "case", "asked_by": "admin@" + client.domain] : [:], state: .succeeded,
      tries: tries, attempts: 1, attemptsLeft: tries - 1, effectKey: id(at), runAt: at, createdAt: at,
      startedAt: at.addingTimeInterval(1),
      finishedAt: at.addingTimeInterval(Double.random(in: 1.1...9, using: &random)),
      result: isWeekly
        ? "0 of 143 closed cases are older than 10 years. Nothing was deleted."
        : "\(Int.random(in: 0...60, using: &random)) form keys and 0 jobs dropped.")
  }

  // MARK: What did not

  /// A reminder that no server took.
  private func deadMail() -> JobRow {
    let at = anchor.addingTimeInterval(-2 * 86_400)
    return JobRow(
      id: id(at), kind: MailDelivery.kind, queue: MailDelivery.queue.rawValue,
      arguments: [
        "template": "attestation_reminder", "language": "en", "to": "compliance@" + client.domain,
        "name": "Compliance office",
      ], state: .dead, tries: MailDelivery.tries, attempts: Self.mailErrors.count, attemptsLeft: 0, effectKey: id(at),
      runAt: at, createdAt: at, startedAt: at.addingTimeInterval(20_000), finishedAt: at.addingTimeInterval(20_031))
  }

  private static let mailErrors = [
    "421 4.3.2 Service not available, closing transmission channel", "450 4.2.1 The mailbox is busy, try again later",
    "451 4.7.1 Greylisted, come back in 5 minutes", "421 4.3.2 Service not available, closing transmission channel",
    "451 4.7.1 Greylisted, come back in 5 minutes", "450 4.2.1 The mailbox is busy, try again later",
    "The connection to the mail server timed out after 30 s", "552 5.2.2 The mailbox is full",
  ]

  private func mailAttempts(_ mail: JobRow) -> [AttemptRow] {
    Self.mailErrors.enumerated().map { index, error in
      let start = mail.createdAt.addingTimeInterval(Double(index * index) * 400 + 1)
      let end = start.addingTimeInterval(error.hasSuffix("30 s") ? 30 : 2)
      return attempt(index + 1, of: mail, from: start, to: end, .failed, error)
    }
  }

  /// A check whose worker went away for the third time, with a third of the cases counted.
  private func stuckCheck() -> JobRow {
    let at = anchor.addingTimeInterval(-9_100)
    return JobRow(
      id: id(at), kind: RetentionCheck.kind, queue: RetentionCheck.queue.rawValue,
      arguments: ["entity": "case", "asked_by": "admin@" + client.domain], state: .running, tries: RetentionCheck.tries,
      attempts: 3, attemptsLeft: 5, losses: 2, effectKey: id(at), runAt: at, worker: "ops-2:4117",
      heartbeatAt: anchor.addingTimeInterval(-7_260), leasedUntil: anchor.addingTimeInterval(-7_230), done: 51,
      total: 151, createdAt: at, startedAt: anchor.addingTimeInterval(-7_300))
  }

  // MARK: Storing

  private func id(_ date: Date) -> String {
    let id: ID<JobRecord> = ledger.ids.next(at: date)
    return id.description
  }

  private func attempt(
    _ number: Int, of job: JobRow, from start: Date?, to end: Date?, _ outcome: AttemptOutcome?, _ error: String? = nil
  ) -> AttemptRow {
    AttemptRow(
      jobID: job.id, number: number, worker: job.worker ?? "ops-1:2093", startedAt: start ?? job.createdAt,
      endedAt: end, outcome: outcome?.rawValue,
      error: error ?? (outcome == .lost ? "The worker stopped answering." : nil))
  }

  private func store(_ jobs: [JobRow], _ attempts: [AttemptRow]) async throws {
    let rows = try JSONText.rows(jobs)
    let attemptRows = try JSONText.rows(attempts)
    let tenant = client.id
    try await ledger.tenant(by: Seed.author(ledger.ids, at: anchor).on(tenant)) { tx in
      try await tx.execute(
        """
        INSERT INTO job (tenant_id, id, kind, queue, arguments, state, tries, attempts, attempts_left, losses,
          effect_key, run_at, worker, heartbeat_at, leased_until, done, total, result, created_at, started_at,
          finished_at)
        SELECT \(tenant), id, kind, queue, arguments, state, tries, attempts, attempts_left, losses, effect_key, run_at,
          worker, heartbeat_at, leased_until, done, total, result, created_at, started_at, finished_at
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, kind text, queue text, arguments jsonb, state text,
          tries integer, attempts integer, attempts_left integer, losses integer, effect_key uuid, run_at timestamptz,
          worker text, heartbeat_at timestamptz, leased_until timestamptz, done bigint, total bigint, result text,
          created_at timestamptz, started_at timestamptz, finished_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO job_attempt (tenant_id, job_id, number, worker, started_at, ended_at, outcome, error)
        SELECT \(tenant), job_id, number, worker, started_at, ended_at, outcome, error
        FROM jsonb_to_recordset(\(attemptRows)) AS r (job_id uuid, number integer, worker text, started_at timestamptz,
          ended_at timestamptz, outcome text, error text)
        """)
    }
  }
}

/// A job as the database reads it from JSON.
private struct JobRow: Encodable, Sendable {
  let id: String
  let kind: String
  let queue: String
  let arguments: [String: String]
  let state: JobState
  let tries: Int
  let attempts: Int
  let attemptsLeft: Int
  var losses = 0
  let effectKey: String
  let runAt: Date
  var worker: String?
  var heartbeatAt: Date?
  var leasedUntil: Date?
  var done: Int?
  var total: Int?
  let createdAt: Date
  let startedAt: Date?
  var finishedAt: Date?
  var result: String?
}

private struct AttemptRow: Encodable, Sendable {
  let jobID: String
  let number: Int
  let worker: String
  let startedAt: Date
  let endedAt: Date?
  let outcome: String?
  let error: String?
}
