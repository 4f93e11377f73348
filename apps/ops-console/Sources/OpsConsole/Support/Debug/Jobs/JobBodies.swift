// The JSON face of jobs.

import EthicoTypes
import FoundationEssentials
import Jobs

/// A job as programs are given it.
struct JobBody: Encodable, Sendable {
  let id: ID<JobRecord>
  let kind: String
  let queue: JobQueue
  let state: JobState
  let stuck: Bool
  let attempts: Int
  let attemptsLeft: Int
  let done: Int?
  let total: Int?
  let result: String?
  let lastError: String?
  let runAt: Date
  let heartbeat: Date?
  let created: Date
  let started: Date?
  let finished: Date?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, kind, queue, state, stuck, attempts, done, total, result, heartbeat, created, started, finished, version
    case attemptsLeft = "attempts_left"
    case lastError = "last_error"
    case runAt = "run_at"
  }

  init(_ job: JobRecord, at moment: Date) {
    id = job.id
    kind = job.kind
    queue = job.queue
    state = job.state
    stuck = job.isStuck(at: moment)
    attempts = job.attempts
    attemptsLeft = job.attemptsLeft
    done = job.done
    total = job.total
    result = job.result
    lastError = job.lastError
    runAt = job.runAt
    heartbeat = job.heartbeatAt
    created = job.createdAt
    started = job.startedAt
    finished = job.finishedAt
    version = job.version
  }
}

/// A page of jobs, and how many there are of each queue and state.
struct JobListBody: Encodable, Sendable {
  let items: [JobBody]
  let count: Int
  let next: String?
  let counts: [Tally]
  /// What waits everywhere; only beside the platform's own jobs.
  let fleet: FleetJobsBody?

  struct Tally: Encodable, Sendable {
    let queue: JobQueue
    let state: JobState
    let count: Int

    init(_ count: JobCount) {
      queue = count.queue
      state = count.state
      self.count = count.count
    }
  }
}

/// A job with its arguments and attempts.
struct JobFileBody: Encodable, Sendable {
  let job: JobBody
  let arguments: [Argument]
  let attempts: [Attempt]

  /// An argument; `value` is absent where it is hidden.
  struct Argument: Encodable, Sendable {
    let name: String
    let value: String?
    let bytes: Int
  }

  struct Attempt: Encodable, Sendable {
    let number: Int
    let worker: String
    let started: Date
    let ended: Date?
    let outcome: AttemptOutcome?
    let error: String?
  }

  init(_ file: JobFile, at moment: Date) {
    job = JobBody(file.job, at: moment)
    arguments = file.arguments.map { Argument(name: $0.name, value: $0.text, bytes: $0.bytes) }
    attempts = file.attempts.map {
      Attempt(
        number: $0.number, worker: $0.worker, started: $0.startedAt, ended: $0.endedAt, outcome: $0.outcome,
        error: $0.error)
    }
  }

  func encode(to encoder: any Encoder) throws {
    try job.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(arguments, forKey: .arguments)
    try container.encode(attempts, forKey: .attemptList)
  }

  enum CodingKeys: String, CodingKey {
    case arguments
    case attemptList = "attempt_list"
  }
}

/// What an act on all jobs that match would do.
struct JobBulkBody: Encodable, Sendable {
  let act: JobAct
  /// One more than the limit where there are more.
  let count: Int
  /// Those that match and are left as they are: another job does the same work.
  let left: Int
  let limit: Int
}
