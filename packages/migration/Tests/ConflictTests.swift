// What a re-import leaves to a person: decided field by field, never behind anybody's back, and undone like an import.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Conflicts of a re-import")
struct ConflictTests {
  private static let long = String(repeating: "ours ", count: 100)

  /// Two cases that were edited here, and the batch that says something else of them.
  private func disputed(_ db: TestDatabase) async throws -> ImportBatch {
    try await db.bring(.case, [.closedCase(1, ["title": "One"]), .closedCase(2, ["title": "Two"])])
    try await db.edit("title = 'Ours', summary = \(Self.long)", of: "EP-1")
    try await db.edit("title = 'Ours too'", of: "EP-2")
    let batch = try await db.bring(
      .case,
      [
        .closedCase(1, ["title": "One, corrected", "summary": "Short.", "severity": "low"]),
        .closedCase(2, ["title": "Two, corrected"]),
      ])
    return try #require(try await db.inside { tx in try await ImportBatch.find(batch, in: tx) })
  }

  private func open(_ batch: ImportBatch, _ db: TestDatabase) async throws -> [Conflict] {
    try await db.inside { tx in try await Conflict.page(of: batch.id, as: batch.entity, in: tx) }
  }

  private func titles(_ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      "SELECT title || ' / ' || left(summary, 6) FROM \"case\" WHERE reference LIKE 'EP-%' ORDER BY reference",
      as: String.self)
  }

  @Test("show what the source says, what stands here, and who wrote that when")
  func shown() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    let conflicts = try await open(batch, db)
    #expect(conflicts.map { "\($0.rowNumber) \($0.field)" } == ["1 summary", "1 title", "2 title"])
    #expect(conflicts[1].source == "One, corrected" && conflicts[1].ours == "Ours" && conflicts[1].key == "EP-1")
    #expect(conflicts[1].editedBy == "system:test" && conflicts[1].editedAt != nil)
    let behind = try await db.inside { tx in
      try await Conflict.page(of: batch.id, as: .case, behind: ConflictPosition(row: 1, field: "title"), in: tx)
    }
    #expect(behind.map(\.key) == ["EP-2"])
    try await db.edit("title = 'Ours again'", of: "EP-2")
    let moved = try await open(batch, db)
    #expect(moved[2].ours == "Ours again" && moved[2].seen != conflicts[2].seen)
  }

  @Test("name the category behind an id")
  func named() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    try await db.edit("category_id = (SELECT id FROM category WHERE name <> 'Fraud' ORDER BY name LIMIT 1)", of: "EP-1")
    let batch = try await db.bring(.case, [.closedCase(1, ["category": "Theft of time"])])
    let conflicts = try await db.inside { tx in try await Conflict.page(of: batch, as: .case, in: tx) }
    #expect(conflicts.map(\.field) == ["category_id"])
    #expect(conflicts.first?.source == "Theft of time" && conflicts.first?.ours?.contains("-") == false)
  }

  @Test("are settled by keeping ours, and the same value is not asked about again")
  func ours() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    let picks = try await open(batch, db).map(\.pick)
    let outcome = try await db.inside { tx in try await Conflict.resolve(picks, of: batch, .ours, in: tx) }
    #expect(outcome == ConflictOutcome(decided: 3))
    #expect(try await titles(db) == ["Ours / ours o", "Ours too / What w"])
    #expect(try await open(batch, db).isEmpty)
    let again = try await db.bring(
      .case, [.closedCase(2, ["title": "Two, corrected", "severity": "low"])])
    #expect(try await db.count("SELECT count(*) FROM migration_conflict WHERE batch_id = \(again)") == 0)
    let other = try await db.bring(.case, [.closedCase(2, ["title": "Two, once more", "severity": "low"])])
    #expect(try await db.count("SELECT count(*) FROM migration_conflict WHERE batch_id = \(other)") == 1)
  }

  @Test("are settled by taking the source's as a layer, which an undo takes back and its reversal brings again")
  func source() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    let picks = try await open(batch, db).filter { $0.rowNumber == 1 }.map(\.pick)
    let outcome = try await db.inside { tx in try await Conflict.resolve(picks, of: batch, .source, in: tx) }
    #expect(outcome == ConflictOutcome(decided: 2))
    #expect(try await titles(db) == ["One, corrected / Short.", "Ours too / What w"])
    #expect(try await db.count("SELECT count(*) FROM audit_event WHERE action = 'migration.resolve'") == 1)
    let records = try await db.imported(by: batch.id)
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch.id, records: [records[0]], in: tx) }
    #expect(plan.counts == [.clean: 1])
    let undone = try await db.inside { tx in try await ImportUndo.carryOut(batch.id, records: [records[0]], in: tx) }
    #expect(undone.done == 1)
    #expect(try await titles(db) == ["Ours / ours o", "Ours too / What w"])
    let whole = try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1' AND summary = \(Self.long)")
    #expect(whole == 1)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await titles(db) == ["One, corrected / Short.", "Ours too / What w"])
    let verified = try await db.ledger.verify(by: db.system())
    #expect(verified.breaks.isEmpty)
  }

  @Test("change nothing when one field is not what was seen any more, or somebody has decided it")
  func stale() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    let seen = try await open(batch, db).map(\.pick)
    try await db.edit("title = 'Ours again'", of: "EP-2")
    for choice in ConflictChoice.allCases {
      await #expect(throws: ConflictRefusal.stale(1)) {
        try await db.inside { tx in try await Conflict.resolve(seen, of: batch, choice, in: tx) }
      }
    }
    #expect(try await titles(db) == ["Ours / ours o", "Ours again / What w"])
    #expect(try await open(batch, db).count == 3)
    let first = [seen[0]]
    _ = try await db.inside { tx in try await Conflict.resolve(first, of: batch, .ours, in: tx) }
    await #expect(throws: ConflictRefusal.stale(1)) {
      try await db.inside { tx in try await Conflict.resolve(first, of: batch, .source, in: tx) }
    }
    await #expect(throws: ConflictRefusal.nothing) {
      try await db.inside { tx in try await Conflict.resolve([], of: batch, .source, in: tx) }
    }
  }

  @Test("are decided all at once but those that were changed here since they were found")
  func all() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    try await db.edit("title = 'Ours again'", of: "EP-2")
    let outcome = try await db.inside { tx in try await Conflict.resolveAll(of: batch, .source, in: tx) }
    #expect(outcome == ConflictOutcome(decided: 2, left: 1))
    #expect(try await titles(db) == ["One, corrected / Short.", "Ours again / What w"])
    #expect(try await open(batch, db).map(\.key) == ["EP-2"])
  }

  @Test("take what a former system's own way was, where nobody could have gone it here")
  func ownWay() async throws {
    let db = try await TestDatabase.make()
    let lead = try await db.address(of: .investigator)
    try await db.bring(.case, [.closedCase(1, ["assignee.email": lead])])
    try await db.edit("stage = 'remediation'", of: "EP-1")
    let id = try await db.bring(
      .case, [.closedCase(1, ["status": "new", "outcome": NSNull(), "closed_at": NSNull(), "assignee.email": lead])])
    let batch = try #require(try await db.inside { tx in try await ImportBatch.find(id, in: tx) })
    let stage = try #require(try await open(batch, db).first { $0.field == "stage" })
    #expect(stage.source == "new" && stage.ours == "remediation")
    _ = try await db.inside { tx in try await Conflict.resolve([stage.pick], of: batch, .source, in: tx) }
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1' AND stage = 'new'") == 1)
  }

  @Test("say which rule refuses what the source says, and change nothing")
  func refused() async throws {
    let db = try await TestDatabase.make()
    let taken = try #require(
      try await db.superuser().query(
        .superuser, "SELECT number FROM employee WHERE tenant_id = \(World.acmeHealth.id) ORDER BY number LIMIT 1",
        as: String.self
      ).first)
    try await db.bring(.person, [.person(1), .person(2)])
    try await db.inside { tx in
      try await tx.execute("UPDATE employee SET number = 'O' || number, name = 'Ours' WHERE number IN ('P1', 'P2')")
      try await tx.record("employee.edit")
    }
    let id = try await db.bring(.person, [.person(1, ["employee_id": taken]), .person(2, ["display_name": "Theirs"])])
    let batch = try #require(try await db.inside { tx in try await ImportBatch.find(id, in: tx) })
    let picks = try await open(batch, db).filter { $0.field == "number" || $0.rowNumber == 2 }.map(\.pick)
    #expect(picks.count == 2)
    await #expect(throws: ConflictRefusal.refused(row: 1, rule: "employee_number")) {
      try await db.inside { tx in try await Conflict.resolve(picks, of: batch, .source, in: tx) }
    }
    #expect(try await db.count("SELECT count(*) FROM employee WHERE name = 'Ours'") == 2)
    let outcome = try await db.inside { tx in try await Conflict.resolveAll(of: batch, .source, in: tx) }
    #expect(outcome == ConflictOutcome(decided: 1, left: 1))
    #expect(try await open(batch, db).map { "\($0.rowNumber) \($0.field)" } == ["1 number"])
    #expect(try await db.count("SELECT count(*) FROM employee WHERE name = 'Theirs' AND number = 'OP2'") == 1)
  }

  @Test("are asked of the batch that came last, and of the one before it once that has been taken back")
  func askedTwice() async throws {
    let db = try await TestDatabase.make()
    let first = try await disputed(db)
    let id = try await db.bring(.case, [.closedCase(2, ["title": "Two, corrected", "severity": "low"])])
    let second = try #require(try await db.inside { tx in try await ImportBatch.find(id, in: tx) })
    let project = try #require(try await db.inside { tx in try await MigrationProject.open(in: tx) }).id
    #expect(try await open(first, db).map(\.rowNumber) == [1, 1])
    #expect(try await open(second, db).map(\.source) == ["Two, corrected"])
    #expect(try await db.inside { tx in try await Conflict.open(of: project, in: tx) } == [first.id: 2, second.id: 1])
    let records = try await db.imported(by: second.id)
    let undone = try await db.inside { tx in try await ImportUndo.carryOut(second.id, records: records, in: tx) }
    #expect(undone.done == 1)
    #expect(try await open(first, db).map(\.rowNumber) == [1, 1, 2])
    #expect(try await open(second, db).isEmpty)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    // An undo of the earlier batch takes nothing from the later one's question.
    #expect(try await open(second, db).map(\.source) == ["Two, corrected"])
    #expect(try await db.inside { tx in try await Conflict.open(of: project, in: tx) } == [first.id: 2, second.id: 1])
  }

  @Test("are counted as they are shown, also where two batches asked by turns")
  func askedByTurns() async throws {
    let db = try await TestDatabase.make()
    let first = try await disputed(db)
    let id = try await db.bring(.case, [.closedCase(2, ["title": "Two, corrected", "severity": "low"])])
    let second = try #require(try await db.inside { tx in try await ImportBatch.find(id, in: tx) })
    let project = try #require(try await db.inside { tx in try await MigrationProject.open(in: tx) }).id
    // The first batch was paused meanwhile, and goes on with another row about the same record.
    try await db.inside { tx in
      try await tx.execute(
        """
        INSERT INTO migration_conflict (tenant_id, id, batch_id, row_no, entity, target_id, field, source_value,
          our_value)
        SELECT tenant_id, gen_random_uuid(), batch_id, 99, entity, target_id, field, 'Two, again', our_value
        FROM migration_conflict WHERE batch_id = \(first.id) AND row_no = 2
        """)
      try await tx.execute(
        """
        INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
          source_record_id, batch_id, row_no, seq, action, event_id)
        SELECT tenant_id, gen_random_uuid(), record_id, entity, target_table, target_id, source_system,
          source_record_id, batch_id, 99, seq + 10, action, event_id
        FROM migration_provenance WHERE batch_id = \(first.id) AND row_no = 2 AND action = 'update'
        """)
      try await tx.record("test.plant")
    }
    #expect(try await open(first, db).map(\.rowNumber) == [1, 1, 99])
    #expect(try await open(second, db).isEmpty)
    #expect(try await db.inside { tx in try await Conflict.open(of: project, in: tx) } == [first.id: 3])
  }

  @Test("are asked again by a batch that says the same after the first one has been taken back")
  func askedAfterUndo() async throws {
    let db = try await TestDatabase.make()
    let first = try await disputed(db)
    let records = try await db.imported(by: first.id)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(first.id, records: records, in: tx) }
    let id = try await db.bring(.case, [.closedCase(2, ["title": "Two, corrected"])])
    let second = try #require(try await db.inside { tx in try await ImportBatch.find(id, in: tx) })
    #expect(try await open(second, db).map(\.source) == ["Two, corrected"])
  }

  @Test("are nobody's question any more once their row has been taken back")
  func undone() async throws {
    let db = try await TestDatabase.make()
    let batch = try await disputed(db)
    let project = try #require(
      try await db.inside { tx in
        try await tx.first("SELECT id FROM migration_project", as: ID<MigrationProject>.self)
      })
    #expect(try await db.inside { tx in try await Conflict.open(of: project, in: tx) } == [batch.id: 3])
    try await db.inside { tx in try await ImportUndo.order(batch.id, in: tx) }
    try await db.work()
    #expect(try await open(batch, db).isEmpty)
    #expect(try await db.inside { tx in try await Conflict.open(of: project, in: tx) }.isEmpty)
  }
}

extension TestDatabase {
  /// Edits a case here, as somebody at the client would.
  func edit(_ change: SQL, of reference: String) async throws {
    try await inside { tx in
      try await tx.execute("UPDATE \"case\" SET \(fragment: change) WHERE reference = \(reference)")
      try await tx.record("case.edit")
    }
  }
}
