// What a job is given while it runs: its client's rows, its progress, and the promise that it sends once.

package import Access
package import EthicoTypes
package import FoundationEssentials
import Postgres

/// One run of one job.
package struct JobRun: Sendable {
  package let ledger: Ledger
  /// Whose job it is; `nil` for the platform's.
  package let tenant: ID<Tenant>?
  /// What the outside knows the effect by, the same in every attempt: the Message-ID of a mail, a key of a request.
  package let effectKey: UUID
  let lease: JobLease

  init(_ claimed: ClaimedJob, ledger: Ledger) {
    self.ledger = ledger
    lease = claimed.lease
    effectKey = claimed.effectKey
    tenant = claimed.lease.scope == .platform ? nil : claimed.lease.scope
  }

  /// Which job it is, the same in every attempt.
  package var job: ID<JobRecord> { lease.job }

  /// Who the job is to the trail. Its request is the job itself, so that its events are found by the job's id.
  package var author: Author {
    Author(.system("job"), tenant: tenant, request: lease.facts)
  }

  /// Runs `body` inside the client's rows, as long as the job is this worker's: one that lost its lease writes nothing.
  package func inside<Result: Sendable>(
    _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await ledger.tenant(by: author.on(lease.scope), statementSeconds: JobLease.statementSeconds) { tx in
      guard try await lease.hold(in: tx) else { throw JobStop.lost }
      return try await body(tx)
    }
  }

  /// What the job's client is called; `nil` for the platform's.
  package func clientName() async throws -> String? {
    guard let tenant else { return nil }
    return try await inside { tx in
      try await tx.first("SELECT name FROM tenant WHERE id = \(tenant)", as: String.self)
    }
  }

  /// Says how far the job is, and shows that its worker lives. Call it once a piece of work.
  /// - Throws: when somebody cancelled the job, or it is another worker's by now; let it pass through.
  package func progress(_ done: Int, of total: Int) async throws {
    try await ledger.beat(lease, done: done, total: total)
  }

  /// Gives up the job's unique key: from the commit of this on, whoever wants the same work done orders it anew.
  package func letAnotherFollow() async throws {
    try await inside { tx in _ = try await tx.execute("UPDATE job SET unique_key = NULL WHERE id = \(lease.job)") }
  }

  /// Does what must not happen twice. An effect that is done is not done again by a later attempt; one that was begun
  /// and never ended leaves the job dead, because nobody can know.
  /// - Parameter send: throws `EffectDoubt` where something may have happened, anything else only where nothing can.
  /// - Returns: what `send` says of it; `nil` where an earlier attempt did it.
  @discardableResult
  package func once<Effect: Sendable>(_ send: @Sendable () async throws -> Effect) async throws -> Effect? {
    switch try await ledger.beginEffect(lease) {
    case .done: return nil
    case .doubtful: throw JobFailure.permanent(Self.doubt)
    case .begun: break
    }
    let effect: Effect
    do {
      effect = try await send()
    } catch let doubt as EffectDoubt {
      throw JobFailure.permanent(doubt.sentence)
    } catch {
      try await evenIfCancelled { [ledger, lease] in try await ledger.takeBackEffect(lease) }
      throw error
    }
    try await evenIfCancelled { [ledger, lease] in try await ledger.endEffect(lease) }
    return effect
  }

  /// In a task of its own, which is waited for but does not hear that this one was cancelled: what is known of an
  /// effect is written down, or it would stay in doubt for good.
  private func evenIfCancelled(_ body: @escaping @Sendable () async throws -> Void) async throws {
    try await Task { try await body() }.value
  }

  static let doubt = """
    The effect was begun and its worker went away: it may have happened. Look there before you do anything; it is not \
    done again.
    """
}

/// An effect that was begun and may have happened.
package struct EffectDoubt: Error, Sendable, Hashable {
  /// What staff read of it.
  package let sentence: String

  package init(_ sentence: String) {
    self.sentence = sentence
  }
}

/// Why a run ends before its work does.
enum JobStop: Error, Sendable, Hashable {
  /// Somebody cancelled the job.
  case cancelled
  /// The job is another worker's, or nobody's.
  case lost
  /// The worker is being stopped.
  case stopping
}

extension ID<Tenant> {
  /// Whose the platform's own jobs are: the zero UUID, as its chain in the trail.
  package static let platform = ID(Chain.platform)
}
