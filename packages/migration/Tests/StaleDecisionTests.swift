// What was decided about rows when they were checked need not hold when they are imported: the import decides anew, and
// writes down what it came to.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Rows that were checked before something else happened")
struct StaleDecisionTests {
  private func commit(_ batch: ID<Batch>, _ db: TestDatabase) async throws {
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
  }

  private func decisions(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> [StagedDecision: Int] {
    try await db.inside { tx in try await StagedDecision.counts(of: batch, in: tx) }.byDecision
  }

  private func figures(_ db: TestDatabase) async throws -> EntityFigures {
    let project = try #require(try await db.inside { tx in try await MigrationProject.open(in: tx) })
    return try #require(try await db.figures(of: project).first)
  }

  @Test("become what they are by then, where another batch brought the same keys first")
  func overlap() async throws {
    let db = try await TestDatabase.make()
    let first = try await db.stage(.case, [.closedCase(1), .closedCase(2)])
    let second = try await db.stage(.case, [.closedCase(1), .closedCase(2, ["severity": "low"]), .closedCase(3)])
    #expect(try await decisions(second, db) == [.insert: 3])
    try await commit(first, db)
    try await commit(second, db)
    #expect(try await decisions(second, db) == [.unchanged: 1, .update: 1, .insert: 1])
    let counts = try await db.count(
      """
      SELECT (counts ->> 'insert')::int * 1000 + (counts ->> 'update')::int * 100 + (counts ->> 'unchanged')::int * 10
        + (counts ->> 'inserted')::int
      FROM migration_batch
      WHERE id = \(second)
      """)
    #expect(counts == 1_111)
    #expect(
      try await db.count("SELECT count(*) FROM migration_provenance WHERE batch_id = \(second) AND row_no = 1") == 0)
    let found = try await figures(db)
    #expect(found.addsUp, "\(found.differences)")
    #expect(found.records == 3 && found.sum.unchanged == 1 && found.sum.updated == 1)
  }

  @Test("come again where what they were held against was taken back")
  func takenBack() async throws {
    let db = try await TestDatabase.make()
    let first = try await db.bring(.case, [.closedCase(1), .closedCase(2)])
    let second = try await db.stage(.case, [.closedCase(1), .closedCase(2, ["severity": "low"])])
    #expect(try await decisions(second, db) == [.unchanged: 1, .update: 1])
    let records = try await db.imported(by: first)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(first, records: records, in: tx) }
    try await commit(second, db)
    #expect(try await decisions(second, db) == [.insert: 2])
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference LIKE 'EP-%'") == 2)
    let found = try await figures(db)
    #expect(found.addsUp && found.records == 2, "\(found.differences)")
  }

  @Test("are left to a person where the field was edited here meanwhile, and left out where the record was deleted")
  func edited() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.person, [.person(1), .person(2)])
    let second = try await db.stage(
      .person, [.person(1, ["display_name": "Theirs"]), .person(2, ["display_name": "Gone"])])
    #expect(try await decisions(second, db) == [.update: 2])
    try await db.inside { tx in
      try await tx.execute("UPDATE employee SET name = 'Ours' WHERE number = 'P1'")
      try await tx.execute("DELETE FROM employee WHERE number = 'P2'")
      try await tx.record("employee.edit")
    }
    try await commit(second, db)
    #expect(try await decisions(second, db) == [.conflict: 1, .skip: 1])
    let found = try await figures(db)
    #expect(found.batches.last?.differences == [] && found.sum.skipped == 1)
    // What was deleted here is said, for the client to see.
    #expect(found.differences == ["People: came over and not taken back 2, here 1."])
  }
}
