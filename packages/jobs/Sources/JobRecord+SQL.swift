// Reads a client's jobs, inside the client's transaction.

package import Access
package import EthicoTypes
import FoundationEssentials
package import Postgres

extension JobRecord {
  /// How many jobs of each queue are in each state; the ones of which there are none left out. Each count stops at its
  /// limit, so that five million jobs are counted as fast as ten thousand.
  package static func counts(in tx: AuditedTransaction) async throws -> [JobCount] {
    try await tx.query(countsSQL, as: JobCount.self)
  }

  static var countsSQL: SQL {
    """
    SELECT q.queue, s.state, c.count
    FROM unnest(\(JobQueue.allCases)) AS q (queue)
    CROSS JOIN unnest(\(JobState.allCases)) AS s (state)
    CROSS JOIN LATERAL (
      SELECT count(*) FROM (
        SELECT 1 FROM job j WHERE j.queue = q.queue AND j.state = s.state LIMIT \(JobPage.countLimit + 1)
      ) counted
    ) c
    WHERE c.count > 0
    """
  }

  /// How many running jobs of each queue are stuck; the queues without one left out. Only those that run are looked
  /// at, which are few, so that they need no limit.
  package static func stuckCounts(in tx: AuditedTransaction) async throws -> [JobCount] {
    try await tx.query(
      """
      SELECT j.queue, j.state, count(*) AS count
      FROM job j
      WHERE \(fragment: JobFilter(only: .stuck).conditions(at: tx.at))
      GROUP BY j.queue, j.state
      """, as: JobCount.self)
  }

  /// The kinds of which there are jobs, by name: each found by a step on the index, however many jobs there are.
  package static func kinds(in tx: AuditedTransaction) async throws -> [String] {
    try await tx.query(
      """
      WITH RECURSIVE step (kind) AS (
        (SELECT kind FROM job ORDER BY kind LIMIT 1)
        UNION ALL
        SELECT (SELECT j.kind FROM job j WHERE j.kind > step.kind ORDER BY j.kind LIMIT 1)
        FROM step WHERE step.kind IS NOT NULL
      )
      SELECT kind FROM step WHERE kind IS NOT NULL LIMIT 100
      """, as: String.self)
  }

  /// A page of the list, newest first.
  package static func page(_ filter: JobFilter, in tx: AuditedTransaction) async throws -> JobPage {
    let found = try await tx.query(pageSQL(filter, at: tx.at), as: JobRecord.self)
    let count = try await tx.first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM job j WHERE \(fragment: filter.conditions(at: tx.at)) LIMIT \(JobPage.countLimit + 1)
      ) counted
      """, as: Int.self)
    let jobs = Array(found.prefix(filter.limit))
    return JobPage(jobs: jobs, count: count ?? 0, next: found.count > filter.limit ? jobs.last?.id : nil)
  }

  static func pageSQL(_ filter: JobFilter, at moment: Date) -> SQL {
    let position: SQL = filter.after.map { "j.id < \($0)" } ?? "true"
    return """
      SELECT \(fragment: columns)
      FROM job j
      WHERE \(fragment: filter.conditions(at: moment)) AND \(fragment: position)
      ORDER BY j.id DESC
      LIMIT \(filter.limit + 1)
      """
  }

  /// One job; `nil` when this client has none of that id.
  package static func find(_ id: ID<JobRecord>, in tx: AuditedTransaction) async throws -> JobRecord? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM job j WHERE j.id = \(id)", as: JobRecord.self)
  }

  /// Those of them that this client has.
  package static func find(_ ids: [ID<JobRecord>], in tx: AuditedTransaction) async throws -> [JobRecord] {
    try await tx.query("SELECT \(fragment: columns) FROM job j WHERE j.id = ANY(\(ids))", as: JobRecord.self)
  }

  /// How many jobs that match were ordered after that one; stops just beyond `newerLimit`.
  package static func count(
    newerThan newest: ID<JobRecord>, _ filter: JobFilter, in tx: AuditedTransaction
  ) async throws -> Int {
    try await tx.first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM job j
        WHERE \(fragment: filter.conditions(at: tx.at)) AND j.id > \(newest)
        LIMIT \(newerLimit + 1)
      ) counted
      """, as: Int.self) ?? 0
  }

  package static let newerLimit = 100

  /// The same, for a rule that is about to change it: holds the row.
  package static func hold(_ id: ID<JobRecord>, in tx: AuditedTransaction) async throws -> JobRecord? {
    try await tx.execute("SELECT id FROM job WHERE id = \(id) FOR UPDATE")
    return try await find(id, in: tx)
  }

  /// Everything that its page shows.
  package func file(
    of kinds: JobKinds, _ scope: JobArgumentScope = .safe, in tx: AuditedTransaction
  ) async throws -> JobFile {
    JobFile(job: self, arguments: try await arguments(kinds, scope, in: tx), attempts: try await attempts(in: tx))
  }

  private func arguments(
    _ kinds: JobKinds, _ scope: JobArgumentScope, in tx: AuditedTransaction
  ) async throws -> [JobArgument] {
    let safe = kinds.named(kind)?.safeArguments.sorted() ?? []
    let isRevealed = scope == .revealed
    return try await tx.query(
      """
      SELECT a.key, CASE WHEN \(isRevealed) OR a.key = ANY(\(safe)) THEN a.value::text END AS text,
        octet_length(a.value::text) AS bytes
      FROM job j
      CROSS JOIN LATERAL jsonb_each(j.arguments) AS a
      WHERE j.id = \(id)
      ORDER BY a.key
      """, as: JobArgument.self)
  }

  private func attempts(in tx: AuditedTransaction) async throws -> [JobAttempt] {
    try await tx.query(
      """
      SELECT number, worker, started_at, ended_at, outcome, error
      FROM job_attempt
      WHERE job_id = \(id)
      ORDER BY number DESC
      LIMIT 100
      """, as: JobAttempt.self)
  }

  static let columns: SQL = """
    j.id, j.kind, j.queue, j.state, j.attempts, j.attempts_left, j.losses, j.run_at, j.worker, j.heartbeat_at,
    j.cancel_asked_at, j.done, j.total, j.result, j.effect_begun_at, j.effect_done_at, j.created_at, j.started_at,
    j.finished_at, j.version,
    (SELECT a.error FROM job_attempt a
      WHERE a.tenant_id = j.tenant_id AND a.job_id = j.id AND a.error IS NOT NULL
      ORDER BY a.number DESC LIMIT 1) AS last_error
    """
}

