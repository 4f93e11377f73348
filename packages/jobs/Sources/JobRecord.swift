// A job as people look at it: where it stands, how far it is, what went wrong. Its arguments are read apart.

public import Access
public import EthicoTypes
public import FoundationEssentials

/// One job.
public struct JobRecord: Sendable, Hashable {
  public let id: ID<JobRecord>
  public let kind: String
  public let queue: JobQueue
  public let state: JobState
  public let tries: Int
  public let attempts: Int
  public let attemptsLeft: Int
  public let losses: Int
  /// Not before then.
  public let runAt: Date
  public let worker: String?
  public let heartbeatAt: Date?
  public let cancelAskedAt: Date?
  public let done: Int?
  public let total: Int?
  /// What came of it.
  public let result: String?
  /// What the last failed attempt said.
  public let lastError: String?
  public let effect: EffectMark
  public let createdAt: Date
  public let startedAt: Date?
  public let finishedAt: Date?
  public let version: Int

  /// What is known of what the job does outside.
  public enum EffectMark: Sendable, Hashable {
    case none
    /// Begun; whether it happened is not known.
    case begun
    case done(Date)
  }

  /// Whether nobody has heard of its worker for three leases.
  public func isStuck(at moment: Date) -> Bool {
    guard state == .running, let heartbeatAt else { return false }
    return moment.timeIntervalSince(heartbeatAt) > JobLease.stuckSeconds
  }

  /// What the audit trail calls it.
  public static func object(_ id: ID<JobRecord>) -> AuditObject {
    AuditObject("job", id)
  }
}

/// One attempt at a job.
public struct JobAttempt: Sendable, Hashable {
  public let number: Int
  public let worker: String
  public let startedAt: Date
  public let endedAt: Date?
  /// `nil` while it lasts.
  public let outcome: AttemptOutcome?
  public let error: String?
}

/// One argument of a job. What is hidden never leaves the database.
public struct JobArgument: Sendable, Hashable {
  public let name: String
  /// As JSON; `nil` where it is hidden.
  public let text: String?
  public let bytes: Int
}

/// Which arguments are read.
public enum JobArgumentScope: Sendable, Hashable {
  /// Those that the kind declares safe.
  case safe
  /// All of them: a reveal, which is an event of its own.
  case revealed
}

/// Everything that a job's page shows.
public struct JobFile: Sendable, Hashable {
  public let job: JobRecord
  public let arguments: [JobArgument]
  /// Newest first.
  public let attempts: [JobAttempt]
}

/// How many jobs of a queue are in a state.
public struct JobCount: Sendable, Hashable {
  public let queue: JobQueue
  public let state: JobState
  /// Exact up to `JobPage.countLimit`, then one more.
  public let count: Int
}
