// The right of one worker to one attempt at a job: it lasts 30 seconds, and each sign of life renews it.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// One worker's right to one attempt at a job.
struct JobLease: Sendable, Hashable {
  let scope: ID<Tenant>
  let job: ID<JobRecord>
  let attempt: Int
  let worker: String

  /// So long a lease lasts without a sign of life.
  static let seconds: TimeInterval = 30
  /// A job without a sign of life for three leases is stuck.
  static let stuckSeconds = 3 * seconds
  /// How long a statement of a job may run.
  static let statementSeconds = 30

  /// The job as the request of what is done for it.
  var facts: RequestFacts {
    RequestFacts(id: ID(job.uuid), ip: nil, method: "JOB", route: "job.run")
  }

  var author: Author { Author(.system("worker"), tenant: scope, request: facts) }

  /// The rows of this very attempt.
  var mine: SQL {
    "id = \(job) AND worker = \(worker) AND attempts = \(attempt) AND state = 'running'"
  }

  /// Keeps the job from being taken over until the transaction ends; false when it is not this worker's any more. Only
  /// its key is shared: the signs of life, which change the row meanwhile, must not wait for the work they vouch for.
  func hold(in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first("SELECT id FROM job WHERE \(fragment: mine) FOR KEY SHARE", as: ID<JobRecord>.self) != nil
  }
}

/// A job that a worker has taken.
struct ClaimedJob: Sendable {
  let lease: JobLease
  let kind: String
  let arguments: JSONText
  let effectKey: UUID
  /// How often it may be tried after this attempt.
  let attemptsLeft: Int
}

/// How a run ended, as it is written down.
enum JobEnd: Sendable, Hashable {
  case succeeded(String)
  /// `retry` is when it is tried again; `nil` leaves it dead.
  case failed(String, retry: Date?)
  case cancelled
  case handedBack
}
