// A job as people look at it: where it stands, how far it is, what went wrong. Its arguments are read apart.

package import Access
package import EthicoTypes
package import FoundationEssentials

/// One job.
package struct JobRecord: Sendable, Hashable {
  package let id: ID<JobRecord>
  package let kind: String
  package let queue: JobQueue
  package let state: JobState
  package let attempts: Int
  package let attemptsLeft: Int
  package let losses: Int
  /// Not before then.
  package let runAt: Date
  package let worker: String?
  package let heartbeatAt: Date?
  package let cancelAskedAt: Date?
  package let done: Int?
  package let total: Int?
  /// What came of it.
  package let result: String?
  /// What the last failed attempt said.
  package let lastError: String?
  package let effect: EffectMark
  package let createdAt: Date
  package let startedAt: Date?
  package let finishedAt: Date?
  package let version: Int

  /// What is known of what the job does outside.
  package enum EffectMark: Sendable, Hashable {
    case none
    /// Begun; whether it happened is not known.
    case begun
    case done(Date)
  }

  /// Whether nobody has heard of its worker for three leases.
  package func isStuck(at moment: Date) -> Bool {
    guard state == .running, let heartbeatAt else { return false }
    return moment.timeIntervalSince(heartbeatAt) > JobLease.stuckSeconds
  }

  /// What the audit trail calls it.
  package static func object(_ id: ID<JobRecord>) -> AuditObject {
    AuditObject("job", id)
  }
}

/// One attempt at a job.
package struct JobAttempt: Sendable, Hashable {
  package let number: Int
  package let worker: String
  package let startedAt: Date
  package let endedAt: Date?
  /// `nil` while it lasts.
  package let outcome: AttemptOutcome?
  package let error: String?
}

/// One argument of a job. What is hidden never leaves the database.
package struct JobArgument: Sendable, Hashable {
  package let name: String
  /// As JSON; `nil` where it is hidden.
  package let text: String?
  package let bytes: Int
}

/// Which arguments are read.
package enum JobArgumentScope: Sendable, Hashable {
  /// Those that the kind declares safe.
  case safe
  /// All of them: a reveal, which is an event of its own.
  case revealed
}

/// Everything that a job's page shows.
package struct JobFile: Sendable, Hashable {
  package let job: JobRecord
  package let arguments: [JobArgument]
  /// Newest first.
  package let attempts: [JobAttempt]
}

/// How many jobs of a queue are in a state.
package struct JobCount: Sendable, Hashable {
  package let queue: JobQueue
  package let state: JobState
  /// Exact up to `JobPage.countLimit`, then one more.
  package let count: Int
}
