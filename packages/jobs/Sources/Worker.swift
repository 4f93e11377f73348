// A worker: takes what is due, runs it, and says what came of it, until it is told to stop.

package import Access
import Errors
import EthicoTypes
import FoundationEssentials
package import Logging
import Postgres
package import ServiceLifecycle

/// Takes jobs and runs them. Any number of workers may run, in `serve` or apart; no two have the same job.
package struct Worker: Service {
  let ledger: Ledger
  let kinds: JobKinds
  let settings: WorkerSettings
  let backoff: Backoff
  let logger: Logger

  package init(
    ledger: Ledger, kinds: JobKinds, settings: WorkerSettings, backoff: Backoff = .random, logger: Logger
  ) {
    self.ledger = ledger
    self.kinds = kinds
    self.settings = settings
    self.backoff = backoff
    self.logger = logger
  }

  /// Works in as many lanes as the settings say, until the program is stopped. Jobs that run then have a few seconds;
  /// what is not done goes back to the queue.
  package func run() async throws {
    logger.notice("working", metadata: ["worker": "\(settings.name)", "lanes": "\(settings.lanes)"])
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await keepTurns() }
      for _ in 0..<settings.lanes {
        group.addTask { await keepWorking() }
      }
    }
  }

  /// Runs until the worker is stopped: a lane has no other end.
  private func keepWorking() async {
    while !isStopping {
      do {
        if try await turn() { continue }
      } catch {
        logger.warning("A worker cannot work.", metadata: ["error": "\(String(reflecting: error))"])
      }
      await nap(settings.pollSeconds)
    }
  }

  /// Orders what is done again and again; runs until the worker is stopped.
  private func keepTurns() async {
    while !isStopping {
      do {
        try await ledger.orderTurns(of: kinds)
      } catch {
        logger.warning("The schedule cannot be read.", metadata: ["error": "\(String(reflecting: error))"])
      }
      await nap(settings.scheduleSeconds)
    }
  }

  private var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

  private func nap(_ seconds: Double) async {
    do {
      try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(seconds)) }
    } catch {
      // Woken because the worker is to stop: whoever naps looks at that next.
      return
    }
  }

  /// Takes one job and runs it to its end.
  /// - Returns: whether there was one.
  @discardableResult
  package func turn() async throws -> Bool {
    for due in try await ledger.dueJobs(queues: settings.queues, kinds: kinds.names) {
      if let claimed = try await ledger.claim(due, worker: settings.name) {
        try await work(claimed)
        return true
      }
    }
    return false
  }

  private func work(_ claimed: ClaimedJob) async throws {
    let end: (end: JobEnd, message: ErrorText?)
    do {
      guard let kind = kinds.named(claimed.kind) else { throw JobStop.stopping }
      let run = JobRun(claimed, ledger: ledger)
      end = (.succeeded(try await beating(claimed.lease) { try await kind.run(claimed.arguments, run) }), nil)
    } catch JobStop.lost {
      logger.warning("A job went to another worker.", metadata: ["request": "\(claimed.lease.job)"])
      return
    } catch {
      let failed = self.end(of: claimed, error)
      if case .failed = failed { end = (failed, Self.message(error)) } else { end = (failed, nil) }
    }
    try await ledger.finish(claimed.lease, end.end)
    if let message = end.message { await note(message, claimed) }
  }

  /// Writes down for support that the job failed, alike failures together. That this may fail changes nothing else.
  private func note(_ message: ErrorText, _ claimed: ClaimedJob) async {
    var occurrence = ErrorOccurrence(.job, at: claimed.kind, message)
    occurrence.keep(String(claimed.lease.attempt), as: .attempt)
    do {
      try await ledger.note(occurrence, by: claimed.lease.author)
    } catch {
      logger.error(
        "A failure could not be written down.",
        metadata: ["request": "\(claimed.lease.job)", "error": "\(String(reflecting: error))"])
    }
  }

  private func end(of claimed: ClaimedJob, _ error: any Error) -> JobEnd {
    switch error {
    case JobStop.cancelled: return .cancelled
    case is JobStop, is CancellationError: return .handedBack
    case JobFailure.permanent(let sentence): return .failed(sentence, retry: nil)
    default: break
    }
    logger.warning(
      "A job failed.",
      metadata: [
        "request": "\(claimed.lease.job)", "kind": "\(claimed.kind)", "error": "\(String(reflecting: error))",
      ])
    guard claimed.attemptsLeft > 0 else { return .failed(Self.sentence(error), retry: nil) }
    let wait = backoff.seconds(after: claimed.lease.attempt)
    return .failed(Self.sentence(error), retry: ledger.timepiece.now().addingTimeInterval(wait))
  }

  /// What is kept of an error. A failure's sentence is ours, an unforeseen error's words may be anybody's.
  private static func message(_ error: any Error) -> ErrorText {
    (error as? JobFailure).map { ErrorText(replacingVariablesIn: $0.sentence) } ?? ErrorText(error)
  }

  /// What staff read of an error. An unforeseen one may quote a client's words: those are in the log alone.
  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let failure as JobFailure: return failure.sentence
    case let error as PostgresError:
      let rule = error.constraint.map { " (\($0))" } ?? ""
      return "The database refused: \(error.sqlState.rawValue)\(rule). The log has the rest under this job’s id."
    default: return "\(type(of: error)). The log has the rest under this job’s id."
    }
  }

  /// Runs `body` while showing signs of life; ends it when the job is cancelled, lost, or the worker has to stop.
  private func beating(
    _ lease: JobLease, _ body: @escaping @Sendable () async throws -> String
  ) async throws -> String {
    try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask { try await body() }
      group.addTask { try await beat(lease) }
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw JobStop.lost }
      return result
    }
  }

  /// Renews the lease again and again; ends only by throwing.
  private func beat(_ lease: JobLease) async throws -> String {
    while true {
      await nap(settings.beatSeconds)
      try Task.checkCancellation()
      if Task.isShuttingDownGracefully {
        try await Task.sleep(for: .seconds(settings.graceSeconds))
        throw JobStop.stopping
      }
      try await ledger.beat(lease)
    }
  }
}

/// How a worker behaves.
package struct WorkerSettings: Sendable {
  /// Its name in the rows of the jobs it runs: the machine and the process.
  package var name: String
  package var queues: [JobQueue]
  /// How many jobs run at once.
  package var lanes: Int
  /// How long an idle lane waits before it looks again.
  package var pollSeconds = 1.0
  package var scheduleSeconds = 20.0
  /// A third of a lease, so that two signs of life may fail.
  package var beatSeconds = JobLease.seconds / 3
  /// How long jobs may go on when the worker is stopped.
  package var graceSeconds = 5.0

  package init(name: String, queues: [JobQueue] = JobQueue.allCases, lanes: Int = 2) {
    precondition(lanes > 0, "A worker has at least one lane.")
    self.name = name
    self.queues = queues
    self.lanes = lanes
  }
}
