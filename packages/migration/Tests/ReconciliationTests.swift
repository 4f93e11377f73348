// Source against target: every row is accounted for, every difference has its reason, and what does not add up is said.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Reconciling an import")
struct ReconciliationTests {
  private func project(_ db: TestDatabase) async throws -> MigrationProject {
    try #require(try await db.inside { tx in try await MigrationProject.open(in: tx) })
  }

  private func figures(_ db: TestDatabase, _ entity: ImportEntity = .case) async throws -> EntityFigures {
    let all = try await db.figures(of: try await project(db))
    return try #require(all.first { $0.entity == entity })
  }

  private func lines(_ figures: EntityFigures, _ name: String) -> [String] {
    figures.groups.first { $0.name == name }?.lines.map { line in
      let why = line.reasons.map { "\($0.code) \($0.count)" }.joined(separator: ", ")
      return "\(line.value): \(line.source)/\(line.here)" + (why.isEmpty ? "" : " " + why)
    } ?? []
  }

  @Test("accounts for every row, by batch and in sum, and says why rows stayed behind")
  func rows() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(
      .case, (1...6).map { .closedCase($0) },
      issues: [(row: 5, code: "date.unparsable"), (row: 5, code: "key.missing")])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    try await db.bring(.case, [.closedCase(1), .closedCase(2, ["severity": "low"]), .closedCase(7)])
    let found = try await figures(db)
    #expect(
      found.sum
        == RowFigures(
          source: 9, inserted: 6, updated: 1, unchanged: 1, rejected: 1, skipped: 0, made: 6, changed: 1, undone: 0))
    #expect(found.batches.map(\.rows.source).sorted() == [3, 6] && found.records == 6)
    #expect(found.reasons == [FigureReason(code: "date.unparsable", count: 1)])
    #expect(found.addsUp && found.differences.isEmpty)
    #expect(found.reasons.first?.label == "Not a date")
  }

  @Test("counts what was taken back since, and still adds up")
  func undone() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, (1...4).map { .closedCase($0) })
    let records = Array(try await db.imported(by: batch).prefix(1))
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    let found = try await figures(db)
    #expect(found.sum.made == 4 && found.sum.undone == 1 && found.records == 3 && found.addsUp)
  }

  @Test("says what does not add up: rows that nobody accounts for, records that are gone, rows without a reason")
  func rest() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, (1...4).map { .closedCase($0) })
    #expect(try await figures(db).addsUp)
    // As a fault in our own work would leave it.
    for statement in [
      "UPDATE migration_batch SET row_count = 5 WHERE id = \(batch)",
      "UPDATE migration_staged_row SET decision = 'reject' WHERE batch_id = \(batch) AND row_no = 2",
    ] as [SQL] {
      try await db.inside { tx in
        try await tx.execute(statement)
        try await tx.record("migration.validate", object: Batch.object(batch))
      }
    }
    let found = try await figures(db)
    #expect(
      found.differences == [
        "rows.csv: rows in the source 5, accounted for 4.", "rows.csv: rows to become records 3, records made 4.",
        "rows.csv: rows that stayed behind 1, of which it is known why 0.",
      ])
  }

  @Test("holds status, year and category of cases against the source, with the reason of each difference")
  func cases() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .case,
      [
        .closedCase(1), .closedCase(2, ["received_at": "2022-01-01T00:00:00Z", "category": "fraud"]),
        .closedCase(3, ["status": "open", "category": "Theft of time", "subcategory": "Breaks"]),
        .closedCase(4, ["status": "open", "amount": 12.5, "amount_currency": "EUR"]),
      ])
    try await db.edit("stage = 'remediation'", of: "EP-1")
    try await db.edit("category_id = (SELECT category_id FROM \"case\" WHERE reference = 'EP-2')", of: "EP-3")
    let found = try await figures(db)
    // Open cases that nobody leads here begin anew.
    #expect(lines(found, "status").sorted() == ["closed: 2/2", "new: 0/2 import.rule 2", "open: 2/0 import.rule 2"])
    #expect(lines(found, "year received") == ["2021: 3/3", "2022: 1/1"])
    #expect(
      lines(found, "category").sorted() == [
        "Fraud: 2/3 edited_since 1", "Theft of time: 1/0 edited_since 1", "fraud: 1/1",
      ])
    #expect(found.money.map { "\($0.currency) \($0.source) \($0.here)" } == ["EUR 12.5 12.5"])
  }

  @Test("says that somebody changed a record here although a later import has saved it since")
  func editedBelow() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1), .closedCase(2, ["category": "Theft of time"])])
    try await db.edit("category_id = (SELECT category_id FROM \"case\" WHERE reference = 'EP-2')", of: "EP-1")
    try await db.bring(.case, [.closedCase(1, ["severity": "low"])])
    #expect(
      lines(try await figures(db), "category").sorted() == [
        "Fraud: 1/0 edited_since 1", "Theft of time: 1/2 edited_since 1",
      ])
  }

  @Test("sums the values of disclosures by currency, those without one too")
  func money() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .disclosure,
      [
        .disclosure(1, person: "P1", ["value": 120.5, "value_currency": "EUR"]),
        .disclosure(2, person: "P1", ["value": 80, "value_currency": "EUR"]),
        .disclosure(3, person: "P1", ["value": 3]),
        .disclosure(4, person: "P1"),
      ])
    try await db.inside { tx in
      try await tx.execute("UPDATE disclosure SET amount_minor = 9000 WHERE reference = 'D-2'")
      try await tx.record("disclosure.edit")
    }
    let found = try await figures(db, .disclosure)
    #expect(
      found.money.map { "\($0.currency) \($0.source) \($0.here) \($0.reasons.map(\.code))" } == [
        " 3 3 []", "EUR 200.5 210.5 [\"edited_since\"]",
      ])
    #expect(found.placeholders == 1 && found.addsUp)
  }

  @Test("counts every kind of record by what is said of it")
  func kinds() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.person, [.person(1), .person(2, ["active": false])])
    try await db.bring(
      .policy, [.policy(1, "2021"), .policy(1, "2022"), .policy(1, "2023", ["status": "draft"]), .policy(2, "1")])
    try await db.bring(.case, [.closedCase(1)])
    try await db.bring(.attestation, [.attestation("POL-1", "P1", ["policy_version": "2021"])])
    let files = try await db.stage(
      .attachment,
      [
        .file("a.txt", on: "EP-1"), .file("b.txt", on: "EP-1"),
        .file("c.txt", on: "POL-1", ["parent_entity": "policy"]),
      ])
    try await db.inside { tx in try await ImportBatch.commit(files, in: tx) }
    let importer = Importer(files: AttachmentSource { _ in Array("bytes".utf8) })
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: files, in: tx) } }
    for entity in [ImportEntity.person, .policy, .case, .attestation, .attachment] {
      let found = try await figures(db, entity)
      #expect(found.addsUp && found.records == found.sum.made, "\(entity) \(found.differences)")
      for group in found.groups {
        #expect(group.lines.reduce(0) { $0 + $1.here } == found.records, "\(entity) \(group.name)")
      }
    }
    #expect(lines(try await figures(db, .person), "status") == ["active: 1/1", "ended: 1/1"])
    #expect(lines(try await figures(db, .policy), "status") == ["published: 3/3", "draft: 1/1"])
    #expect(lines(try await figures(db, .attachment), "attached to") == ["case: 2/2", "policy: 1/1"])
    #expect(try await figures(db, .attachment).files == FileFigures(count: 3, bytes: 15, sourceBytes: nil))
  }

  @Test("freezes what the client agrees to: refused while something is open or has changed, and signed by name")
  func signOff() async throws {
    let db = try await TestDatabase.make()
    try await db.choose(["case"])
    let open = try await project(db)
    await #expect(throws: ReconcileRefusal.nothing) { try await db.inside { tx in try await open.reconcile(in: tx) } }
    let batch = try await db.bring(.case, (1...3).map { .closedCase($0) })
    await #expect(throws: ReconcileRefusal.illegalTransition(from: .active, to: .signedOff)) {
      try await db.sign(open)
    }
    try await db.reckon(open)
    let reconciling = try await project(db)
    #expect(reconciling.state == .reconciling)
    let records = try await db.imported(by: batch)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: [records[0]], in: tx) }
    await #expect(throws: ReconcileRefusal.changed([.case])) { try await db.sign(reconciling) }
    try await db.reckon(reconciling)
    // What people make of their records afterwards is their work.
    try await db.edit("title = 'Ours'", of: "EP-2")
    try await db.sign(try await project(db))
    let signed = try await project(db)
    #expect(signed.state == .signedOff && signed.signedOffAt != nil)
    let days = signed.purgeAt.map { $0.timeIntervalSince(signed.signedOffAt ?? .distantPast) / 86_400 }
    #expect(days?.rounded() == 30)
    let kept = try await db.inside { tx in try await tx.all(Reconciliation.latest(of: signed.id)) }
    #expect(kept.map(\.confirmation?.by) == ["N. Berg"] && kept.first?.figures.records == 2)
    try await db.inside { tx in try await signed.close(in: tx) }
    #expect(try await db.inside { tx in try await MigrationProject.open(in: tx) } == nil)
    #expect(try await db.inside { tx in try await MigrationProject.newest(in: tx) }?.state == .closed)
  }

  @Test("names everything that stands in the way of the signature")
  func obstacles() async throws {
    let db = try await TestDatabase.make()
    try await db.choose(["case", "policy"])
    try await db.bring(.case, [.closedCase(1, ["title": "One"])])
    try await db.edit("title = 'Ours'", of: "EP-1")
    try await db.bring(.case, [.closedCase(1, ["title": "One, corrected"])])
    let waiting = try await db.stage(.case, [.closedCase(2)])
    let open = try await project(db)
    try await db.reckon(open)
    let reconciling = try await project(db)
    let found = try await db.inside { tx in
      try await reconciling.obstacles(try await tx.all(Reconciliation.latest(of: reconciling.id)), in: tx)
    }
    #expect(
      found == [
        "“Cases of rows.csv” is checked: import it, or cancel it.", "“Cases of rows.csv”, fields to decide: 1.",
        "Chosen, and nothing of it came over: Policies. Bring it, or take it off the list.",
      ])
    await #expect(throws: ReconcileRefusal.obstacles(found)) { try await db.sign(reconciling) }
    #expect(try await db.state(of: waiting) == .validated)
  }

  @Test("makes a kind of data ready until something happens to it again")
  func readiness() async throws {
    let db = try await TestDatabase.make()
    try await db.choose(["case", "policy"])
    try await db.bring(.case, [.closedCase(1)])
    let open = try await project(db)
    #expect(try await db.inside { tx in try await MigrationReadiness.of(open, in: tx) }.ready == 0)
    db.clock.advance(seconds: 1)
    try await db.reckon(open)
    #expect(
      try await db.inside { tx in try await MigrationReadiness.of(open, in: tx) }
        == MigrationReadiness(ready: 1, chosen: 2))
    db.clock.advance(seconds: 1)
    let waiting = try await db.stage(.case, [.closedCase(3)])
    try await db.reckon(try await project(db))
    #expect(try await db.inside { tx in try await MigrationReadiness.of(open, in: tx) }.ready == 0)
    try await db.inside { tx in try await ImportBatch.cancel(waiting, in: tx) }
    #expect(try await db.inside { tx in try await MigrationReadiness.of(open, in: tx) }.ready == 1)
    db.clock.advance(seconds: 1)
    try await db.bring(.case, [.closedCase(2)])
    #expect(try await db.inside { tx in try await MigrationReadiness.of(open, in: tx) }.ready == 0)
  }
}

