// Committing a batch: what becomes of rows, what is never written twice, and where a killed job goes on.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Committing an import")
struct CommitTests {
  @Test("makes of a row its report, the case, its investigation, whom it is about and what was noted, as one record")
  func wholeCase() async throws {
    let db = try await TestDatabase.make()
    let lead = try await db.address(of: .investigator)
    let batch = try await db.bring(
      .case,
      [
        .closedCase(
          1,
          [
            "title": "Till", "summary": "The till was short.", "assignee.email": lead.uppercased(),
            "reporter_type": "identified", "reporter_name": "Rita Roe", "reporter_email": "rita@example.org",
            "subcategory": "Cash", "investigation_status": "closed", "resolution": "Not borne out.",
            "substatus": "Awaiting", "legal_hold": false,
            "parties": [["name": "Sam Till", "role": "subject"], ["name": "Vic", "role": "victim"]],
            "notes": [["body": "Called back.", "author": "J. Doe", "at": "2022-01-03T08:00:00Z", "visibility": "all"]],
          ])
      ])
    #expect(try await db.state(of: batch) == .committed)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', c.reference, c.title, c.stage, c.outcome, p.name, k.name, r.reference, r.reporter,
        r.reporter_name, r.reporter_contact, r.body, i.state, i.findings, y.part || ' ' || y.name, n.body, u.email)
      FROM "case" c
      JOIN case_report l ON l.case_id = c.id
      JOIN report r ON r.id = l.report_id
      JOIN category k ON k.id = c.category_id
      JOIN category p ON p.id = k.parent_id
      JOIN investigation i ON i.case_id = c.id
      JOIN case_party y ON y.case_id = c.id
      JOIN note n ON n.case_id = c.id
      JOIN case_assignment a ON a.case_id = c.id
      JOIN client_user u ON u.id = a.user_id
      WHERE c.reference = 'EP-1'
      """, as: String.self)
    #expect(
      told == [
        "EP-1 | Till | closed | unsubstantiated | Fraud | Cash | EP-1 | identified | Rita Roe | rita@example.org | "
          + "What was told about matter 1. | closed | Not borne out. | accused Sam Till | Called back. | \(lead)"
      ])
    let records = try await db.count(
      """
      SELECT count(DISTINCT record_id) FROM migration_provenance
      WHERE batch_id = \(batch)
      """)
    #expect(records == 1)
    let kept = try await db.count(
      """
      SELECT count(*) FROM migration_provenance
      WHERE batch_id = \(batch) AND entity = 'case' AND imported_fields ->> 'substatus' = 'Awaiting'
        AND NOT imported_fields ?| '{title,reporter_name,category}'
      """)
    #expect(kept == 1)
  }

  @Test("stops where its client is closed meanwhile, and goes on where that is opened again")
  func closedClient() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.case, [.closedCase(1)])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await set(db, "closed")
    try await db.work()
    #expect(try await db.state(of: batch) == .failed)
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1'") == 0)
    try await set(db, "live")
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(try await db.state(of: batch) == .committed)
  }

  private func set(_ db: TestDatabase, _ status: String) async throws {
    try await db.ledger.fleet(db.system(World.acmeHealth)) { tx in
      try await tx.execute("UPDATE tenant SET status = \(status) WHERE id = \(World.acmeHealth.id)")
      try await tx.record("tenant.status")
    }
  }

  @Test("lets the first ten whom the source names work on a case, and keeps all their names")
  func manyInvestigators() async throws {
    let db = try await TestDatabase.make()
    let people = try await db.superuser().query(
      .superuser,
      "SELECT email FROM client_user WHERE tenant_id = \(World.acmeHealth.id) ORDER BY md5(email) LIMIT 12",
      as: String.self)
    #expect(people.count == 12)
    let named = ["nobody@example.org", people[0].uppercased()] + people
    let batch = try await db.bring(.case, [.closedCase(1, ["investigators.email": named])])
    #expect(try await db.state(of: batch) == .committed)
    let working = try await db.superuser().query(
      .superuser,
      """
      SELECT u.email FROM case_assignment a
      JOIN "case" c ON c.tenant_id = a.tenant_id AND c.id = a.case_id
      JOIN client_user u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
      WHERE c.reference = 'EP-1' AND a.part = 'member' AND a.ended_at IS NULL
      """, as: String.self)
    #expect(Set(working) == Set(people.prefix(10)))
    let kept = try await db.count(
      """
      SELECT count(*) FROM migration_provenance
      WHERE batch_id = \(batch) AND entity = 'case'
        AND jsonb_array_length(imported_fields -> 'investigators.email') = \(named.count)
      """)
    #expect(kept == 1)
  }

  @Test("says which moments the source has as days, those of notes too")
  func daysOfNotes() async throws {
    let db = try await TestDatabase.make()
    var row = StagedRow.closedCase(
      1,
      [
        "due_at": "2022-01-20",
        "notes": [["body": "One.", "at": "2022-01-03"], ["body": "Two.", "at": "2022-01-04T08:00:00Z"]],
      ])
    row.days = ["due_at": "2022-01-19T23:00:00Z", "notes[1].at": "2022-01-02T23:00:00Z"]
    try await db.bring(.case, [row])
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT imported_fields ->> 'date_only' FROM migration_provenance
      WHERE source_record_id = 'EP-1' AND entity = 'case' AND content_hash IS NOT NULL
      """, as: String.self)
    #expect(told == ["{\"due_at\": \"2022-01-20\", \"notes[1].at\": \"2022-01-03\"}"])
    #expect(try await db.count("SELECT count(*) FROM note WHERE created_at = '2022-01-02T23:00:00Z'") == 1)
  }

  @Test("sends nothing, starts no clock and counts as no use")
  func silence() async throws {
    let db = try await TestDatabase.make()
    let usage = try await db.count("SELECT count(*) FROM usage_event")
    try await db.bring(.case, (1...30).map { .closedCase($0, ["status": $0 < 20 ? "closed" : "open"]) })
    #expect(try await db.count("SELECT count(*) FROM usage_event") == usage)
    let jobs = try await db.superuser().query(
      .superuser, "SELECT DISTINCT kind FROM job WHERE state = 'queued' ORDER BY 1", as: String.self)
    #expect(jobs == ["search.drain"])
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference LIKE 'EP-%' AND stage = 'new'") == 11)
  }

  @Test("writes nothing for rows that are there as they are")
  func unchanged() async throws {
    let db = try await TestDatabase.make()
    let rows = (1...40).map { StagedRow.closedCase($0) }
    try await db.bring(.case, rows)
    let before = try await db.records()
    let layers = try await db.count("SELECT count(*) FROM migration_provenance")
    let again = try await db.bring(.case, rows)
    #expect(try await db.records() == before)
    #expect(try await db.count("SELECT count(*) FROM migration_provenance") == layers)
    #expect(
      try await db.count(
        "SELECT count(*) FROM migration_staged_row WHERE batch_id = \(again) AND decision = 'unchanged'") == 40)
    #expect(try await db.state(of: again) == .committed)
  }

  @Test("takes days over that begin at another moment, once the zone of their column is put right")
  func correctedZone() async throws {
    let db = try await TestDatabase.make()
    var row = StagedRow.closedCase(1, ["opened_at": "2022-01-03"])
    row.days = ["opened_at": "2022-01-03T00:00:00Z"]
    let first = try await db.bring(.case, [row])
    row.days = ["opened_at": "2022-01-03T05:00:00Z"]
    let corrected = try await db.stage(.case, [row])
    let counts = try await db.inside { tx in try await StagedDecision.counts(of: corrected, in: tx) }
    #expect(counts.byDecision == [.update: 1])
    try await db.inside { tx in try await ImportBatch.commit(corrected, in: tx) }
    try await db.work()
    let opened: SQL = "SELECT extract(hour FROM opened_at)::integer FROM \"case\" WHERE reference = 'EP-1'"
    #expect(try await db.count(opened) == 5)
    #expect(try await db.state(of: try await db.bring(.case, [row])) == .committed)
    #expect(try await db.count("SELECT count(*) FROM migration_provenance WHERE entity = 'case' AND seq > 2") == 0)
    // With the purge nobody knows any more when they began: then the day alone is held against the day.
    try await db.inside { tx in
      try await tx.execute("UPDATE migration_staged_row SET days = '{}' WHERE batch_id <> \(first)")
      try await tx.record("test.purge")
    }
    row.days = ["opened_at": "2022-01-03T00:00:00Z"]
    let late = try await db.stage(.case, [row])
    let unchanged = try await db.inside { tx in try await StagedDecision.counts(of: late, in: tx) }
    #expect(unchanged.byDecision == [.unchanged: 1])
  }

  @Test("takes a changed field over, and leaves one that was edited here to a person")
  func conflict() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1, ["title": "One"]), .closedCase(2, ["title": "Two"])])
    try await db.inside { tx in
      try await tx.execute("UPDATE \"case\" SET title = 'Ours' WHERE reference = 'EP-2'")
      try await tx.record("case.edit")
    }
    let rows: [StagedRow] = [
      .closedCase(1, ["title": "One, corrected", "summary": String(repeating: "long ", count: 100)]),
      .closedCase(2, ["title": "Two, corrected", "severity": "low"]),
    ]
    let staged = try await db.stage(.case, rows)
    let differences = try await db.inside { tx in try await FieldDifference.of(rows: [2], of: staged, in: tx) }
    #expect(differences.map { "\($0.field) \($0.kind.rawValue)" } == ["severity apply", "title conflict"])
    #expect(differences.last?.ours == "Ours" && differences.last?.theirs == "Two, corrected")
    let counts = try await db.inside { tx in try await StagedDecision.counts(of: staged, in: tx) }
    #expect(counts.byDecision == [.update: 1, .conflict: 1])
    try await db.inside { tx in try await ImportBatch.commit(staged, in: tx) }
    try await db.work()
    let titles = try await db.superuser().query(
      .superuser, "SELECT title || ' ' || severity FROM \"case\" WHERE reference LIKE 'EP-%' ORDER BY reference",
      as: String.self)
    #expect(titles == ["One, corrected high", "Ours low"])
    let open = try await db.superuser().query(
      .superuser,
      "SELECT field || ': ' || source_value || ' / ' || our_value || ' by ' || edited_by FROM migration_conflict",
      as: String.self)
    #expect(open == ["title: Two, corrected / Ours by system:test"])
  }

  @Test("sets a row apart that the database refuses, and writes its neighbours")
  func refusedRow() async throws {
    let db = try await TestDatabase.make()
    var rows = (1...9).map { StagedRow.closedCase($0) }
    rows[4].fields["received_at"] = "no day at all"
    rows[7].fields["channel"] = "smoke"
    let batch = try await db.bring(.case, rows)
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference LIKE 'EP-%'") == 7)
    let issues = try await db.superuser().query(
      .superuser,
      """
      SELECT row_no || ' ' || code || ' ' || value FROM migration_row_issue WHERE batch_id = \(batch) ORDER BY row_no
      """, as: String.self)
    #expect(issues == ["5 commit.refused 22007", "8 commit.refused report_channel"])
    #expect(try await db.state(of: batch) == .committed)
  }

  @Test("goes on at its checkpoint, and writes no row twice")
  func resumes() async throws {
    let db = try await TestDatabase.make()
    let rows = (1...5_050).map { StagedRow.closedCase($0) }
    let batch = try await db.stage(.case, rows)
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    let importer = Importer(files: .none)
    await #expect(throws: Killed.self) {
      try await db.inside { tx in
        _ = try await importer.commitNext(of: batch, in: tx)
        throw Killed()
      }
    }
    #expect(try await db.count("SELECT count(*) FROM migration_provenance") == 0)
    let first = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) }
    guard case .chunk(let counts) = first else { return #expect(Bool(false), "the first step writes a chunk") }
    #expect(counts.inserted == 5_000)
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference LIKE 'EP-%'") == 5_000)
    try await db.work()
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference LIKE 'EP-%'") == 5_050)
    #expect(
      try await db.count("SELECT count(*) FROM audit_event WHERE action = 'migration.commit_chunk'") == 2)
    #expect(try await db.state(of: batch) == .committed)
    let verified = try await db.ledger.verify(by: db.system())
    #expect(verified.breaks.isEmpty)
  }

  @Test("never keeps who reported something in confidence to nobody")
  func anonymity() async throws {
    let db = try await TestDatabase.make()
    let canary = "Canary Quill"
    var named = StagedRow.closedCase(2, ["reporter_name": canary])
    named.fields["reporter_type"] = nil
    let staged = try await db.stage(
      .case, [.closedCase(1, ["reporter_name": canary, "reporter_email": "canary@example.org"]), named])
    let counts = try await db.inside { tx in try await StagedDecision.counts(of: staged, in: tx) }
    #expect(counts.byDecision == [.reject: 2])
    try await db.bring(.case, [.closedCase(3, ["reporter_type": "anonymous"])])
    try await db.bring(.case, [.closedCase(3, ["reporter_type": "identified", "reporter_name": canary])])
    #expect(
      try await db.count("SELECT count(*) FROM report WHERE reporter <> 'anonymous' AND reference LIKE 'EP-%'") == 0)
    for table in TargetTable.allCases {
      let found = try await db.count(
        "SELECT count(*) FROM \(fragment: table.name) t WHERE to_jsonb(t)::text LIKE '%' || \(canary) || '%'")
      #expect(found == 0, "\(table.rawValue)")
    }
    #expect(
      try await db.count("SELECT count(*) FROM migration_provenance p WHERE to_jsonb(p)::text LIKE '%Canary%'") == 0)
  }
}

/// What a test throws in the midst of a job's transaction, as when its worker is killed there.
struct Killed: Error {}
