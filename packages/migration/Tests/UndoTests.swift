// Undoing an import: each bucket by a record that is in it, everything as before, and back again.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Undoing an import")
struct UndoTests {
  @Test("takes one record back with all that came with it, four hundred days later")
  func oneRecord() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(.case, [.full(1)])
    let record = try #require(try await db.imported(by: batch).first)
    db.clock.advance(seconds: 400 * 86_400)
    _ = try await db.superuser().query(
      .superuser, "SELECT audit_ensure_partitions(\(db.clock.now), 2)", as: Int.self)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: [record], in: tx) }
    #expect(outcome.sentence == "1 record undone." && outcome.buckets == [.clean: 1])
    #expect(try await db.records() == before)
    #expect(try await db.state(of: batch) == .undone)
    let again = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: [record], in: tx) }
    #expect(again.sentence == "Nothing undone.")
  }

  @Test("leaves every table as it was, reversed brings every row back, and undone again leaves none")
  func batch() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(.case, (1...120).map { .full($0) })
    let imported = try await db.records()
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    let undo = try await db.lastUndo()
    await #expect(throws: Killed.self) {
      try await db.inside { tx in
        _ = try await UndoJob(undo: undo).step(in: tx)
        throw Killed()
      }
    }
    #expect(try await db.records() == imported)
    try await db.work()
    #expect(try await db.records() == before)
    #expect(try await db.state(of: batch) == .undone)
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undo, in: tx) }
    #expect(plan.counts == [.clean: 120])
    #expect(try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) } == nil)
    try await db.work()
    #expect(try await db.records() == imported)
    #expect(try await db.state(of: batch) == .committed)
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.records() == before)
    let verified = try await db.ledger.verify(by: db.system())
    #expect(verified.breaks.isEmpty)
  }

  @Test("is looked at from all over a batch that is too large, and says how much was not looked at")
  func largePreview() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, (1...7).map { .full($0) })
    try await db.comment("EP-4", "Ours.")
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, atMost: 3, in: tx) }
    #expect((1...3).contains(plan.looked) && plan.total == 7)
    let whole = try await db.inside { tx in try await ImportUndo.preview(batch, atMost: 7, in: tx) }
    #expect(whole.counts == [.blockedNative: 1, .clean: 6] && whole.unseen == 0)
    let named = try await db.inside { tx in
      let record = try #require(whole.samples.first { $0.bucket == .blockedNative }?.record)
      return try await ImportUndo.preview(batch, records: [record], atMost: 3, in: tx)
    }
    #expect(named.counts == [.blockedNative: 1] && named.unseen == 0)
  }

  @Test("says of which batches the records are that go along")
  func along() async throws {
    let db = try await TestDatabase.make()
    let people = try await db.bring(.person, [.person(1), .person(2)])
    let gifts = try await db.bring(.disclosure, (1...3).map { .disclosure($0, person: "P1") })
    let plan = try await db.inside { tx in try await ImportUndo.preview(people, in: tx) }
    #expect(plan.along == 3 && plan.hanging.map(\.batch) == [gifts])
    #expect(plan.hanging.map(\.entity) == [.disclosure] && plan.hanging.map(\.records) == [3])
    let other = try await db.inside { tx in try await ImportUndo.preview(gifts, in: tx) }
    #expect(other.along == 0 && other.hanging.isEmpty)
  }

  @Test("keeps what a client's own rows hang on, and takes them along only for a reason")
  func blocked() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(.case, [.full(1), .full(2)])
    try await db.comment("EP-1", "Ours.")
    let imported = try await db.records()
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.blockedNative: 1, .clean: 1] && plan.acting == 1)
    #expect(plan.samples.first?.reasons == ["blocked_native: note × 1"])
    await #expect(throws: UndoRefusal.reasonMissing) {
      try await db.inside { tx in
        try await ImportUndo.preview(batch, in: tx)
        return try await ImportUndo.carryOut(
          batch, records: db.imported(by: batch),
          options: UndoOptions(includeBlocked: true, includeEdited: false, reason: "because"), in: tx)
      }
    }
    let records = try await db.imported(by: batch)
    let careful = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(careful.sentence == "1 record undone. 1 kept.")
    #expect(try await db.state(of: batch) == .partiallyUndone)
    let options = UndoOptions(includeBlocked: true, includeEdited: false, reason: "The client asked for it.")
    let all = try await db.inside { tx in
      try await ImportUndo.carryOut(batch, records: records, options: options, in: tx)
    }
    #expect(all.done == 1)
    #expect(try await db.records() == before)
    for undo in [all.undo, careful.undo] {
      _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    }
    #expect(try await db.records() == imported)
  }

  @Test("keeps what was edited here, and deletes it only for a reason")
  func edited() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(.case, [.full(1)])
    try await db.retitle("EP-1", "Ours")
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.edited: 1] && plan.acting == 0)
    #expect(plan.samples.first?.reasons == ["edited: case: title"])
    let options = UndoOptions(includeBlocked: false, includeEdited: true, reason: "It was a rehearsal.")
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in
      try await ImportUndo.carryOut(batch, records: records, options: options, in: tx)
    }
    #expect(outcome.done == 1)
    #expect(try await db.records() == before)
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1' AND title = 'Ours'") == 1)
  }

  @Test("is not stopped by a save that left everything as it came")
  func saved() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, [.full(1)])
    try await db.retitle("EP-1", "Another")
    try await db.retitle("EP-1", "Matter 1")
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.clean: 1])
  }

  @Test("gives back what an update had replaced, field by field, and can be reversed")
  func update() async throws {
    let db = try await TestDatabase.make()
    let long = String(repeating: "The whole story. ", count: 40)
    try await db.bring(.case, [.full(1, ["summary": long])])
    let first = try await db.fields("EP-1")
    let later = try await db.bring(.case, [.full(1, ["title": "New", "summary": "Short.", "severity": "high"])])
    let updated = try await db.fields("EP-1")
    let plan = try await db.inside { tx in try await ImportUndo.preview(later, in: tx) }
    #expect(plan.counts == [.clean: 1])
    let records = try await db.imported(by: later)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(later, records: records, in: tx) }
    #expect(outcome.done == 1)
    #expect(try await db.fields("EP-1") == first)
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.fields("EP-1") == updated)
    try await db.retitle("EP-1", "Ours")
    let partly = try await db.inside { tx in try await ImportUndo.carryOut(later, records: records, in: tx) }
    #expect(partly.buckets == [.edited: 1] && partly.done == 1)
    #expect(try await db.fields("EP-1") == first.replacing("Matter 1", with: "Ours"))
  }

  @Test("takes later layers back first")
  func superseded() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(.case, [.full(1)])
    let later = try await db.bring(
      .case, [.full(1, ["title": "New", "notes": [["body": "Another."], ["body": "Noted."]]])])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.superseded: 1] && plan.acting == 1)
    let imported = try await db.records()
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(try await db.records() == before)
    #expect(try await db.state(of: later) == .undone)
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.records() == imported)
    #expect(try await db.state(of: later) == .committed)
  }

  @Test("refuses what is under legal hold or to be kept still, and the records of a client that is closed")
  func held() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(
      .case,
      [
        .full(1, ["legal_hold": true]), .full(2), .full(3, ["retention_until": "2099-12-31"]),
        .full(4, ["retention_until": "2020-12-31"]),
      ])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.held: 2, .clean: 2])
    #expect(
      plan.samples.filter { $0.bucket == .held }.map(\.reasons) == [
        ["held: legal hold"], ["held: to be kept until 2099-12-31"],
      ])
    _ = try await db.superuser().execute(
      .superuser, "ALTER TABLE tenant DISABLE TRIGGER tenant_audit_update")
    _ = try await db.superuser().execute(
      .superuser, "UPDATE tenant SET status = 'closed' WHERE id = \(World.acmeHealth.id)")
    let closed = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(closed.counts == [.held: 4])
  }

  @Test("does not bring back what belongs to a record that is not here, until that is back")
  func withoutItsParent() async throws {
    let db = try await TestDatabase.make()
    let people = try await db.bring(.person, [.person(1)])
    let gifts = try await db.bring(.disclosure, [.disclosure(1, person: "P1")])
    let imported = try await db.records()
    let gift = try await db.imported(by: gifts)
    let person = try await db.imported(by: people)
    let first = try await db.inside { tx in try await ImportUndo.carryOut(gifts, records: gift, in: tx) }
    let second = try await db.inside { tx in try await ImportUndo.carryOut(people, records: person, in: tx) }
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(first.undo, in: tx) }
    #expect(plan.counts == [.gone: 1] && plan.acting == 0)
    #expect(plan.samples.map(\.reasons) == [["gone: employee is not here any more"]])
    for undo in [second.undo, first.undo] {
      let back = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
      #expect(back?.done == 1)
    }
    #expect(try await db.records() == imported)
  }

  @Test("looks up what was kept of the records it brings back, however much was kept of others")
  func keptOfOthers() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, (1...3).map { .full($0) })
    let records = try await db.imported(by: batch)
    let undo = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }.undo
    let superuser = try await db.superuser()
    _ = try await superuser.execute(
      .superuser,
      """
      INSERT INTO migration_undo_archive (tenant_id, undo_id, record_id, provenance_id, position, target_table,
        target_id, archived)
      SELECT a.tenant_id, a.undo_id, gen_random_uuid(), gen_random_uuid(), 0, a.target_table, gen_random_uuid(),
        a.archived
      FROM migration_undo_archive a
      CROSS JOIN generate_series(1, 500)
      """)
    _ = try await superuser.execute(.superuser, "ANALYZE migration_undo_archive")
    await superuser.close()
    let plan = try await db.inside { tx in
      try await UndoReversal(undo: undo, original: undo).survey([records[0]], in: tx)
      return try await tx.query(
        "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) \(fragment: UndoReversal.kept(by: undo))", as: String.self)
    }
    let text = plan.joined(separator: "\n")
    let seen = text.matches(of: #/(?:actual rows=|Removed by Filter: )([0-9]+)/#).compactMap { Int($0.1) }
    #expect(!seen.isEmpty && seen.allSatisfy { $0 <= 60 }, "\(text)")
  }

  @Test("does not bring back a record whose key was imported again")
  func importedAgain() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, [.full(1)])
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    try await db.bring(.case, [.full(1)])
    let now = try await db.records()
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(outcome.undo, in: tx) }
    #expect(plan.counts == [.superseded: 1] && plan.acting == 0)
    let reversed = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(reversed?.sentence == "Nothing undone. 1 kept.")
    #expect(try await db.records() == now)
  }
}