extension TestDatabase {
  /// Begins a project of these kinds.
  func choose(_ entities: [String]) async throws {
    try await inside { tx in
      try await tx.execute(
        """
        INSERT INTO migration_project (tenant_id, id, state, entities, decided_by)
        VALUES (\(World.acmeHealth.id), \(tx.newID() as ID<MigrationProject>), 'active', \(entities), 'N. Berg')
        """)
      try await tx.record("migration.scope")
    }
  }

  /// The figures as they would be now.
  func figures(of project: MigrationProject) async throws -> [EntityFigures] {
    let batches = try await inside { tx in try await tx.all(ReckonedBatch.all(of: project.id)) }
    var tallies: [ID<Batch>: SpanTally] = [:]
    for span in batches.flatMap(\.spans) {
      let tally = try await inside { tx in try await span.tally(in: tx) }
      tallies[span.batch.id] = (tallies[span.batch.id] ?? SpanTally()) + tally
    }
    let conflicts = try await inside { tx in try await Conflict.open(of: project.id, in: tx) }
    return EntityFigures.all(of: project, batches, tallies, conflicts: conflicts)
  }

  /// Has everything reckoned, to its end.
  func reckon(_ project: MigrationProject) async throws {
    try await inside { tx in try await project.reconcile(in: tx) }
    try await work()
  }

  /// Signs off in the name of somebody at the client.
  func sign(_ project: MigrationProject) async throws {
    try await inside { tx in try await project.signOff(by: "N. Berg", keeping: PurgeDelay(days: 30), in: tx) }
  }
}
