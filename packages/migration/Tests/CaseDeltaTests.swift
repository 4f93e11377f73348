// The last import before a client goes live: who leads a case by now, who works on it, and how its investigation
// stands, taken over from a source that people went on working in – but for what somebody has changed here.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("A case that its source says more of since")
struct CaseDeltaTests {
  /// Active people who may lead cases, and whom a client can do without.
  private func workers(_ db: TestDatabase, _ count: Int = 4) async throws -> [String] {
    let found = try await told(
      """
      SELECT email FROM client_user
      WHERE state = 'active' AND role = ANY(\(ClientRole.allCases.filter { $0.worksCases && $0 != .systemAdmin }))
      ORDER BY email LIMIT \(count)
      """, db)
    try #require(found.count == count)
    return found
  }

  private func told(_ sql: SQL, _ db: TestDatabase) async throws -> [String] {
    try await db.inside { tx in try await tx.query(sql, as: String.self) }
  }

  /// Who works on a case now, and as what.
  private func people(_ number: String, _ db: TestDatabase) async throws -> [String] {
    try await told(
      """
      SELECT a.part || ' ' || u.email FROM case_assignment a
      JOIN "case" c ON c.id = a.case_id AND c.reference = \(number)
      JOIN client_user u ON u.id = a.user_id
      WHERE a.ended_at IS NULL
      ORDER BY 1
      """, db)
  }

  private func investigation(_ number: String, _ db: TestDatabase) async throws -> [String] {
    try await told(
      """
      SELECT concat_ws(' | ', i.state, i.findings, i.closed_at::date, u.email) FROM investigation i
      JOIN "case" c ON c.id = i.case_id AND c.reference = \(number)
      LEFT JOIN client_user u ON u.id = i.investigator_id
      """, db)
  }

  /// What all cases, their people and their investigations say, without how often they were saved.
  private func all(_ db: TestDatabase) async throws -> [String] {
    var found: [String] = []
    for table in [TargetTable.case, .caseAssignment, .investigation, .caseParty] {
      found += try await told(
        """
        SELECT (to_jsonb(t) - '{version,changed_at,changed_by,via_impersonation}'::text[])::text
        FROM \(fragment: table.name) t ORDER BY 1
        """, db)
    }
    return found
  }

