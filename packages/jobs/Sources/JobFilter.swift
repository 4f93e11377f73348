// What somebody wants to see of a client's jobs, and what is done to all of them at once.

package import EthicoTypes

/// What somebody wants to see of the jobs.
package struct JobFilter: Sendable, Hashable {
  package var states: [JobState]
  package var queues: [JobQueue]
  package var kind: String?
  package var only: Only?
  /// The last job of the page before.
  package var after: ID<JobRecord>?
  /// How many jobs a page holds, 1 to 200.
  package var limit: Int

  /// A narrowing by how a job is doing.
  package enum Only: String, Term {
    case stuck
  }

  package init(
    states: [JobState] = [], queues: [JobQueue] = [], kind: String? = nil, only: Only? = nil,
    after: ID<JobRecord>? = nil, limit: Int = 50
  ) {
    self.states = states
    self.queues = queues
    self.kind = kind
    self.only = only
    self.after = after
    self.limit = limit
  }
}

/// A page of the jobs, newest first.
package struct JobPage: Sendable, Hashable {
  package let jobs: [JobRecord]
  /// Exact up to `countLimit`, then one more.
  package let count: Int
  package let next: ID<JobRecord>?

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// What a person does to a job.
package enum JobAct: String, Term {
  case retry, cancel
  case runNow = "run_now"

  /// Whether a job that stands there takes it. A stuck one is taken from its worker.
  package func applies(to state: JobState, isStuck: Bool) -> Bool {
    switch (self, state) {
    case (.retry, .dead), (.retry, .retrying), (.runNow, .queued), (.runNow, .retrying): true
    case (.cancel, .queued), (.cancel, .retrying), (.cancel, .running): true
    case (.retry, .running): isStuck
    case (.retry, _), (.runNow, _), (.cancel, _): false
    }
  }
}

/// Why a job was left as it was.
package enum JobRefusal: Error, Sendable, Hashable {
  /// It moved on after this person began.
  case stale(JobRecord)
  case badTransition(JobAct, JobState)
  /// Another job with the same key waits or runs.
  case already
  /// So many jobs would be meant by an act on all that match now, and another number was shown.
  case counted(shown: Int, now: Int)
  /// More than one act may touch.
  case tooMany(Int)
}
