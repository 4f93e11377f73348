// What people do with a batch on its way into the records, and what its job does: each a move with its event.

package import Access
package import EthicoTypes
package import Jobs
import Postgres

/// Why a batch is not moved.
package enum ImportRefusal: Error, Sendable, Hashable {
  /// This client has none of that id.
  case missing
  /// It stands where that cannot follow.
  case illegalTransition(from: BatchState)
  /// Another batch of the same entity is on its way.
  case busy
  /// No row has been decided yet.
  case undecided
  /// Rows refer to what other batches bring, which come first.
  case awaits([String])
}

extension ImportBatch {
  /// Has a validated batch written by a job; so too one that failed, which goes on at its checkpoint.
  /// - Returns: the job.
  @discardableResult
  package static func commit(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ID<JobRecord> {
    let batch = try await demand(id, in: tx)
    guard [.validated, .failed].contains(batch.state) else { throw ImportRefusal.illegalTransition(from: batch.state) }
    guard try await !batch.hasRival(in: tx) else { throw ImportRefusal.busy }
    guard try await batch.isDecided(in: tx) else { throw ImportRefusal.undecided }
    let awaited = try await awaited(by: id, in: tx)
    guard awaited.isEmpty else { throw ImportRefusal.awaits(awaited.map(\.title)) }
    return try await batch.order("migration.commit_start", in: tx)
  }

  /// Stops a commit after the chunk that is being written.
  package static func pause(_ id: ID<Batch>, in tx: AuditedTransaction) async throws {
    let batch = try await demand(id, in: tx)
    guard batch.state == .committing else { throw ImportRefusal.illegalTransition(from: batch.state) }
    try await batch.move(to: .paused, in: tx)
    try await tx.record("migration.commit_pause", object: batch.object, status: 303, detail: batch.title)
  }

  /// Lets a paused commit go on at its checkpoint.
  @discardableResult
  package static func resume(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ID<JobRecord> {
    let batch = try await demand(id, in: tx)
    guard batch.state == .paused else { throw ImportRefusal.illegalTransition(from: batch.state) }
    guard try await !batch.hasRival(in: tx) else { throw ImportRefusal.busy }
    return try await batch.order("migration.commit_resume", in: tx)
  }

  /// Gives a batch up: before its commit, whole; in the midst of it, with what is committed kept and to be undone if
  /// need be.
  package static func cancel(_ id: ID<Batch>, in tx: AuditedTransaction) async throws {
    let batch = try await demand(id, in: tx)
    let next: BatchState
    switch batch.state {
    case .uploaded, .profiled, .mapped, .staged, .validated: next = .cancelled
    case .committing: next = .failed
    case .paused, .committed, .cancelled, .failed, .undoing, .undone, .partiallyUndone:
      throw ImportRefusal.illegalTransition(from: batch.state)
    }
    try await batch.move(to: next, failure: next == .failed ? "Cancelled; what was committed stays." : nil, in: tx)
    try await tx.record("migration.cancel", object: batch.object, status: 303, detail: batch.title)
  }

  /// Writes down why a commit cannot go on.
  static func fail(_ id: ID<Batch>, _ sentence: String, in tx: AuditedTransaction) async throws {
    guard let batch = try await hold(id, in: tx), batch.state == .committing else { return }
    try await batch.move(to: .failed, failure: sentence, in: tx)
    try await tx.record("migration.commit_fail", object: batch.object, outcome: .failed, status: 500, detail: sentence)
  }

  /// Ends a commit whose rows are all written.
  func finish(in tx: AuditedTransaction) async throws -> ChunkCounts {
    let counts = try await written(in: tx)
    try await tx.execute("SELECT import_count_rows(\(id))")
    try await PendingReference.resolve(in: tx)
    try await HeldAnonymity.withhold(from: self, in: tx)
    try await close(counts, in: tx)
    try await tx.record("migration.commit_finish", object: object, detail: counts.sentence)
    return counts
  }

  private func order(_ action: String, in tx: AuditedTransaction) async throws -> ID<JobRecord> {
    let job = try await tx.order(ImportCommit(batch: id))
    try await move(to: .committing, job: job, in: tx)
    try await tx.record(action, object: object, status: 303, detail: title)
    return job
  }

  static func demand(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch {
    guard let batch = try await hold(id, in: tx) else { throw ImportRefusal.missing }
    return batch
  }
}