  private func open(_ number: Int, _ lead: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "status": "open", "stage": "active", "outcome": NSNull(), "closed_at": NSNull(), "assignee.email": lead,
    ]
    return .closedCase(number, fields.merging(more) { $1 })
  }

  private func reassign(_ number: String, to email: String, _ db: TestDatabase) async throws {
    try await db.inside { tx in
      let id: ID<ImportedRecord> = tx.newID()
      try await tx.execute(
        """
        UPDATE case_assignment SET ended_at = \(tx.at)
        WHERE part = 'lead' AND ended_at IS NULL AND case_id = (SELECT id FROM "case" WHERE reference = \(number))
        """)
      try await tx.execute(
        """
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part)
        SELECT c.tenant_id, \(id), c.id, u.id, 'lead' FROM "case" c
        JOIN client_user u ON u.email = \(email)
        WHERE c.reference = \(number)
        """)
      try await tx.record("case.assign")
    }
  }

  private func undo(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> UndoOutcome {
    let records = try await db.imported(by: batch)
    return try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
  }

  private func changes(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> [String] {
    try await db.inside { tx in try await FieldDifference.of(rows: [1], of: batch, in: tx) }
      .map { "\($0.field) \($0.kind.rawValue)" }
  }

  private func commit(_ batch: ID<Batch>, _ db: TestDatabase) async throws {
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(try await db.state(of: batch) == .committed)
    #expect(try await db.count("SELECT count(*) FROM migration_row_issue WHERE batch_id = \(batch)") == 0)
  }

  private func conflicts(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> [Conflict] {
    try await db.inside { tx in try await Conflict.page(of: batch, as: .case, in: tx) }
  }

  @Test("has its investigation where its source has it until that is undone; what says the same writes nothing")
  func investigationFollows() async throws {
    let db = try await TestDatabase.make()
    let lead = try await workers(db, 1)[0]
    let long = String(repeating: "What was found. ", count: 40)
    try await db.bring(
      .case, [open(1, lead, ["investigation_status": "investigating", "resolution": long])])
    let before = try await all(db)
    let rows = [
      open(
        1, lead,
        ["investigation_status": "closed", "resolution": "Borne out.", "closed_at": "2022-03-01T10:00:00Z"])
    ]
    let batch = try await db.stage(.case, rows)
    #expect(
      try await changes(batch, db) == [
        "investigation_closed_at apply", "investigation_findings apply", "investigation_state apply",
      ])
    try await commit(batch, db)
    #expect(try await investigation("EP-1", db) == ["closed | Borne out. | 2022-03-01 | \(lead)"])
    let closed = try await db.records()
    let again = try await db.stage(.case, rows)
    let counts = try await db.inside { tx in try await StagedDecision.counts(of: again, in: tx) }
    #expect(counts.byDecision == [.unchanged: 1])
    try await commit(again, db)
    #expect(try await db.records() == closed)
    let undone = try await undo(batch, db)
    #expect(undone.sentence == "1 record undone.")
    #expect(try await all(db) == before)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await investigation("EP-1", db) == ["closed | Borne out. | 2022-03-01 | \(lead)"])
    // A former system may look into it again.
    try await db.bring(.case, [open(1, lead, ["investigation_status": "on_hold", "resolution": "Borne out."])])
    #expect(try await investigation("EP-1", db) == ["on_hold | Borne out. | \(lead)"])
  }

  @Test("leaves what was edited of its investigation here to a person, and takes the rest over")
  func investigationEdited() async throws {
    let db = try await TestDatabase.make()
    let lead = try await workers(db, 1)[0]
    try await db.bring(.case, [open(1, lead, ["investigation_status": "investigating", "resolution": "So far."])])
    try await db.inside { tx in
      try await tx.execute("UPDATE investigation SET findings = 'Ours' WHERE findings = 'So far.'")
      try await tx.record("investigation.edit")
    }
    let before = try await all(db)
    let batch = try await db.bring(
      .case,
      [open(1, lead, ["investigation_status": "closed", "resolution": "Theirs", "closed_at": "2022-03-01T10:00:00Z"])])
    #expect(try await investigation("EP-1", db) == ["closed | Ours | 2022-03-01 | \(lead)"])
    let asked = try await conflicts(batch, db)
    #expect(asked.map(\.field) == ["investigation_findings"])
    #expect(asked.first?.source == "Theirs" && asked.first?.ours == "Ours")
    #expect(asked.first?.editedBy == "system:test")
    try await db.takeSource(of: batch)
    #expect(try await investigation("EP-1", db) == ["closed | Theirs | 2022-03-01 | \(lead)"])
    #expect(try await conflicts(batch, db).isEmpty)
    _ = try await undo(batch, db)
    #expect(try await all(db) == before)
  }

  @Test("is led by whom its source names by now, beside those who work on it, until that is undone")
  func leadFollows() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    let investigation: [String: Any] = ["investigation_status": "investigating"]
    try await db.bring(
      .case, [open(1, people[0], investigation.merging(["investigators.email": [people[1]]]) { $1 })])
    let before = try await all(db)
    // The one who led it works on it now, the one who worked on it leads it, and somebody is new.
    let row = open(1, people[1], investigation.merging(["investigators.email": [people[0], people[2]]]) { $1 })
    let batch = try await db.stage(.case, [row])
    #expect(
      try await changes(batch, db) == [
        "investigation_investigator_id apply", "lead_id apply", "member_ids apply",
      ])
    try await commit(batch, db)
    let now = ["lead \(people[1])", "member \(people[0])", "member \(people[2])"].sorted()
    #expect(try await self.people("EP-1", db) == now)
    #expect(try await self.investigation("EP-1", db) == ["investigating |  | \(people[1])"])
    let ended = try await db.count(
      """
      SELECT count(*) FROM migration_provenance p
      JOIN case_assignment a ON a.id = p.target_id AND a.ended_at IS NOT NULL
      WHERE p.batch_id = \(batch) AND p.target_table = 'case_assignment' AND p.action = 'update'
      """)
    #expect(ended == 2)
    let after = try await all(db)
    let undone = try await undo(batch, db)
    #expect(undone.sentence == "1 record undone.")
    #expect(try await all(db) == before)
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undone.undo, in: tx) }
    #expect(plan.counts == [.clean: 1])
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await all(db) == after)
    let verified = try await db.ledger.verify(by: db.system())
    #expect(verified.breaks.isEmpty)
  }

  @Test("has one lead after several imports, whichever of them is undone")
  func chain() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    let first = try await db.bring(.case, [open(1, people[0])])
    let before = try await all(db)
    let second = try await db.bring(.case, [open(1, people[1])])
    let between = try await all(db)
    let third = try await db.bring(.case, [open(1, people[2], ["investigators.email": [people[1]]])])
    _ = try await undo(third, db)
    #expect(try await all(db) == between)
    try await commit(try await db.stage(.case, [open(1, people[0])]), db)
    #expect(try await self.people("EP-1", db) == ["lead \(people[0])"])
    // With the one before goes what came over it.
    let undone = try await undo(second, db)
    #expect(undone.buckets == [.superseded: 1] && undone.done == 1)
    #expect(try await all(db) == before)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await self.people("EP-1", db) == ["lead \(people[0])"])
    _ = try await undo(first, db)
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1'") == 0)
  }

  @Test("stays with whom somebody here has given it to, until a person decides for the source")
  func reassigned() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, [open(1, people[0]), open(2, people[0])])
    for number in ["EP-1", "EP-2"] { try await reassign(number, to: people[1], db) }
    let before = try await all(db)
    // What the source has said before is no question.
    try await db.bring(.case, [open(2, people[0], ["severity": "low"])])
    #expect(try await db.count("SELECT count(*) FROM migration_conflict") == 0)
    #expect(try await self.people("EP-2", db) == ["lead \(people[1])"])
    let batch = try await db.stage(.case, [open(1, people[2])])
    #expect(try await changes(batch, db) == ["lead_id conflict"])
    try await commit(batch, db)
    #expect(try await self.people("EP-1", db) == ["lead \(people[1])"])
    let asked = try await conflicts(batch, db)
    let names = try await told(
      "SELECT name FROM client_user WHERE email = ANY(\([people[1], people[2]])) ORDER BY email", db)
    #expect(asked.compactMap(\.ours) + asked.compactMap(\.source) == names)
    #expect(asked.first?.editedBy == "system:test")
    try await db.takeSource(of: batch)
    #expect(try await self.people("EP-1", db) == ["lead \(people[2])"])
    let undone = try await undo(batch, db)
    #expect(undone.done == 1)
    #expect(try await self.people("EP-1", db) == ["lead \(people[1])"])
    #expect(try await all(db).filter { $0.contains("case_id") } == before.filter { $0.contains("case_id") })
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await self.people("EP-1", db) == ["lead \(people[2])"])
  }

  @Test("is left to whom a person has decided to leave it, and is not asked about again")
  func ours() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, [open(1, people[0])])
    try await reassign("EP-1", to: people[1], db)
    let batch = try await db.bring(.case, [open(1, people[2])])
    let found = try #require(try await db.inside { tx in try await ImportBatch.find(batch, in: tx) })
    let picks = try await conflicts(batch, db).map(\.pick)
    _ = try await db.inside { tx in try await Conflict.resolve(picks, of: found, .ours, in: tx) }
    let again = try await db.bring(.case, [open(1, people[2], ["severity": "low"])])
    #expect(try await conflicts(again, db).isEmpty)
    #expect(try await self.people("EP-1", db) == ["lead \(people[1])"])
  }

  @Test("is not given to who may not lead it by the time a person decides")
  func deactivated() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, [open(1, people[0])])
    try await reassign("EP-1", to: people[1], db)
    let batch = try await db.bring(.case, [open(1, people[2])])
    try await db.inside { tx in
      try await tx.execute("UPDATE client_user SET state = 'deactivated' WHERE email = \(people[2])")
      try await tx.record("user.deactivate")
    }
    let found = try #require(try await db.inside { tx in try await ImportBatch.find(batch, in: tx) })
    let picks = try await conflicts(batch, db).map(\.pick)
    await #expect(throws: ConflictRefusal.stale(1)) {
      try await db.inside { tx in try await Conflict.resolve(picks, of: found, .source, in: tx) }
    }
    #expect(try await self.people("EP-1", db) == ["lead \(people[1])"])
    #expect(try await conflicts(batch, db).count == 1)
  }

  @Test("is never given to whom it is about, nor to who may not lead it, nor to nobody")
  func unfit() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, (1...3).map { open($0, people[0]) })
    try await db.inside { tx in
      try await tx.execute("UPDATE client_user SET state = 'deactivated' WHERE email = \(people[2])")
      try await tx.record("user.deactivate")
    }
    let batch = try await db.stage(
      .case,
      [
        open(1, people[1], ["parties": [["name": people[1], "role": "subject"]]]), open(2, people[2]),
        open(3, people[0], ["assignee.email": NSNull(), "severity": "low"]),
      ])
    try await commit(batch, db)
    for number in ["EP-1", "EP-2", "EP-3"] {
      #expect(try await self.people(number, db) == ["lead \(people[0])"], "\(number)")
    }
    #expect(try await conflicts(batch, db).isEmpty)
  }

  @Test("gets those whom its source names since, as many as may; whoever was taken off it here stays off it")
  func members() async throws {
    let db = try await TestDatabase.make()
    let everybody = try await told("SELECT email FROM client_user ORDER BY md5(email) LIMIT 13", db)
    let lead = try await workers(db, 1)[0]
    let named = Array(everybody.filter { $0 != lead }.prefix(12))
    try await db.bring(.case, [open(1, lead, ["investigators.email": Array(named[..<3])])])
    try await db.inside { tx in
      try await tx.execute(
        """
        UPDATE case_assignment SET ended_at = \(tx.at)
        WHERE user_id = (SELECT id FROM client_user WHERE email = \(named[0])) AND part = 'member' AND ended_at IS NULL
          AND case_id = (SELECT id FROM "case" WHERE reference = 'EP-1')
        """)
      try await tx.record("case.member_remove")
    }
    let before = try await all(db)
    // The third is not named any more, and stays; of nine more the first eight may join.
    let later = [named[0], named[1]] + named[3...]
    let batch = try await db.stage(.case, [open(1, lead, ["investigators.email": later])])
    #expect(try await changes(batch, db) == ["member_ids apply"])
    try await commit(batch, db)
    let expected = ["lead \(lead)"] + named[1..<11].map { "member \($0)" }
    #expect(try await people("EP-1", db) == expected.sorted())
    _ = try await undo(batch, db)
    #expect(try await all(db) == before)
  }

  @Test(
    "keeps to the rules of its fields",
    arguments: [
      (.never, ["lead A"], "investigating | So far. | A"),
      (.ifBlank, ["lead A", "member C"], "investigating | So far. | A"),
      (.ifUnchangedSinceImport, ["lead B", "member C"], "closed | Done. | 2022-03-01 | B"),
      (.always, ["lead B", "member C"], "closed | Done. | 2022-03-01 | B"),
    ] as [(FieldPolicy, [String], String)])
  func rules(_ policy: FieldPolicy, after: [String], investigation found: String) async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    func letters(_ words: String) -> String {
      zip(people, ["A", "B", "C", "D"]).reduce(words) { $0.replacing($1.0, with: $1.1) }
    }
    let begun: [String: Any] = ["investigation_status": "investigating", "resolution": "So far."]
    try await db.bring(.case, [open(1, people[0], begun)])
    let ended: [String: Any] = [
      "investigation_status": "closed", "resolution": "Done.", "closed_at": "2022-03-01T10:00:00Z",
      "investigators.email": [people[2]],
    ]
    let batch = try await db.stage(.case, [open(1, people[1], ended)])
    let fields = ["lead_id", "member_ids", "investigation_state", "investigation_findings"]
    try await db.treat(batch, as: .case, by: Dictionary(uniqueKeysWithValues: fields.map { ($0, policy) }))
    let shown = try await changes(batch, db)
    #expect(shown.isEmpty == (policy == .never), "\(shown)")
    try await commit(batch, db)
    #expect(try await self.people("EP-1", db).map(letters) == after)
    #expect(try await investigation("EP-1", db).map(letters) == [found])
    #expect(try await db.count("SELECT count(*) FROM migration_conflict") == 0)
  }

  @Test("begins anew where it is open again and has no lead here any more, and asks who is to lead it")
  func unled() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, [.closedCase(1, ["assignee.email": people[0]])])
    try await db.inside { tx in
      try await tx.execute(
        """
        UPDATE case_assignment SET ended_at = \(tx.at)
        WHERE part = 'lead' AND case_id = (SELECT id FROM "case" WHERE reference = 'EP-1')
        """)
      try await tx.record("case.assign")
    }
    let batch = try await db.stage(.case, [open(1, people[1])])
    try await commit(batch, db)
    #expect(try await told("SELECT stage FROM \"case\" WHERE reference = 'EP-1'", db) == ["new"])
    #expect(try await conflicts(batch, db).map(\.field) == ["lead_id"])
    try await db.takeSource(of: batch)
    #expect(try await self.people("EP-1", db) == ["lead \(people[1])"])
  }

  @Test("is given back to no lead of before by an undo, nor by its reversal, where somebody else leads it by then")
  func followed() async throws {
    let db = try await TestDatabase.make()
    let people = try await workers(db)
    try await db.bring(.case, [open(1, people[0])])
    let batch = try await db.bring(.case, [open(1, people[1])])
    let undone = try await undo(batch, db)
    try await reassign("EP-1", to: people[2], db)
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undone.undo, in: tx) }
    #expect(plan.counts == [.superseded: 1] && plan.acting == 0)
    let again = try await db.bring(.case, [open(1, people[0], ["severity": "low"])])
    _ = try await undo(again, db)
    #expect(try await self.people("EP-1", db) == ["lead \(people[2])"])
    let last = try await db.bring(.case, [open(1, people[3])])
    try await db.takeSource(of: last)
    try await reassign("EP-1", to: people[2], db)
    let records = try await db.imported(by: last)
    let options = UndoOptions(includeBlocked: false, includeEdited: true, reason: "The client asked for it.")
    let outcome = try await db.inside { tx in
      try await ImportUndo.carryOut(last, records: records, options: options, in: tx)
    }
    #expect(outcome.buckets == [.edited: 1] && outcome.done == 1)
    #expect(try await self.people("EP-1", db) == ["lead \(people[2])"])
  }
}
