// What was written here between two imports of the same record: neither the later import nor an undo may swallow it.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Undoing several layers of a record")
struct UndoLayerTests {
  @Test("keeps what was edited here although a later import has saved the record since")
  func editedBelow() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, [.full(1), .full(2)])
    try await db.retitle("EP-1", "Ours")
    try await db.bring(.case, [.full(1, ["severity": "high"]), .full(2, ["severity": "high"])])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.superseded: 2] && plan.acting == 1)
    #expect(plan.leaves == UndoLeaves(blocked: 0, edited: 1))
    let kept = plan.samples.first { !$0.acts }
    #expect(kept?.key == "EP-1" && kept?.reasons.contains("edited: case: title") == true)
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(outcome.sentence == "1 record undone. 1 kept.")
    #expect(try await db.titles() == ["EP-1 Ours"])
  }

  @Test("takes a stage that a later import has set for what it is: nobody's edit")
  func derived() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let lead = try await db.address(of: .investigator)
    let open: [String: Any] = ["status": "open", "outcome": NSNull(), "closed_at": NSNull(), "assignee.email": lead]
    let batch = try await db.bring(.case, [.closedCase(1, open)])
    try await db.bring(.case, [.closedCase(1, ["assignee.email": lead])])
    let records = try await db.imported(by: batch)
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.samples.map(\.reasons) == [["superseded: a later import changed it"]])
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(try await db.records() == before)
  }

  @Test("asks a record's newest layer whether it is held: a hold that was lifted holds no more, until that is undone")
  func lifted() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(
      .case, [.full(1, ["legal_hold": true]), .full(2, ["retention_until": "2099-12-31"])])
    let later = try await db.bring(.case, [.full(1, ["legal_hold": false]), .full(2, ["legal_hold": true])])
    let plan = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(plan.counts == [.superseded: 1, .held: 1])
    #expect(plan.samples.first { !$0.acts }?.reasons.contains("held: legal hold") == true)
    let records = try await db.imported(by: later)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(later, records: records, in: tx) }
    #expect(outcome.buckets == [.clean: 1, .held: 1])
    let again = try await db.inside { tx in try await ImportUndo.preview(batch, in: tx) }
    #expect(again.counts == [.held: 2])
  }

  @Test("keeps a record whose edit a later import was let overwrite")
  func covered() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(.case, [.full(1)])
    try await db.retitle("EP-1", "Ours")
    try await db.takeSource(of: try await db.bring(.case, [.full(1, ["title": "New"])]))
    #expect(try await db.titles() == ["EP-1 New"])
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(outcome.sentence == "Nothing undone. 1 kept.")
    #expect(try await db.titles() == ["EP-1 New"])
  }

  @Test("gives back what was edited here between two updates, and its reversal brings the later one again")
  func between() async throws {
    let db = try await TestDatabase.make()
    let long = String(repeating: "Ours, and long. ", count: 40)
    try await db.bring(.case, [.full(1)])
    let batch = try await db.bring(.case, [.full(1, ["title": "New", "summary": "Short."])])
    try await db.edit("title = 'Ours', summary = \(long)", of: "EP-1")
    let edited = try await db.fields("EP-1")
    try await db.takeSource(of: try await db.bring(.case, [.full(1, ["title": "Newer", "summary": "Shorter."])]))
    let latest = try await db.fields("EP-1")
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(outcome.done == 1)
    #expect(try await db.fields("EP-1") == edited)
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(outcome.undo, in: tx) }
    #expect(plan.counts == [.clean: 1])
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(try await db.fields("EP-1") == latest)
  }
}

extension TestDatabase {
  /// Has everything that a batch asks about decided for the source.
  func takeSource(of batch: ID<Batch>) async throws {
    try await inside { tx in
      guard let batch = try await ImportBatch.find(batch, in: tx) else { return }
      _ = try await Conflict.resolveAll(of: batch, .source, in: tx)
    }
  }

  /// The cases that came over, each with its title.
  func titles() async throws -> [String] {
    try await superuser().query(
      .superuser, "SELECT reference || ' ' || title FROM \"case\" WHERE reference LIKE 'EP-%' ORDER BY reference",
      as: String.self)
  }
}
