// The job that takes a batch back: chunk by chunk, each with its event; what waits is what is not done yet.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres

/// Takes the waiting records of an undo back. It goes on where it stopped: a record that is done waits no more.
package struct UndoJob: Job {
  package static let kind = "migration.undo"
  package static let safeArguments: Set<String> = ["undo"]

  package let undo: ID<MigrationUndo>

  package init(undo: ID<MigrationUndo>) {
    self.undo = undo
  }

  package func run(_ run: JobRun) async throws -> String {
    while true {
      switch try await run.inside({ tx in try await step(in: tx) }) {
      case .chunk(let done, let total): try await run.progress(done, of: total)
      case .finished(let outcome): return outcome.sentence
      case .missing: throw JobFailure.permanent("There is no such undo, or it is done.")
      }
    }
  }

  /// What a step of the job came to.
  enum Step: Sendable {
    case chunk(done: Int, total: Int)
    case finished(UndoOutcome)
    case missing
  }

  func step(in tx: AuditedTransaction) async throws -> Step {
    guard let work = try await UndoRun.running(undo, in: tx) else { return .missing }
    let object = Batch.object(work.batch)
    let records = try await work.waiting(UndoRun.chunk, in: tx)
    guard !records.isEmpty else {
      // What was archived just now is looked through as soon as somebody wants it back.
      try await tx.execute("SELECT import_count_rows(\(work.batch))")
      let outcome = try await work.finish(in: tx)
      try await tx.record(
        "undo.finish", object: object, effects: [work.effect], detail: work.detail(outcome.sentence))
      return .finished(outcome)
    }
    try await work.take(records, in: tx)
    let outcome = try await work.outcome(in: tx)
    try await tx.record(
      "undo.chunk", object: object, effects: [work.effect], detail: work.detail(outcome.sentence))
    let done = outcome.done + outcome.kept
    return .chunk(done: done, total: try await done + work.countWaiting(in: tx))
  }
}

extension UndoRun {
  /// What the trail says beside the batch: which undo.
  var effect: Effect {
    let act = options.keepsLater ? "undo, later imports kept" : "undo"
    return Effect(type: "migration_undo", id: undo.description, text: reverses == nil ? act : "reversal of an undo")
  }

  /// What the trail says in words, and whether later imports were to stay.
  func detail(_ words: String) -> String {
    options.keepsLater ? words + " Later imports were kept." : words
  }

  /// The undo of that id that is not done yet.
  static func running(_ undo: ID<MigrationUndo>, in tx: AuditedTransaction) async throws -> UndoRun? {
    guard let tenant = tx.author.tenant else { return nil }
    let found = try await tx.first(
      """
      SELECT batch_id, reverses_id, include_blocked, include_edited, keeps_later, reason
      FROM migration_undo
      WHERE id = \(undo) AND state = 'running'
      FOR UPDATE
      """, as: Stored.self)
    return found.map {
      UndoRun(tenant: tenant, batch: $0.batch, undo: undo, reverses: $0.reverses, options: $0.options)
    }
  }

  func countWaiting(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      "SELECT count(*) FROM migration_undo_item WHERE undo_id = \(undo) AND state = 'waiting'", as: Int.self) ?? 0
  }

  private struct Stored: RowDecodable {
    let batch: ID<Batch>
    let reverses: ID<MigrationUndo>?
    let options: UndoOptions

    init(row: Row) throws {
      batch = try row["batch_id"]
      reverses = try row["reverses_id"]
      options = UndoOptions(
        includeBlocked: try row["include_blocked"], includeEdited: try row["include_edited"],
        keepsLater: try row["keeps_later"], reason: try row["reason"])
    }
  }
}
