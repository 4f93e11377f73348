// A reckoning is a job: one at a time, looked at while it goes on, stopped by a person, and kept only where nothing
// moved meanwhile.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Reckoning as a job")
struct ReckoningTests {
  private func begin() async throws -> (TestDatabase, MigrationProject) {
    let db = try await TestDatabase.make()
    try await db.choose(["case"])
    try await db.bring(.case, (1...3).map { .closedCase($0) })
    return (db, try await project(db))
  }

  private func project(_ db: TestDatabase) async throws -> MigrationProject {
    try #require(try await db.inside { tx in try await MigrationProject.open(in: tx) })
  }

  private func latest(_ db: TestDatabase) async throws -> Reckoning {
    let project = try await project(db)
    return try #require(try await db.inside { tx in try await Reckoning.latest(of: project.id, in: tx) })
  }

  private func kept(_ db: TestDatabase) async throws -> Int {
    try await db.count("SELECT count(*) FROM migration_reconciliation")
  }

  @Test("keeps its figures with who ordered it, and says how far it is")
  func done() async throws {
    let (db, open) = try await begin()
    try await db.inside { tx in try await open.reconcile(in: tx) }
    #expect(try await latest(db).isRunning)
    #expect(try await kept(db) == 0)
    try await db.work()
    let reckoning = try await latest(db)
    #expect(reckoning.state == .done && reckoning.endedAt != nil && reckoning.failure == nil)
    let found = try await db.inside { tx in try await tx.all(Reconciliation.latest(of: open.id)) }
    #expect(found.map(\.figures.records) == [3] && found.first?.madeBy == reckoning.orderedBy)
    let job = try await db.superuser().query(
      .superuser, "SELECT done || ' of ' || total FROM job WHERE kind = 'migration.reconcile'", as: String.self)
    #expect(job == ["3 of 3"])
    #expect(try await project(db).state == .reconciling)
  }