extension StagedRow {
  /// A closed case with a note and somebody whom it is about.
  static func full(_ number: Int, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "title": "Matter \(number)", "category": "Made on the way \(number % 3)", "subcategory": "Below",
      "notes": [["body": "Noted.", "at": "2022-01-03T08:00:00Z"]],
      "parties": [["name": "Sam Till", "role": "subject"]], "investigation_status": "closed", "resolution": "Done.",
    ]
    return closedCase(number, fields.merging(more) { $1 })
  }
}

extension TestDatabase {
  func comment(_ reference: String, _ body: String) async throws {
    try await inside { tx in
      let note: ID<ImportedRecord> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO note (tenant_id, id, case_id, visibility, body)
        SELECT tenant_id, \(note), id, 'team', \(body) FROM "case" WHERE reference = \(reference)
        """)
      try await tx.record("case.note")
    }
  }

  func retitle(_ reference: String, _ title: String) async throws {
    try await inside { tx in
      try await tx.execute("UPDATE \"case\" SET title = \(title) WHERE reference = \(reference)")
      try await tx.record("case.edit")
    }
  }

  /// What a case says, without how often it was saved.
  func fields(_ reference: String) async throws -> String {
    try await superuser().query(
      .superuser,
      """
      SELECT (to_jsonb(c) - '{version,changed_at,changed_by}'::text[])::text FROM "case" c
      WHERE reference = \(reference)
      """, as: String.self
    ).first ?? ""
  }

  func lastUndo() async throws -> ID<MigrationUndo> {
    let found = try await superuser().query(
      .superuser, "SELECT id FROM migration_undo ORDER BY started_at DESC LIMIT 1", as: ID<MigrationUndo>.self)
    return try #require(found.first)
  }
}
