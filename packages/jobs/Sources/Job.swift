// A kind of work that is done later: what it needs, and what it does. The arguments are its stored properties.

package import EthicoTypes

/// A kind of work. Its stored properties are its arguments, kept as JSON until a worker runs it.
package protocol Job: Codable, Sendable {
  /// Its name in the database, as `mail.deliver`; never changed, because rows keep it.
  static var kind: String { get }
  static var queue: JobQueue { get }
  /// How often it is tried before it is dead.
  static var tries: Int { get }
  /// The arguments that anybody who may see the job may read. All others are hidden until somebody reveals them.
  static var safeArguments: Set<String> { get }

  /// Does the work, all of it or from where it stopped: it may run again after a failure.
  /// - Returns: what came of it, in a sentence.
  /// - Throws: `JobFailure.permanent` where trying again is useless; anything else is tried again.
  func run(_ run: JobRun) async throws -> String
}

extension Job {
  package static var queue: JobQueue { .standard }
  package static var tries: Int { 8 }
  package static var safeArguments: Set<String> { [] }
}

/// Where jobs wait. A worker serves some queues or all.
package enum JobQueue: String, Term {
  case standard = "default"
  case mail, nightly, search
}

/// Where a job stands.
package enum JobState: String, Term {
  case queued, running, retrying, succeeded, dead, cancelled

  /// Which states may follow; the database holds the same list.
  package var next: Set<JobState> {
    switch self {
    case .queued: [.running, .cancelled]
    case .running: [.succeeded, .retrying, .dead, .cancelled]
    case .retrying: [.running, .queued, .cancelled]
    case .dead: [.queued]
    case .succeeded, .cancelled: []
    }
  }
}

/// How an attempt at a job ended.
package enum AttemptOutcome: String, Term {
  case succeeded, failed, cancelled
  /// Its worker stopped answering.
  case lost
  /// Its worker was stopped and gave the job back.
  case handedBack = "handed_back"
}

/// How soon a job is taken among those that are due.
package enum JobPriority: Int, Sendable, Hashable {
  case urgent = 1
  case normal = 3
  case idle = 5
}

/// Why a job did not do its work, in words that staff read.
package enum JobFailure: Error, Sendable, Hashable {
  /// Trying again may help.
  case passing(String)
  /// Trying again is useless until somebody has done something.
  case permanent(String)

  /// The sentence.
  package var sentence: String {
    switch self {
    case .passing(let sentence), .permanent(let sentence): sentence
    }
  }
}
