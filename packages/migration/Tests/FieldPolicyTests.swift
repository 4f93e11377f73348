// The rules of a re-import: what becomes of a field that is here, by what somebody has chosen for it.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Fields of records that are here already")
struct FieldPolicyTests {
  private let people: SQL = "SELECT concat_ws(' | ', name, title) FROM employee WHERE number = 'P1'"
  private let cases: SQL = """
    SELECT concat_ws(' | ', reference, stage, outcome, closed_at::date) FROM "case"
    WHERE reference LIKE 'EP-%' ORDER BY 1
    """

  private func told(_ sql: SQL, _ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(.superuser, sql, as: String.self)
  }

  /// Somebody whose name was edited here and who has no title, and what a source says of them now.
  private func edited(_ db: TestDatabase) async throws -> ID<Batch> {
    try await db.bring(.person, [.person(1, ["display_name": "First"])])
    try await db.inside { tx in
      try await tx.execute("UPDATE employee SET name = 'Ours' WHERE number = 'P1'")
      try await tx.record("employee.edit")
    }
    return try await db.stage(.person, [.person(1, ["display_name": "Theirs", "job_title": "Clerk"])])
  }

  private func commit(_ batch: ID<Batch>, _ db: TestDatabase) async throws {
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
  }

  @Test(
    "become what their rule says, and the preview says so before",
    arguments: [
      (.ifUnchangedSinceImport, ["name conflict", "title apply"], .conflict, "Ours | Clerk"),
      (.ifBlank, ["title apply"], .update, "Ours | Clerk"),
      (.always, ["name apply", "title apply"], .update, "Theirs | Clerk"),
      (.never, [], .update, "Ours"),
    ] as [(FieldPolicy, [String], StagedDecision, String)])
  func rule(_ policy: FieldPolicy, changes: [String], decision: StagedDecision, after: String) async throws {
    let db = try await TestDatabase.make()
    let batch = try await edited(db)
    try await db.treat(batch, as: .person, by: ["name": policy, "title": policy])
    let shown = try await db.inside { tx in try await FieldDifference.of(rows: [1], of: batch, in: tx) }
    #expect(shown.map { "\($0.field) \($0.kind.rawValue)" } == changes)
    let counts = try await db.inside { tx in try await StagedDecision.counts(of: batch, in: tx) }
    #expect(counts.byDecision == [decision: 1])
    try await commit(batch, db)
    #expect(try await told(people, db) == [after])
    let became = try await db.inside { tx in try await StagedDecision.counts(of: batch, in: tx) }
    #expect(became == counts)
    #expect(
      try await db.count("SELECT count(*) FROM migration_conflict") == (decision == .conflict ? 1 : 0))
  }

  @Test("give back what was edited here when the import that took them over is undone")
  func undone() async throws {
    let db = try await TestDatabase.make()
    let batch = try await edited(db)
    try await db.treat(batch, as: .person, by: ["name": .always])
    try await commit(batch, db)
    #expect(try await told(people, db) == ["Theirs | Clerk"])
    let records = try await db.imported(by: batch)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
    #expect(outcome.done == 1)
    #expect(try await told(people, db) == ["Ours"])
  }

  @Test(
    "have one rule where they say one thing between them: a case ends whole, or not at all",
    arguments: [
      (.ifBlank, ["EP-1 | new", "EP-2 | closed | substantiated | 2022-02-01"]),
      (.never, ["EP-1 | new", "EP-2 | closed | 2022-02-01"]),
      (.always, ["EP-1 | closed | unsubstantiated | 2022-02-01", "EP-2 | closed | substantiated | 2022-02-01"]),
    ] as [(FieldPolicy, [String])])
  func undivided(_ policy: FieldPolicy, after: [String]) async throws {
    let db = try await TestDatabase.make()
    let open: [String: Any] = ["status": "new", "outcome": NSNull(), "closed_at": NSNull()]
    try await db.bring(.case, [.closedCase(1, open), .closedCase(2, ["outcome": NSNull()])])
    let batch = try await db.stage(.case, [.closedCase(1), .closedCase(2, ["outcome": "substantiated"])])
    try await db.treat(batch, as: .case, by: ["stage": policy])
    let shown = try await db.inside { tx in try await FieldDifference.of(rows: [1, 2], of: batch, in: tx) }
    #expect(shown.contains { $0.rowNumber == 1 } == (policy == .always))
    try await commit(batch, db)
    #expect(try await told(cases, db) == after)
    #expect(try await db.count("SELECT count(*) FROM migration_row_issue WHERE batch_id = \(batch)") == 0)
  }

  @Test("keep their rules when an import goes on after a pause")
  func resumed() async throws {
    let db = try await TestDatabase.make()
    let numbers = 1...(ImportChunk.files + 5)
    try await db.bring(.policy, numbers.map { .policy($0, "1") })
    try await db.inside { tx in
      try await tx.execute("UPDATE policy SET title = 'Ours' WHERE number LIKE 'POL-%'")
      try await tx.record("policy.edit")
    }
    let batch = try await db.stage(.policy, numbers.map { .policy($0, "1", ["title": "Theirs \($0)"]) })
    try await db.treat(batch, as: .policy, by: ["title": .always])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    _ = try await db.inside { tx in try await Importer(files: .none).commitNext(of: batch, in: tx) }
    let theirs: SQL = "SELECT count(*) FROM policy WHERE title LIKE 'Theirs %'"
    #expect(try await db.count(theirs) == ImportChunk.files)
    try await db.inside { tx in try await ImportBatch.pause(batch, in: tx) }
    try await db.work()
    try await db.inside { tx in try await ImportBatch.resume(batch, in: tx) }
    try await db.work()
    #expect(try await db.count(theirs) == ImportChunk.files + 5)
    #expect(try await db.state(of: batch) == .committed)
  }

  @Test("never say who reported in confidence, whatever is chosen")
  func anonymity() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let named: [String: Any] = ["reporter_type": "identified", "reporter_name": "Canary Quill", "title": "Named"]
    let batch = try await db.stage(.case, [.closedCase(1, named)])
    let all = ReimportField.all(of: .case).map { ($0.name, FieldPolicy.always) }
    try await db.treat(batch, as: .case, by: Dictionary(uniqueKeysWithValues: all))
    try await commit(batch, db)
    #expect(try await db.titles() == ["EP-1 Named"])
    #expect(
      try await db.count("SELECT count(*) FROM report WHERE reporter <> 'anonymous' AND reference LIKE 'EP-%'") == 0)
    for table in TargetTable.allCases {
      let found = try await db.count(
        "SELECT count(*) FROM \(fragment: table.name) t WHERE to_jsonb(t)::text LIKE '%Canary%'")
      #expect(found == 0, "\(table.rawValue)")
    }
  }

  @Test("are those that an import may set anew, each once", arguments: ImportEntity.allCases)
  func complete(_ entity: ImportEntity) throws {
    let columns = ReimportField.all(of: entity).flatMap(\.columns)
    #expect(Set(columns).count == columns.count)
    let settable = entity.patched?.settable.text.split(whereSeparator: { ", ".contains($0) }).map(String.init) ?? []
    #expect(Set(columns) == Set(settable + (entity.patched?.partFields ?? [])))
    let sources = ReimportField.all(of: entity).flatMap(\.sources)
    let known = Set(TargetSchema.fields(of: entity).map(\.stem))
    #expect(Set(sources).isSubset(of: known), "\(Set(sources).subtracting(known))")
  }
}

extension TestDatabase {
  /// Has a batch treat some fields of records that are here by these rules, and decides its rows by them.
  func treat(_ batch: ID<Batch>, as entity: ImportEntity, by rules: [String: FieldPolicy]) async throws {
    var policies = FieldPolicies()
    for field in ReimportField.all(of: entity) { policies[field] = rules[field.name] ?? policies[field] }
    let chosen = policies
    try await inside { tx in
      try await tx.execute(
        "UPDATE migration_batch SET field_policies = \(try JSONText(encoding: chosen)) WHERE id = \(batch)")
      try await StagedDecision.decide(batch, in: tx)
      try await tx.record("migration.field_rules", object: Batch.object(batch))
    }
  }
}