extension Ledger {
  /// Runs `body` on the platform's own jobs, which no client's transaction sees.
  package func platformJobs<Result: Sendable>(
    by author: Author, _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await tenant(by: author.on(.platform), body)
  }
}

extension JobFilter {
  func conditions(at moment: Date) -> SQL {
    var conditions: [SQL] = []
    if !states.isEmpty { conditions.append("j.state = ANY(\(states))") }
    if !queues.isEmpty { conditions.append("j.queue = ANY(\(queues))") }
    if let kind { conditions.append("j.kind = \(kind)") }
    switch only {
    case nil: break
    case .stuck:
      conditions.append(
        "j.state = 'running' AND j.heartbeat_at < \(moment.addingTimeInterval(-JobLease.stuckSeconds))")
    }
    return .all(conditions)
  }
}

extension JobRecord: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    kind = try row["kind"]
    queue = try row["queue"]
    state = try row["state"]
    attempts = try row["attempts"]
    attemptsLeft = try row["attempts_left"]
    losses = try row["losses"]
    runAt = try row["run_at"]
    worker = try row["worker"]
    heartbeatAt = try row["heartbeat_at"]
    cancelAskedAt = try row["cancel_asked_at"]
    done = try row["done"]
    total = try row["total"]
    result = try row["result"]
    lastError = try row["last_error"]
    let begun: Date? = try row["effect_begun_at"]
    let ended: Date? = try row["effect_done_at"]
    effect = ended.map(EffectMark.done) ?? (begun == nil ? .none : .begun)
    createdAt = try row["created_at"]
    startedAt = try row["started_at"]
    finishedAt = try row["finished_at"]
    version = try row["version"]
  }
}

extension JobAttempt: RowDecodable {
  package init(row: Row) throws {
    number = try row["number"]
    worker = try row["worker"]
    startedAt = try row["started_at"]
    endedAt = try row["ended_at"]
    outcome = try row["outcome"]
    error = try row["error"]
  }
}

extension JobArgument: RowDecodable {
  package init(row: Row) throws {
    name = try row["key"]
    text = try row["text"]
    bytes = try row["bytes"]
  }
}

extension JobCount: RowDecodable {
  package init(row: Row) throws {
    queue = try row["queue"]
    state = try row["state"]
    count = try row["count"]
  }
}
