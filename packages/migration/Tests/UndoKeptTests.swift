// An undo that keeps later imports: its layer goes from under them, and what is undone or brought back afterwards finds
// what it would have found.

import Access
import EthicoTypes
import Foundation
import Jobs
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Undoing an import below later ones")
struct UndoKeptTests {
  @Test("leaves the record as it is, and an undo of the later one gives back what stood before both")
  func fromUnder() async throws {
    let db = try await TestDatabase.make()
    let insert = try await db.bring(.case, [.full(1)])
    let first = try await db.fields("EP-1")
    let batch = try await db.bring(.case, [.full(1, ["title": "Second"])])
    let later = try await db.bring(.case, [.full(1, ["title": "Third"])])
    let latest = try await db.fields("EP-1")
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, options: .keeping, in: tx) }
    #expect(plan.counts == [.superseded: 1] && plan.acting == 1 && plan.along == 0)
    #expect(plan.samples.map(\.reasons) == [["superseded: a later import changed it, and stays"]])
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.sentence == "1 record undone." && outcome.buckets == [.superseded: 1])
    #expect(try await db.fields("EP-1") == latest)
    #expect(try await db.state(of: batch) == .undone)
    for stands in [insert, later] { #expect(try await db.state(of: stands) == .committed) }
    let again = try await db.inside { tx in try await ImportUndo.preview(later, in: tx) }
    #expect(again.counts == [.clean: 1])
    try await db.undo(later)
    #expect(try await db.fields("EP-1") == first)
  }

  @Test(
    "carries long texts along whole",
    arguments: [
      ("Short.", long("B"), "Shorter."), (long("A"), long("B"), long("C")), (long("A"), "Short.", "Shorter."),
    ])
  func texts(first: String, second: String, third: String) async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1, ["summary": first])])
    let before = try await db.fields("EP-1")
    let batch = try await db.bring(.case, [.full(1, ["summary": second])])
    let middle = try await db.fields("EP-1")
    let later = try await db.bring(.case, [.full(1, ["summary": third])])
    let layers = try await db.layers(of: "EP-1")
    let outcome = try await db.undoBelow(batch)
    #expect(try await db.count("SELECT count(*) FROM migration_replaced") == (first.count > 256 ? 2 : 0))
    let undone = try await db.undo(later)
    #expect(try await db.fields("EP-1") == before)
    for undo in [undone.undo, outcome.undo] {
      _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    }
    #expect(try await db.layers(of: "EP-1") == layers)
    try await db.undo(later)
    #expect(try await db.fields("EP-1") == middle)
  }

  @Test("gives back in the record what no later import has changed")
  func inTheRow() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1, ["severity": "low"])])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second", "severity": "high"])])
    try await db.bring(.case, [.full(1, ["title": "Third", "severity": "high"])])
    let latest = try await db.fields("EP-1")
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.done == 1)
    #expect(try await db.fields("EP-1") == latest.replacing("\"severity\": \"high\"", with: "\"severity\": \"low\""))
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(outcome.undo, in: tx) }
    #expect(plan.counts == [.clean: 1])
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.fields("EP-1") == latest)
  }

  @Test("leaves what was written here in between to the later import that found it")
  func between() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second"])])
    try await db.retitle("EP-1", "Ours")
    let edited = try await db.fields("EP-1")
    let later = try await db.bring(.case, [.full(1, ["title": "Third"])])
    try await db.takeSource(of: later)
    let layers = try await db.layers(of: "EP-1")
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, options: .keeping, in: tx) }
    #expect(plan.samples.first?.reasons.contains("edited: case: title") == true && plan.acting == 1)
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.buckets == [.superseded: 1] && outcome.done == 1)
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.layers(of: "EP-1") == layers)
    try await db.undoBelow(batch)
    try await db.undo(later)
    #expect(try await db.fields("EP-1") == edited)
  }

  @Test("keeps what came new and was changed since, and takes back what nothing later touches")
  func insert() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, [.full(1), .full(2)])
    try await db.bring(.case, [.full(1, ["title": "Second"])])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, options: .keeping, in: tx) }
    #expect(plan.counts == [.superseded: 1, .clean: 1] && plan.acting == 1)
    #expect(
      plan.samples.first { !$0.acts }?.reasons == ["superseded: a later import changed what came new"])
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.sentence == "1 record undone. 1 kept.")
    #expect(try await db.titles() == ["EP-1 Second"])
  }

  @Test("takes nothing of another import along that hangs on what came new")
  func hanging() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.person, [.person(1), .person(2)])
    try await db.bring(.disclosure, [.disclosure(1, person: "P1")])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, options: .keeping, in: tx) }
    #expect(plan.counts == [.superseded: 1, .clean: 1] && plan.along == 0)
    #expect(plan.samples.first { !$0.acts }?.reasons == ["superseded: disclosure × 1 of another import"])
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.sentence == "1 record undone. 1 kept.")
    #expect(try await db.count("SELECT count(*) FROM disclosure WHERE reference = 'D-1'") == 1)
  }

  @Test("comes back under the later import, in whatever order", arguments: [[0, 1], [1, 0]])
  func comesBack(order: [Int]) async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batches = [
      try await db.bring(.case, [.full(1, ["title": "Second"])]),
      try await db.bring(.case, [.full(1, ["title": "Third"])]),
    ]
    let latest = try await db.bring(.case, [.full(1, ["title": "Fourth"])])
    let layers = try await db.layers(of: "EP-1")
    let record = try await db.fields("EP-1")
    for goes in [[0, 1], [1, 0]] {
      var undos: [Int: ID<MigrationUndo>] = [:]
      for index in goes { undos[index] = try await db.undoBelow(batches[index]).undo }
      for index in order {
        let undo = try #require(undos[index])
        let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undo, in: tx) }
        #expect(plan.counts == [.clean: 1])
        _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
      }
      #expect(try await db.layers(of: "EP-1") == layers)
      #expect(try await db.fields("EP-1") == record)
    }
    try await db.undo(latest)
    #expect(try await db.titles() == ["EP-1 Third"])
  }

  @Test("comes back into the record where the later import was taken back meanwhile")
  func comesBackAlone() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second", "summary": Self.long("B")])])
    let second = try await db.fields("EP-1")
    let later = try await db.bring(.case, [.full(1, ["title": "Third", "summary": "Short."])])
    let third = try await db.fields("EP-1")
    let below = try await db.undoBelow(batch)
    let undone = try await db.undo(later)
    _ = try await db.inside { tx in try await ImportUndo.reverse(below.undo, in: tx) }
    #expect(try await db.fields("EP-1") == second)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await db.fields("EP-1") == third)
  }

  @Test("comes back only where what it left behind still stands")
  func overwritten() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second"])])
    let later = try await db.bring(.case, [.full(1, ["title": "Third"])])
    let below = try await db.undoBelow(batch)
    try await db.undo(later)
    try await db.retitle("EP-1", "Ours")
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(below.undo, in: tx) }
    #expect(plan.counts == [.edited: 1] && plan.samples.first?.reasons == ["edited: case: title"])
    _ = try await db.inside { tx in try await ImportUndo.reverse(below.undo, in: tx) }
    #expect(try await db.titles() == ["EP-1 Ours"])
    #expect(try await db.state(of: batch) == .committed)
  }

  @Test("brings back with it what was made on the way for it", arguments: [UndoOptions.careful, .keeping])
  func madeOnTheWay(options: UndoOptions) async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["category": "Quite new"])])
    let second = try await db.fields("EP-1")
    let later = options.keepsLater ? try await db.bring(.case, [.full(1, ["category": "Newer"])]) : nil
    let latest = try await db.fields("EP-1")
    let outcome = try await db.undo(batch, options)
    let made: SQL = "SELECT count(*) FROM category WHERE name = 'Quite new'"
    #expect(try await db.count(made) == 0)
    let back = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(back?.buckets == [.clean: 1])
    #expect(try await db.fields("EP-1") == latest)
    #expect(try await db.count(made) == 1)
    if let later { #expect(try await db.undo(later).buckets == [.clean: 1]) }
    #expect(try await db.fields("EP-1") == second)
  }

  @Test("does not come back where its record is gone", arguments: [UndoOptions.careful, .keeping])
  func recordGone(options: UndoOptions) async throws {
    let db = try await TestDatabase.make()
    let insert = try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second"])])
    let outcome = try await db.undo(batch, options)
    let undone = try await db.undo(insert)
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(outcome.undo, in: tx) }
    #expect(plan.counts == [.gone: 1] && plan.acting == 0)
    let early = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(early?.sentence == "Nothing undone. 1 kept.")
    for undo in [undone.undo, outcome.undo] {
      _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    }
    #expect(try await db.titles() == ["EP-1 Second"])
  }

  @Test("takes several versions of a policy out from under the one that counts, and back again")
  func versions() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "1", ["effective_date": "2021-01-01"])])
    let first = try await db.records()
    let batch = try await db.bring(
      .policy,
      [.policy(1, "2", ["effective_date": "2022-01-01"]), .policy(1, "3", ["effective_date": "2023-01-01"])])
    let later = try await db.bring(.policy, [.policy(1, "4", ["effective_date": "2024-01-01"])])
    let latest = try await db.records()
    let outcome = try await db.undoBelow(batch)
    #expect(outcome.done == 2 && outcome.kept == 0)
    let versions: SQL = """
      SELECT count(*) FROM policy_version v JOIN policy p ON p.id = v.policy_id WHERE p.number = 'POL-1'
      """
    #expect(try await db.count(versions) == 2)
    let undone = try await db.undo(later)
    #expect(try await db.stripped(first) == db.stripped(try await db.records()))
    for undo in [undone.undo, outcome.undo] {
      _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    }
    #expect(try await db.stripped(latest) == db.stripped(try await db.records()))
  }

  @Test("is done by a job that survives being killed, and tells the trail that later imports were kept")
  func job() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, (1...60).map { .full($0) })
    let first = try await db.titles()
    let batch = try await db.bring(.case, (1...60).map { .full($0, ["title": "Second \($0)"]) })
    let later = try await db.bring(.case, (1...60).map { .full($0, ["title": "Third \($0)"]) })
    let latest = try await db.titles()
    try await db.inside { tx in try await ImportUndo.order(batch, options: .keeping, in: tx) }
    let undo = try await db.lastUndo()
    await #expect(throws: Killed.self) {
      try await db.inside { tx in
        _ = try await UndoJob(undo: undo).step(in: tx)
        throw Killed()
      }
    }
    try await db.work()
    #expect(try await db.titles() == latest)
    #expect(try await db.state(of: batch) == .undone)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT DISTINCT e.action || ': ' || d.text
      FROM audit_event e
      JOIN audit_detail d ON d.event = e.id
      WHERE e.action LIKE 'undo.%'
      ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "undo.chunk: 60 records undone. Later imports were kept.",
        "undo.finish: 60 records undone. Later imports were kept.",
        "undo.start: 60 records, later imports kept",
      ])
    try await db.inside { tx in try await ImportUndo.order(later, in: tx) }
    try await db.work()
    #expect(try await db.titles() == first)
  }

  @Test("is no part of an undo that was ordered before there was a choice: that takes later imports along")
  func storedBefore() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "Second"])])
    try await db.bring(.case, [.full(1, ["title": "Third"])])
    let undo = try await db.inside { tx in
      let undo: ID<MigrationUndo> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO migration_undo (tenant_id, id, batch_id, scope, include_blocked, include_edited, started_at)
        SELECT tenant_id, \(undo), id, 'batch', false, false, \(tx.at) FROM migration_batch WHERE id = \(batch)
        """)
      let options = try await UndoRun.running(undo, in: tx)?.options
      #expect(options == .careful)
      try await tx.execute("UPDATE migration_batch SET state = 'undoing' WHERE id = \(batch)")
      try await tx.execute(
        """
        INSERT INTO migration_undo_item (tenant_id, undo_id, record_id, row_no, bucket)
        SELECT tenant_id, \(undo), record_id, row_no, 'clean' FROM migration_provenance WHERE batch_id = \(batch)
        """)
      try await tx.order(UndoJob(undo: undo))
      try await tx.record("undo.start", object: Batch.object(batch))
      return undo
    }
    try await db.work()
    #expect(try await db.titles() == ["EP-1 Matter 1"])
    #expect(try await db.count("SELECT count(*) FROM migration_undo WHERE id = \(undo) AND NOT keeps_later") == 1)
  }

  fileprivate static func long(_ letter: Character) -> String { String(repeating: letter, count: 300) }
}

extension UndoOptions {
  /// Takes nothing along, and leaves later imports where they are.
  static let keeping = UndoOptions(includeBlocked: false, includeEdited: false, keepsLater: true, reason: nil)
}

extension TestDatabase {
  /// Takes a batch back from under later ones.
  @discardableResult
  func undoBelow(_ batch: ID<Batch>) async throws -> UndoOutcome {
    try await undo(batch, .keeping)
  }

  @discardableResult
  func undo(_ batch: ID<Batch>, _ options: UndoOptions = .careful) async throws -> UndoOutcome {
    let records = try await imported(by: batch)
    return try await inside { tx in
      try await ImportUndo.carryOut(batch, records: records, options: options, in: tx)
    }
  }

  /// The layers of a case from the bottom up: whether each stands, what it found, whole, and what it said.
  func layers(of reference: String) async throws -> [String] {
    try await superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', p.seq, p.undone_at IS NULL, p.before_image || COALESCE((
        SELECT jsonb_object_agg(r.field, r.body) FROM migration_replaced r WHERE r.provenance_id = p.id), '{}'),
        p.after_image)
      FROM migration_provenance p
      JOIN "case" c ON c.id = p.target_id
      WHERE p.target_table = 'case' AND c.reference = \(reference)
      ORDER BY p.seq
      """, as: String.self)
  }

  /// Records without how often, when and by whom they were saved.
  func stripped(_ records: [String]) -> [String] {
    records.map { $0.replacing(/"(version|changed_at|changed_by)": [^,}]+/, with: "") }
  }
}
