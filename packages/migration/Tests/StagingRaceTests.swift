// Somebody decides anew about a batch whose rows are being read: what the job still has in its hands is of an earlier
// decision, and none of it may stand among the rows of the new one.

import Access
import EthicoTypes
import Foundation
import Jobs
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration
@testable import SourceFiles

@Suite("Rows that are being read while somebody decides otherwise")
struct StagingRaceTests {
  private static let columns = ["employee_id", "display_name"].enumerated().map { index, name in
    ColumnDecision(
      index: index, name: name, target: name, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
      reading: CellReading())
  }

  /// A batch of people whose rows are ordered to be read.
  private func ordered(_ db: TestDatabase) async throws -> ID<Batch> {
    let batch = try await db.stage(.person, [])
    var shape = SourceShape(kind: .csv)
    shape.columns = Self.columns.map(\.name)
    let stored = JSONText(String(decoding: try JSONEncoder().encode(shape), as: UTF8.self))
    try await db.inside { tx in
      try await tx.execute("UPDATE migration_batch SET state = 'mapped' WHERE id = \(batch)")
      try await tx.execute(
        "UPDATE migration_batch SET shape = \(stored), row_count = 2, mapping_number = 1 WHERE id = \(batch)")
      try await BatchMapping(number: 1, columns: Self.columns, constants: [:]).keep(for: batch, in: tx)
      try await held(batch, tx).stage(in: tx)
    }
    return batch
  }

  private func held(_ batch: ID<Batch>, _ tx: AuditedTransaction) async throws -> Batch {
    try #require(try await Batch.hold(batch, in: tx))
  }

  /// What the job that is ordered now reads by.
  private func plan(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> StagingPlan {
    try await db.inside { tx in
      let job = try #require(try await Batch.find(batch, in: tx)?.job)
      return try #require(try await StagingPlan.find(batch, for: job, in: tx))
    }
  }

  private func rows(_ plan: StagingPlan, _ numbers: ClosedRange<Int>) -> [WrittenRow] {
    numbers.map { number in
      WrittenRow(plan.reading.read(SourceRow(number: number, cells: ["P\(number)", "Somebody"], problems: [])))
    }
  }

  private func begin(_ plan: StagingPlan, _ db: TestDatabase) async throws -> Int {
    try await db.inside { tx in try await WrittenRow.checkpoint(of: plan, in: tx) }
  }

  private func keep(_ rows: [WrittenRow], _ plan: StagingPlan, _ db: TestDatabase) async throws {
    try await db.inside { tx in try await WrittenRow.keep(rows, of: plan, in: tx) }
  }

  /// The rows that are kept, and how far the job says that it is.
  private func kept(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> [Int] {
    try await db.inside { tx in
      try await tx.query(
        """
        SELECT row_no FROM migration_staged_row WHERE batch_id = \(batch)
        UNION ALL
        SELECT max(row_no) FROM migration_checkpoint WHERE batch_id = \(batch) AND phase LIKE 'stage %'
        """, as: Int.self
      ).sorted()
    }
  }

  @Test("are left out once a new mapping is saved, and neither move the new job on nor take its rows")
  func mapping() async throws {
    let db = try await TestDatabase.make()
    let batch = try await ordered(db)
    let former = try await plan(batch, db)
    #expect(try await begin(former, db) == 0)
    try await keep(rows(former, 2...3), former, db)
    try await db.inside { tx in
      try await held(batch, tx).map(
        Self.columns, constants: ["department": "Sales"], rules: MappingRules(), then: .check, in: tx)
    }
    // Before the new job has begun, and after.
    await #expect(throws: StagingPlan.Overtaken.self) { try await keep(rows(former, 4...5), former, db) }
    let present = try await plan(batch, db)
    #expect(try await begin(present, db) == 0)
    try await keep(rows(present, 2...2), present, db)
    await #expect(throws: StagingPlan.Overtaken.self) { try await keep(rows(former, 4...5), former, db) }
    await #expect(throws: StagingPlan.Overtaken.self) { _ = try await begin(former, db) }
    #expect(try await kept(batch, db) == [2, 2])
    #expect(try await begin(present, db) == 2)
  }

  @Test("are read by a job of their own once values are decided, whatever the earlier one is still at")
  func values() async throws {
    let db = try await TestDatabase.make()
    let batch = try await ordered(db)
    let former = try await plan(batch, db)
    #expect(try await begin(former, db) == 0)
    try await db.inside { tx in
      try await held(batch, tx).map(
        [ValueMapping(target: "language", value: "Deutsch", act: .value("de"))], in: tx)
    }
    #expect(try await db.state(of: batch) == .mapped)
    try await db.inside { tx in try await held(batch, tx).stage(in: tx) }
    let present = try await plan(batch, db)
    #expect(present.batch.mappingNumber == former.batch.mappingNumber)
    #expect(try #require(present.batch.job) != former.batch.job)
    await #expect(throws: StagingPlan.Overtaken.self) { try await keep(rows(former, 2...3), former, db) }
    let late = try #require(former.batch.job)
    #expect(try await db.inside { tx in try await StagingPlan.find(batch, for: late, in: tx) == nil })
    #expect(try await begin(present, db) == 0)
    try await keep(rows(present, 2...3), present, db)
    #expect(try await kept(batch, db) == [2, 3, 3])
  }
}
