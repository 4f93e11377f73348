// What a person does to all jobs that match: counted before, one event for all of them.

package import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// What an act on all jobs that match does.
package struct JobBulk: Sendable, Hashable {
  /// How many it is done to; one more than the limit where more match.
  package let taken: Int
  /// How many take it and are left as they are: another job does the same work, or will.
  package let left: Int

  /// So many jobs one act may touch.
  package static let limit = 1_000
  /// Its event: the client is the object, and each job that it touched is among the effects.
  package static let action = "job.bulk"

  /// What the act would do now.
  package static func count(_ act: JobAct, on filter: JobFilter, in tx: AuditedTransaction) async throws -> JobBulk {
    let found = try await matches(act, filter, hold: "", in: tx)
    guard found.count <= limit else { return JobBulk(taken: found.count, left: 0) }
    let taken = try await onePerKey(found, in: tx)
    return JobBulk(taken: taken.count, left: found.count - taken.count)
  }

  /// Does the act to every job that matches and takes it, if they are still as many as were shown. Of those that share
  /// a key the newest one is put in line, and none where another one waits or runs.
  /// - Throws: `JobRefusal`, with nothing changed.
  package static func perform(
    _ act: JobAct, on filter: JobFilter, shown: Int, in tx: AuditedTransaction
  ) async throws -> JobBulk {
    let found = try await matches(act, filter, hold: "FOR UPDATE OF j", in: tx)
    guard found.count <= limit else { throw JobRefusal.tooMany(found.count) }
    let jobs = try await onePerKey(found, in: tx)
    guard jobs.count == shown, shown > 0 else { throw JobRefusal.counted(shown: shown, now: jobs.count) }
    switch act {
    case .retry, .runNow: try await JobRecord.queue(jobs, in: tx)
    case .cancel: try await JobRecord.cancel(jobs, in: tx)
    }
    let bulk = JobBulk(taken: jobs.count, left: found.count - jobs.count)
    try await tx.record(
      action, object: AuditObject("tenant", tx.author.tenant ?? .platform), status: 303,
      effects: jobs.map { Effect(type: "job", id: $0.id.description, text: act.rawValue) },
      detail: "\(act.label): \(bulk.words)")
    return bulk
  }

  private var words: String {
    let said = taken == 1 ? "1 job" : "\(taken) jobs"
    return left == 0 ? said : "\(said), \(left) left as they were"
  }

  private static func matches(
    _ act: JobAct, _ filter: JobFilter, hold: SQL, in tx: AuditedTransaction
  ) async throws -> [KeyedJob] {
    try await tx.query(
      """
      SELECT \(fragment: JobRecord.columns), j.unique_key
      FROM job j
      WHERE \(fragment: filter.conditions(at: tx.at)) AND \(fragment: act.condition(at: tx.at))
      ORDER BY j.id
      LIMIT \(limit + 1)
      \(fragment: hold)
      """, as: KeyedJob.self)
  }

  /// Without those whose work another job does. What waits or runs has its key already; of the dead the newest gets it.
  private static func onePerKey(_ found: [KeyedJob], in tx: AuditedTransaction) async throws -> [JobRecord] {
    let dead = found.filter { $0.job.state == .dead && $0.key != nil }
    guard !dead.isEmpty else { return found.map(\.job) }
    var held = Set(
      try await tx.query(
        """
        SELECT o.kind, o.unique_key FROM job o
        WHERE o.kind = ANY(\(Array(Set(dead.map(\.job.kind))))) AND o.unique_key = ANY(\(dead.compactMap(\.key)))
          AND o.state IN ('queued', 'running', 'retrying')
        """, as: JobKey.self))
    var left: Set<ID<JobRecord>> = []
    for one in dead.reversed() {
      if let key = JobKey(one), !held.insert(key).inserted { left.insert(one.job.id) }
    }
    return found.map(\.job).filter { !left.contains($0.id) }
  }
}

/// A job, and what at most one of its kind waits or runs under.
private struct KeyedJob: Sendable, RowDecodable {
  let job: JobRecord
  let key: String?

  init(row: Row) throws {
    job = try JobRecord(row: row)
    key = try row["unique_key"]
  }
}

private struct JobKey: Sendable, Hashable, RowDecodable {
  let kind: String
  let key: String

  init?(_ keyed: KeyedJob) {
    guard let key = keyed.key else { return nil }
    kind = keyed.job.kind
    self.key = key
  }

  init(row: Row) throws {
    kind = try row["kind"]
    key = try row["unique_key"]
  }
}

extension JobAct {
  /// The jobs `j` that take the act, as `applies` says it.
  fileprivate func condition(at moment: Date) -> SQL {
    let silent = moment.addingTimeInterval(-JobLease.stuckSeconds)
    return switch self {
    case .retry:
      "(j.state IN ('dead', 'retrying') OR j.state = 'running' AND j.heartbeat_at < \(silent))"
    case .runNow: "j.state IN ('queued', 'retrying')"
    case .cancel: "j.state IN ('queued', 'retrying', 'running')"
    }
  }
}
