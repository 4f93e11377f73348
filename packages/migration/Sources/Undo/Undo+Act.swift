// What people do: look at what an undo would do, do it, order it, take it back. Each act ends with its event.

package import Access
package import EthicoTypes
package import Jobs
import Postgres

/// The undo of imports.
package enum ImportUndo {
  /// So many records are looked at before an undo.
  package static let previewed = 10_000

  /// What an undo would do to a batch, or to some of its records. Of a batch of more than are looked at, records from
  /// all over it are; the undo itself looks at each when its turn comes.
  /// - Parameter limit: the most records of a whole batch that are looked at.
  package static func preview(
    _ batch: ID<Batch>, records: [ID<ImportedRecord>]? = nil, options: UndoOptions = .careful,
    atMost limit: Int = previewed, in tx: AuditedTransaction
  ) async throws -> UndoPlan {
    guard try await ImportBatch.find(batch, in: tx) != nil else { throw UndoRefusal.missing }
    let survey = UndoSurvey(batch: batch, options: options)
    let some = records == nil ? try await survey.some(limit, in: tx) : nil
    try await survey.take(records ?? some?.records, for: .look, in: tx)
    try await UndoSurvey.judge(options, in: tx)
    return try await plan(
      along: try await UndoSurvey.countAlong(in: tx), hanging: try await UndoSurvey.hanging(in: tx),
      unseen: some.map { $0.total - $0.records.count } ?? 0, in: tx)
  }

  /// Takes up to fifty records back at once, in one transaction and one event.
  package static func carryOut(
    _ batch: ID<Batch>, records: [ID<ImportedRecord>], options: UndoOptions = .careful,
    in tx: AuditedTransaction
  ) async throws -> UndoOutcome {
    guard records.count <= UndoRun.atOnce else { throw UndoRefusal.tooMany(records.count) }
    let run = try await begin(batch, reverses: nil, options, in: tx)
    _ = try await run.begin(scope: records.count == 1 ? "record" : "selection", of: records, in: tx)
    return try await finish(run, in: tx)
  }

  /// Has a whole batch, or more records than fit into one transaction, taken back by a job.
  @discardableResult
  package static func order(
    _ batch: ID<Batch>, records: [ID<ImportedRecord>]? = nil, options: UndoOptions = .careful,
    in tx: AuditedTransaction
  ) async throws -> ID<JobRecord> {
    let run = try await begin(batch, reverses: nil, options, in: tx)
    let count = try await run.begin(scope: records == nil ? "batch" : "selection", of: records, in: tx)
    return try await order(run, count, in: tx)
  }

  /// What the reversal of an undo would do.
  package static func reversalPreview(_ undo: ID<MigrationUndo>, in tx: AuditedTransaction) async throws -> UndoPlan {
    guard try await batch(of: undo, in: tx) != nil else { throw UndoRefusal.missing }
    let total =
      try await tx.first(
        "SELECT count(*) FROM migration_undo_item WHERE undo_id = \(undo) AND state = 'done'", as: Int.self) ?? 0
    let records = try await tx.query(
      """
      SELECT record_id
      FROM (
        SELECT record_id, row_number() OVER (ORDER BY row_no, record_id) AS place
        FROM migration_undo_item
        WHERE undo_id = \(undo) AND state = 'done'
      ) r
      WHERE place % \(1 + (total - 1) / previewed) = 0
      """, as: ID<ImportedRecord>.self)
    try await UndoReversal(undo: undo, original: undo).survey(records, in: tx)
    return try await plan(along: 0, hanging: [], unseen: total - records.count, in: tx)
  }

  /// Takes an undo back: at once where it was of a few records, else by a job.
  /// - Returns: what came of it; `nil` where a job does it.
  package static func reverse(_ undo: ID<MigrationUndo>, in tx: AuditedTransaction) async throws -> UndoOutcome? {
    guard let batch = try await batch(of: undo, in: tx) else { throw UndoRefusal.missing }
    let run = try await begin(batch, reverses: undo, .careful, in: tx)
    let count = try await run.begin(scope: "selection", of: nil, in: tx)
    guard count > UndoRun.atOnce else { return try await finish(run, in: tx) }
    try await order(run, count, in: tx)
    return nil
  }

  private static func plan(
    along: Int, hanging: [UndoHanging], unseen: Int, in tx: AuditedTransaction
  ) async throws -> UndoPlan {
    let tally = try await UndoRun.tally(in: tx)
    return UndoPlan(
      counts: Dictionary(uniqueKeysWithValues: tally.map { ($0.bucket, $0.done + $0.kept) }),
      acting: tally.reduce(0) { $0 + $1.done }, along: along, hanging: hanging, unseen: unseen,
      leaves: try await UndoRun.leaves(in: tx),
      samples: try await UndoRun.samples(in: tx))
  }

  /// Moves the batch, and gives the undo its id.
  private static func begin(
    _ id: ID<Batch>, reverses: ID<MigrationUndo>?, _ options: UndoOptions, in tx: AuditedTransaction
  ) async throws -> UndoRun {
    guard let tenant = tx.author.tenant, let batch = try await ImportBatch.hold(id, in: tx) else {
      throw UndoRefusal.missing
    }
    try options.demandReason()
    switch batch.state {
    case .paused, .failed, .committed, .undone, .partiallyUndone: break
    case .undoing: throw UndoRefusal.busy
    case .uploaded, .profiled, .mapped, .staged, .validated, .committing, .cancelled:
      throw UndoRefusal.illegalTransition(from: batch.state)
    }
    try await batch.move(to: .undoing, in: tx)
    return UndoRun(tenant: tenant, batch: id, undo: tx.newID(), reverses: reverses, options: options)
  }

  private static func finish(_ run: UndoRun, in tx: AuditedTransaction) async throws -> UndoOutcome {
    try await run.take(try await run.waiting(UndoRun.atOnce, in: tx), in: tx)
    let outcome = try await run.finish(in: tx)
    try await tx.record(
      "undo.record", object: Batch.object(run.batch), status: 303, effects: [run.effect],
      detail: run.detail(outcome.sentence))
    return outcome
  }

  @discardableResult
  private static func order(_ run: UndoRun, _ count: Int, in tx: AuditedTransaction) async throws -> ID<JobRecord> {
    try await tx.execute("SELECT import_count_rows(\(run.batch))")
    let job = try await tx.order(UndoJob(undo: run.undo))
    try await tx.execute("UPDATE migration_undo SET job_id = \(job) WHERE id = \(run.undo)")
    try await tx.execute("UPDATE migration_batch SET job_id = \(job) WHERE id = \(run.batch)")
    try await tx.record(
      "undo.start", object: Batch.object(run.batch), status: 303, effects: [run.effect],
      detail: run.options.keepsLater ? "\(count) records, later imports kept" : "\(count) records")
    return job
  }

  private static func batch(
    of undo: ID<MigrationUndo>, in tx: AuditedTransaction
  ) async throws -> ID<Batch>? {
    try await tx.first(
      "SELECT batch_id FROM migration_undo WHERE id = \(undo) AND state = 'done'", as: ID<Batch>.self)
  }
}