  @Test("goes on once at a time, and nothing is signed meanwhile")
  func running() async throws {
    let (db, open) = try await begin()
    try await db.reckon(open)
    let reconciling = try await project(db)
    try await db.inside { tx in try await reconciling.reconcile(in: tx) }
    await #expect(throws: ReconcileRefusal.running) {
      try await db.inside { tx in try await reconciling.reconcile(in: tx) }
    }
    await #expect(throws: ReconcileRefusal.running) { try await db.sign(reconciling) }
  }

  @Test("is stopped by a person, and keeps nothing")
  func stopped() async throws {
    let (db, open) = try await begin()
    await #expect(throws: ReconcileRefusal.notRunning) {
      try await db.inside { tx in try await open.stopReckoning(in: tx) }
    }
    try await db.inside { tx in try await open.reconcile(in: tx) }
    try await db.inside { tx in try await open.stopReckoning(in: tx) }
    try await db.work()
    #expect(try await latest(db).state == .stopped)
    #expect(try await kept(db) == 0)
    #expect(try await project(db).state == .active)
    try await db.reckon(open)
    #expect(try await kept(db) == 1)
  }

  @Test("comes to nothing where something is imported meanwhile, and says so")
  func moved() async throws {
    let (db, open) = try await begin()
    try await db.inside { tx in try await open.reconcile(in: tx) }
    let later = try await db.stage(.case, [.closedCase(9)])
    // The reckoning has counted, and is about to keep what it counted, when a batch has come over.
    let importer = Importer(files: .none)
    let batches = try await db.inside { tx in try await tx.all(ReckonedBatch.all(of: open.id)) }
    try await db.inside { tx in try await ImportBatch.commit(later, in: tx) }
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: later, in: tx) } }
    let reckoning = try await latest(db)
    let sentence = try await db.inside { tx in
      try await Reckon(reckoning: reckoning.id).keep([:], Reckon.Plan(project: open.id, batches: batches), in: tx)
    }
    #expect(sentence == "Something was imported or taken back while it was reckoned. Reconcile again.")
    #expect(try await latest(db).state == .failed)
    #expect(try await kept(db) == 0)
  }

  @Test("can be ordered again once its job was lost")
  func lost() async throws {
    let (db, open) = try await begin()
    try await db.inside { tx in try await open.reconcile(in: tx) }
    try await db.inside { tx in
      try await tx.execute(
        "UPDATE job SET state = 'cancelled', finished_at = \(tx.at) WHERE kind = 'migration.reconcile'")
    }
    let lost = try await latest(db)
    #expect(lost.state == .failed && lost.failure == "Its work ended before its time. Nothing was kept of it.")
    try await db.reckon(open)
    #expect(try await latest(db).state == .done)
  }

  @Test("says which kinds of record were imported or taken back since, and when")
  func changes() async throws {
    let (db, open) = try await begin()
    try await db.reckon(open)
    let reckoned = try await db.inside { tx in try await tx.all(Reconciliation.latest(of: open.id)) }
    #expect(try await db.inside { tx in try await FiguresChange.all(since: reckoned, of: open.id, in: tx) }.isEmpty)
    // What people make of their records is their work.
    try await db.edit("title = 'Ours'", of: "EP-2")
    #expect(try await db.inside { tx in try await FiguresChange.all(since: reckoned, of: open.id, in: tx) }.isEmpty)
    db.clock.advance(seconds: 60)
    try await db.bring(.person, [.person(1)])
    let changed = try await db.inside { tx in try await FiguresChange.all(since: reckoned, of: open.id, in: tx) }
    #expect(changed.map(\.entity) == [.person])
  }

  @Test("counts no record of a batch whose import is not over, and no row that it never came to")
  func unfinished() async throws {
    let (db, open) = try await begin()
    let rows = (1...5_050).map { StagedRow.closedCase(10_000 + $0) }
    let batch = try await db.stage(.case, rows)
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    let importer = Importer(files: .none)
    _ = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) }
    let running = try #require(try await db.figures(of: open).first)
    #expect(running.addsUp && running.records == 3, "\(running.differences)")
    // Given up, and taken back but for one record.
    try await db.inside { tx in try await ImportBatch.cancel(batch, in: tx) }
    try await db.edit("title = 'Ours'", of: "EP-10001")
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.state(of: batch) == .partiallyUndone)
    let left = try #require(try await db.figures(of: open).first)
    #expect(left.addsUp && left.records == 4 && left.sum.skipped == 50, "\(left.differences)")
  }

  @Test("counts in spans what it would count at once")
  func spans() async throws {
    let (db, open) = try await begin()
    try await db.bring(.case, [.closedCase(1, ["severity": "low"]), .closedCase(4, ["category": "Theft"])])
    let batches = try await db.inside { tx in try await tx.all(ReckonedBatch.all(of: open.id)) }
    var tallies: [ID<Batch>: SpanTally] = [:]
    for batch in batches {
      for row in 1...batch.lastRow {
        let span = RowSpan(batch: batch, first: row, last: row)
        let tally = try await db.inside { tx in try await span.tally(in: tx) }
        tallies[batch.id] = (tallies[batch.id] ?? SpanTally()) + tally
      }
    }
    #expect(EntityFigures.all(of: open, batches, tallies, conflicts: [:]) == (try await db.figures(of: open)))
  }

  @Test("looks at each of very many values once", .timeLimit(.minutes(1)))
  func manyValues() {
    var pairs: [FigurePair: Int] = [:]
    for number in 0..<200_000 {
      pairs[FigurePair(name: "category", source: "S\(number)", here: "H\(number)", isEdited: false)] = 1
    }
    let group = FigureGroup.all(pairs, named: ["category"])
    #expect(group.first?.lines.count == 200 && group.first?.others == 200_000 - 200)
    var amounts: [CurrencyPair: AmountSum] = [:]
    for number in 0..<100_000 {
      let pair = CurrencyPair(source: "C\(number)", here: "C\(number)", differs: false, isEdited: false)
      amounts[pair] = AmountSum(source: 1, here: 1, count: 1)
    }
    #expect(MoneyFigures.all(amounts).count == 100_000)
  }
}
