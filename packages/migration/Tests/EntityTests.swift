// What each kind of record becomes, what it implies, and that all of it goes again.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import SourceFiles
import TestSupport
import Testing

@testable import Migration

@Suite("Records of every kind")
struct EntityTests {
  @Test("people become employees in units of their own, or are tied to who is here")
  func people() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let there = try #require(
      try await db.superuser().query(
        .superuser,
        """
        SELECT number FROM employee
        WHERE tenant_id = \(World.acmeHealth.id) AND email IS NOT NULL ORDER BY number LIMIT 1
        """, as: String.self
      ).first)
    let batch = try await db.bring(
      .person,
      [
        .person(1, ["division": "North", "department": "Care", "team": "Night", "job_title": "Nurse"]),
        .person(2, ["division": "North", "department": "Care", "active": false]),
        StagedRow(key: there, fields: ["employee_id": there, "display_name": "Somebody Else"]),
        .person(3, ["location": "Leeds"]),
      ])
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', e.number, e.name, e.email, e.title, u.kind || ' ' || u.name, o.name, d.name,
        e.ended_at IS NOT NULL)
      FROM employee e
      JOIN migration_provenance p ON p.target_id = e.id AND p.action = 'insert'
      LEFT JOIN org_unit u ON u.id = e.org_unit_id
      LEFT JOIN org_unit o ON o.id = u.parent_id
      LEFT JOIN org_unit d ON d.id = o.parent_id
      ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "P1 | Person 1 | p1@example.org | Nurse | team Night | Care | North | f",
        "P2 | Person 2 | p2@example.org | department Care | North | t",
        "P3 | Person 3 | p3@example.org | location Leeds | f",
      ])
    #expect(try await db.count("SELECT count(*) FROM migration_provenance WHERE action = 'link'") == 1)
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.records() == before)
    #expect(try await db.state(of: batch) == .undone)
  }

  @Test("a placeholder stands for whom nobody knows, becomes them when they come, and goes with its last dependant")
  func placeholder() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let gifts = try await db.bring(
      .disclosure, [.disclosure(1, person: "P1"), .disclosure(2, person: "P1"), .disclosure(3, person: "P2")])
    #expect(try await db.count("SELECT count(*) FROM migration_provenance WHERE entity = 'placeholder'") == 2)
    let people = try await db.bring(.person, [.person(1)])
    #expect(
      try await db.count("SELECT count(*) FROM employee WHERE number = 'P1' AND name = 'Person 1'") == 1)
    let plan = try await db.inside { tx in try await ImportUndo.preview(people, in: tx) }
    #expect(plan.counts == [.clean: 1])
    let records = try await db.imported(by: people)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(people, records: records, in: tx) }
    #expect(try await db.count("SELECT count(*) FROM employee WHERE number = 'P1' AND name = 'P1'") == 1)
    let all = try await db.imported(by: gifts)
    let first = try await db.inside { tx in try await ImportUndo.carryOut(gifts, records: [all[0]], in: tx) }
    #expect(try await db.count("SELECT count(*) FROM employee WHERE number IN ('P1', 'P2')") == 2)
    _ = try await db.inside { tx in try await ImportUndo.carryOut(gifts, records: Array(all[1...]), in: tx) }
    #expect(try await db.records() == before)
    // What the first one needs was cleared by the second.
    let back = try await db.inside { tx in try await ImportUndo.reverse(first.undo, in: tx) }
    #expect(back?.done == 1)
    #expect(try await db.count("SELECT count(*) FROM employee WHERE number IN ('P1', 'P2')") == 1)
  }

  @Test("disclosures of imported people go with them, children first")
  func cascade() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let people = try await db.bring(.person, [.person(1), .person(2)])
    let gifts = try await db.bring(.disclosure, [.disclosure(1, person: "P1")])
    let imported = try await db.records()
    let plan = try await db.inside { tx in try await ImportUndo.preview(people, in: tx) }
    #expect(plan.counts == [.needsCascade: 1, .clean: 1] && plan.acting == 2)
    let records = try await db.imported(by: people)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(people, records: records, in: tx) }
    #expect(outcome.done == 3)
    #expect(try await db.records() == before)
    #expect(try await db.state(of: gifts) == .undone)
    let back = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    #expect(back?.done == 3)
    #expect(try await db.records() == imported)
    try await db.inside { tx in
      try await tx.execute("UPDATE disclosure SET title = 'Ours' WHERE reference = 'D-1'")
      try await tx.record("disclosure.edit")
    }
    let edited = try await db.inside { tx in try await ImportUndo.preview(people, in: tx) }
    #expect(edited.counts == [.edited: 1, .clean: 1] && edited.acting == 1)
  }

  @Test("a disclosure keeps its number, its decision and its value")
  func disclosure() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .disclosure,
      [
        .disclosure(
          1, person: "P1",
          [
            "status": "approved", "decision_comment": "Fine.", "decided_at": "2023-02-01T00:00:00Z", "value": 120.5,
            "value_currency": "EUR", "effective_to": "2024-01-01", "counterparty_name": "Ms Vendor",
          ]),
        .disclosure(2, person: "P1", ["status": "rejected", "value": 3]),
      ])
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', reference, kind, title, state, decision, amount_minor, currency)
      FROM disclosure WHERE reference LIKE 'D-%' ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "D-1 | gift | Ms Vendor | expired | Fine. | 12050 | EUR", "D-2 | gift | A watch. | rejected",
      ])
    #expect(
      try await db.count("SELECT count(*) FROM migration_provenance WHERE imported_fields ->> 'value' = '3'") == 1)
  }

  @Test("a policy has its versions in their order and a draft beside them, each a record of its own")
  func policy() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let batch = try await db.bring(
      .policy,
      [
        .policy(1, "2", ["published_at": "2022-01-01T00:00:00Z", "title": "Second"]),
        .policy(1, "1", ["published_at": "2021-01-01T00:00:00Z", "title": "First"]),
        .policy(1, "3", ["status": "draft", "title": "Third"]), .policy(2, "1", ["status": "draft"]),
      ])
    #expect(try await db.state(of: batch) == .committed)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', p.number, p.title, p.status, p.current_version, p.working_status, p.working_title,
        (SELECT string_agg(v.number || ' ' || v.title, ', ' ORDER BY v.number) FROM policy_version v
          WHERE v.policy_id = p.id))
      FROM policy p WHERE p.number IS NOT NULL ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "POL-1 | Second | published | 2 | draft | Third | 1 First, 2 Second", "POL-2 | Policy 2 | draft | Policy 2",
      ])
    #expect(try await db.count("SELECT count(*) FROM search_source('policy') WHERE title = 'POL-1 · Second'") == 1)
    let later = try await db.superuser().query(
      .superuser,
      """
      SELECT record_id FROM migration_provenance
      WHERE source_record_id IN ('POL-1/2', 'POL-1/3') AND content_hash IS NOT NULL
      """, as: ID<ImportedRecord>.self)
    let outcome = try await db.inside { tx in try await ImportUndo.carryOut(batch, records: later, in: tx) }
    #expect(outcome.done == 2)
    #expect(
      try await db.count(
        """
        SELECT count(*) FROM policy
        WHERE number = 'POL-1' AND title = 'First' AND current_version = 1 AND working_status IS NULL
        """) == 1)
    _ = try await db.inside { tx in try await ImportUndo.reverse(outcome.undo, in: tx) }
    let imported = try await db.records()
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.records() == before)
    let undo = try await db.lastUndo()
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undo, in: tx) }
    #expect(plan.counts == [.clean: 4], "\(plan.samples.map(\.reasons))")
    let back = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    #expect(back?.buckets == [.clean: 4])
    #expect(try await db.records() == imported)
  }

  @Test("an attestation implies its campaign, over and asking nobody; without its policy it stays behind")
  func attestation() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let policies = try await db.bring(.policy, [.policy(1, "2021"), .policy(1, "2022")])
    let batch = try await db.bring(
      .attestation,
      [
        .attestation("POL-1", "P1", ["policy_version": "2021", "campaign_name": "Spring"]),
        .attestation("POL-1", "P2", ["policy_version": "2021", "campaign_name": "Spring", "status": "overdue"]),
        .attestation("POL-1", "P1", ["refused_at": "2022-03-01T00:00:00Z", "status": "skipped"]),
        .attestation("POL-9", "P3"),
      ])
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', c.name, c.status, c.policy_version, e.number, a.state, a.refusal_reason)
      FROM attestation a
      JOIN campaign c ON c.id = a.campaign_id
      JOIN employee e ON e.id = a.employee_id
      JOIN migration_provenance p ON p.target_id = a.id
      ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "Policy 1 | completed | 2 | P1 | skipped | –", "Spring | completed | 1 | P1 | completed",
        "Spring | completed | 1 | P2 | overdue",
      ])
    #expect(
      try await db.count(
        "SELECT count(*) FROM migration_row_issue WHERE batch_id = \(batch) AND code = 'ref.unresolved'") == 1)
    #expect(try await db.count("SELECT count(*) FROM employee WHERE number = 'P3'") == 0)
    #expect(try await db.count("SELECT count(*) FROM job WHERE kind LIKE 'attestation.%' AND state = 'queued'") == 0)
    for undone in [batch, policies] {
      try await db.inside { tx in try await ImportUndo.order(undone, in: tx) }
      try await db.work()
    }
    #expect(try await db.records() == before)
  }

  @Test("a file comes with its bytes, and no other bytes, on the record it belongs to")
  func attachment() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1), .closedCase(2, ["reporter_type": "identified"])])
    let before = try await db.records()
    let batch = try await db.stage(
      .attachment,
      [
        .file("a.txt", on: "EP-1", ["uploaded_by.name": "Canary Quill"]), .file("b.txt", on: "EP-2"),
        .file("gone.txt", on: "EP-1"), .file("c.txt", on: "EP-1", ["sha256": String(repeating: "0", count: 64)]),
        .file("d.exe", on: "EP-1"), .file("e.txt", on: "EP-77"), .file("torn.txt", on: "EP-1"),
      ])
    let files = AttachmentSource { path in
      if path.hasSuffix("torn.txt") { throw SourceError(.zipDamaged, "It does not match its checksum.") }
      return path.hasSuffix("gone.txt") ? nil : Array("bytes of \(path)".utf8)
    }
    let importer = Importer(files: files)
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) } }
    #expect(try await db.state(of: batch) == .committed)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT c.reference || ' ' || a.file_name || ' ' || convert_from(b.content, 'UTF8')
      FROM attachment a
      JOIN attachment_content b ON b.attachment_id = a.id
      JOIN "case" c ON c.id = a.case_id
      WHERE c.reference LIKE 'EP-%' ORDER BY 1
      """, as: String.self)
    #expect(told == ["EP-1 a.txt bytes of files/a.txt", "EP-2 b.txt bytes of files/b.txt"])
    let issues = try await db.superuser().query(
      .superuser, "SELECT code FROM migration_row_issue WHERE batch_id = \(batch) ORDER BY row_no", as: String.self)
    #expect(
      issues == [
        "attachment.missing_file", "attachment.hash_mismatch", "attachment.kind", "ref.unresolved",
        "attachment.damaged",
      ])
    #expect(
      try await db.count("SELECT count(*) FROM migration_provenance p WHERE to_jsonb(p)::text LIKE '%Canary%'") == 0)
    let imported = try await db.records()
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.records() == before)
    let undo = try await db.lastUndo()
    // As it was kept before a file could be a policy's.
    try await db.superuser().execute(
      .superuser, "UPDATE migration_undo_archive SET archived = archived - 'is_internal' - 'policy_id'")
    _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    #expect(try await db.records() == imported)
    await #expect(throws: PostgresError.self) {
      try await db.inside { tx in
        try await tx.execute("DELETE FROM attachment_content")
        try await tx.record("attachment.delete")
      }
    }
  }

  @Test("a file and the trail of a policy name it by its number alone, before it comes and after")
  func ofPolicy() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let ofPolicy = ["parent_entity": "policy"]
    try await db.bring(.auditEvent, [.event(1, on: "POL-1", actor: "Joe Desk", ofPolicy)])
    let policies = try await db.bring(.policy, [.policy(1, "1"), .policy(1, "2")])
    try await db.bring(.auditEvent, [.event(2, on: "POL-1", actor: "Ann Law", ofPolicy)])
    #expect(
      try await db.count("SELECT count(*) FROM imported_history h JOIN policy p ON p.id = h.parent_id") == 2)
    let batch = try await db.stage(
      .attachment,
      [
        .file("a.txt", on: "POL-1", ofPolicy), .file("b.txt", on: "POL-1/2", ofPolicy),
        .file("c.txt", on: "POL-1", ofPolicy.merging(["visibility": "private"]) { $1 }),
        .file("d.txt", on: "POL-1", ofPolicy.merging(["kind": "signed_form"]) { $1 }),
        .file("e.txt", on: "POL-1", ofPolicy.merging(["kind": "signed_form", "visibility": "all"]) { $1 }),
      ])
    let importer = Importer(files: AttachmentSource { path in Array("bytes of \(path)".utf8) })
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) } }
    let kept = try await db.inside { tx in
      try await tx.query(
        """
        SELECT a.file_name || CASE WHEN a.is_internal THEN ' internal' ELSE '' END
        FROM attachment a JOIN policy p ON p.id = a.policy_id AND p.number = 'POL-1' ORDER BY 1
        """, as: String.self)
    }
    #expect(kept == ["a.txt", "b.txt", "c.txt internal", "d.txt internal", "e.txt"])
    let pages = try await db.inside { tx in
      try await tx.query(
        """
        SELECT \(fragment: RecordPage.columns), p.target_id FROM migration_provenance p \(fragment: RecordPage.sources)
        WHERE p.batch_id = \(batch) AND p.content_hash IS NOT NULL
        """, as: Paged.self)
    }
    #expect(pages.count == 5 && pages.allSatisfy { if case .policy = $0.page { true } else { false } })
    for undone in [batch, policies] {
      try await db.inside { tx in try await ImportUndo.order(undone, in: tx) }
      try await db.work()
    }
    #expect(try await db.records() == before)
  }

  private struct Paged: RowDecodable {
    let page: RecordPage?

    init(row: Row) throws { page = try RecordPage(row: row) }
  }

  @Test("a former system's trail is kept, waits for its record, and is only hidden by an undo")
  func history() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.bring(
      .auditEvent, [.event(1, on: "EP-1", actor: "Jane Caller"), .event(2, on: "EP-2", actor: "Joe Desk")])
    #expect(try await db.count("SELECT count(*) FROM imported_history WHERE parent_id IS NULL") == 2)
    try await db.bring(.case, [.closedCase(1)])
    #expect(try await db.count("SELECT count(*) FROM imported_history WHERE parent_id IS NOT NULL") == 1)
    #expect(try await db.count("SELECT count(*) FROM imported_history WHERE actor = 'reporter'") == 2)
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.count("SELECT count(*) FROM imported_history WHERE tombstoned_at IS NOT NULL") == 2)
    _ = try await db.inside { tx in try await ImportUndo.reverse(try await db.lastUndo(), in: tx) }
    #expect(try await db.count("SELECT count(*) FROM imported_history WHERE tombstoned_at IS NULL") == 2)
  }
}
