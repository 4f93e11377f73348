// A source that says nothing any more where it said something: taken over like any other change, and left to a person
// where the field was edited here.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Fields that become empty")
struct EmptiedFieldTests {
  private func told(_ query: SQL, _ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(.superuser, query, as: String.self)
  }

  private let people: SQL = """
    SELECT concat_ws(' | ', e.number, e.email, e.title, u.name, CASE WHEN e.ended_at IS NOT NULL THEN 'ended' END)
    FROM employee e
    LEFT JOIN org_unit u ON u.id = e.org_unit_id
    WHERE e.number IN ('P1', 'P2') ORDER BY 1
    """
  private let cases: SQL = """
    SELECT concat_ws(' | ', reference, stage, outcome, closed_at::date) FROM "case"
    WHERE reference LIKE 'EP-%' ORDER BY 1
    """

  @Test("are those of the columns that the source has, and no others")
  func columns() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .person, (1...2).map { .person($0, ["job_title": "Nurse", "department": "Care"]) })
    let rows: [StagedRow] = [.person(1, ["source_url": "https://example.org/1"])]
    // A file without these columns says nothing of them.
    try await db.bring(.person, rows)
    #expect(try await told(people, db).first == "P1 | p1@example.org | Nurse | Care")
    let batch = try await db.stage(.person, [.person(1, ["source_url": "https://example.org/2"])])
    try await db.map(["employee_id", "display_name", "email", "job_title", "department"], of: batch)
    let changes = try await db.inside { tx in try await FieldDifference.of(rows: [1], of: batch, in: tx) }
    #expect(changes.map { "\($0.field) \($0.theirs ?? "–")" } == ["org_unit_id –", "title –"])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(
      try await told(people, db) == ["P1 | p1@example.org", "P2 | p2@example.org | Nurse | Care"])
    let records = try await db.imported(by: batch)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(try await told(people, db).first == "P1 | p1@example.org | Nurse | Care")
  }

  @Test("are when somebody left who is active again, but not where that was edited here")
  func active() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.person, (1...2).map { .person($0, ["active": false]) })
    #expect(try await told(people, db) == ["P1 | p1@example.org | ended", "P2 | p2@example.org | ended"])
    try await db.inside { tx in
      try await tx.execute("UPDATE employee SET ended_at = '2020-01-01' WHERE number = 'P2'")
      try await tx.record("employee.edit")
    }
    let batch = try await db.bring(.person, (1...2).map { .person($0, ["active": true]) })
    #expect(try await told(people, db) == ["P1 | p1@example.org", "P2 | p2@example.org | ended"])
    let asked = try await db.inside { tx in try await Conflict.page(of: batch, as: .person, in: tx) }
    #expect(asked.map(\.field) == ["ended_at"] && asked.first?.source == nil)
    let found = try #require(try await db.inside { tx in try await ImportBatch.find(batch, in: tx) })
    _ = try await db.inside { tx in try await Conflict.resolve(asked.map(\.pick), of: found, .source, in: tx) }
    #expect(try await told(people, db).last == "P2 | p2@example.org")
  }

  @Test("are how and when a case ended that is open again, all of it or what a person says")
  func reopened() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1), .closedCase(2)])
    try await db.edit("outcome = 'substantiated'", of: "EP-2")
    let open: [String: Any] = ["status": "new", "outcome": NSNull(), "closed_at": NSNull()]
    let batch = try await db.bring(.case, [.closedCase(1, open), .closedCase(2, open)])
    #expect(
      try await told(cases, db) == ["EP-1 | new", "EP-2 | closed | substantiated | 2022-02-01"])
    let asked = try await db.inside { tx in try await Conflict.page(of: batch, as: .case, in: tx) }
    #expect(asked.map { "\($0.rowNumber) \($0.field)" } == ["2 closed_at", "2 outcome", "2 stage"])
    let first = try await db.imported(by: batch).prefix(1)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: Array(first), in: tx) }
    #expect(try await told(cases, db).first == "EP-1 | closed | unsubstantiated | 2022-02-01")
  }

  @Test("are when an attestation was completed that is no longer, and what was decided that is looked at again")
  func reconsidered() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "1")])
    try await db.bring(.attestation, [.attestation("POL-1", "P1")])
    let batch = try await db.bring(
      .attestation, [.attestation("POL-1", "P1", ["status": "overdue", "attested_at": NSNull()])])
    #expect(try await db.count("SELECT count(*) FROM migration_row_issue WHERE batch_id = \(batch)") == 0)
    let state: SQL = """
      SELECT concat_ws(' ', a.state, a.completed_at = '2022-02-02T00:00:00Z')
      FROM attestation a
      JOIN migration_provenance p ON p.target_id = a.id AND p.action = 'insert'
      """
    #expect(try await told(state, db) == ["overdue"])
    let records = try await db.imported(by: batch)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(try await told(state, db) == ["completed t"])
    let decided: [String: Any] = [
      "status": "approved", "decision_comment": "Fine.", "decided_at": "2023-02-01T00:00:00Z", "value": 3,
      "value_currency": "EUR",
    ]
    try await db.bring(.disclosure, [.disclosure(1, person: "P1", decided)])
    try await db.bring(.disclosure, [.disclosure(1, person: "P1", ["status": "under_review", "value": NSNull()])])
    let disclosure: SQL = """
      SELECT concat_ws(' ', state, decision, decided_at, amount_minor, currency) FROM disclosure WHERE reference = 'D-1'
      """
    #expect(try await told(disclosure, db) == ["under_review"])
  }

  @Test("are no amount and no decision that the source has and no column here takes")
  func notTaken() async throws {
    let db = try await TestDatabase.make()
    let decided: [String: Any] = [
      "status": "approved", "decision_comment": "Fine.", "decided_at": "2023-02-01T00:00:00Z", "value": 3,
      "value_currency": "EUR",
    ]
    try await db.bring(.disclosure, [.disclosure(1, person: "P1", decided)])
    let later: [String: Any] = ["decision_comment": "ok", "value": 4, "value_currency": NSNull()]
    try await db.bring(.disclosure, [.disclosure(1, person: "P1", decided.merging(later) { $1 })])
    let disclosure: SQL = """
      SELECT concat_ws(' ', state, decision, amount_minor, currency) FROM disclosure WHERE reference = 'D-1'
      """
    #expect(try await told(disclosure, db) == ["approved Fine. 300 EUR"])
  }
}

extension TestDatabase {
  /// Says which fields the file of a batch has columns for.
  fileprivate func map(_ targets: [String], of batch: ID<Batch>) async throws {
    let columns = targets.enumerated().map { index, target in
      ColumnDecision(
        index: index, name: target, target: target, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
        reading: CellReading())
    }
    try await inside { tx in
      try await BatchMapping(number: 1, columns: columns, constants: [:]).keep(for: batch, in: tx)
      try await tx.execute("UPDATE migration_batch SET mapping_number = 1 WHERE id = \(batch)")
      try await tx.record("migration.map", object: Batch.object(batch))
    }
  }
}
