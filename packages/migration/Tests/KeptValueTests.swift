// What no column here takes whole stays with the record as the source said it: nothing of a row vanishes.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Values that no column takes")
struct KeptValueTests {
  /// What is kept of a record, of the fields asked for.
  private func kept(_ fields: [String], of key: String, _ db: TestDatabase) async throws -> [String: String] {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT COALESCE(jsonb_object_agg(f.name, f.value), '{}')::text
      FROM (
        SELECT imported_fields FROM migration_provenance
        WHERE source_record_id = \(key) AND content_hash IS NOT NULL
        ORDER BY seq DESC LIMIT 1
      ) p
      CROSS JOIN jsonb_each_text(p.imported_fields) AS f (name, value)
      WHERE f.name = ANY(\(fields))
      """, as: String.self)
    return try JSONDecoder().decode([String: String].self, from: Data(try #require(found.first).utf8))
  }

  @Test("are what only a closed case says, and how far a case was whose lead is not here")
  func openCase() async throws {
    let db = try await TestDatabase.make()
    let lead = try await db.address(of: .investigator)
    try await db.bring(
      .case,
      [
        .closedCase(1), .closedCase(2, ["status": "open", "stage": "review"]),
        .closedCase(3, ["status": "open", "stage": "review", "assignee.email": lead]),
      ])
    let fields = ["status", "stage", "outcome", "closed_at"]
    let ends = ["outcome": "unsubstantiated", "closed_at": "2022-02-01T10:00:00Z"]
    #expect(try await kept(fields, of: "EP-1", db).isEmpty)
    #expect(try await kept(fields, of: "EP-2", db) == ends.merging(["status": "open", "stage": "review"]) { $1 })
    #expect(try await kept(fields, of: "EP-3", db) == ends)
    // And of one that comes again.
    try await db.bring(.case, [.closedCase(1, ["status": "open", "stage": "active"])])
    let again = try await kept(fields, of: "EP-1", db)
    #expect(again["outcome"] == "unsubstantiated")
  }

  @Test("are a decision too short to be one, and the status of what has expired")
  func disclosure() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .disclosure,
      [
        .disclosure(1, person: "P1", ["status": "approved", "decision_comment": "OK", "effective_to": "2020-01-01"]),
        .disclosure(2, person: "P1", ["status": "approved", "decision_comment": "Fine."]),
      ])
    #expect(
      try await kept(["status", "decision_comment"], of: "D-1", db) == ["status": "approved", "decision_comment": "OK"])
    #expect(try await kept(["status", "decision_comment"], of: "D-2", db).isEmpty)
  }

  @Test("are when somebody attested who has not completed it, and a language of another form")
  func policyAndAttestation() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(
      .policy,
      [
        .policy(1, "1", ["language": "german", "change_summary": "Why"]),
        .policy(1, "2", ["language": "de", "change_summary": "Why", "status": "draft"]),
      ])
    #expect(try await kept(["language", "change_summary"], of: "POL-1/1", db) == ["language": "german"])
    #expect(try await kept(["language", "change_summary"], of: "POL-1/2", db) == ["change_summary": "Why"])
    try await db.bring(.attestation, [.attestation("POL-1", "P1"), .attestation("POL-1", "P2", ["status": "overdue"])])
    #expect(try await kept(["attested_at"], of: "nk:POL-1/P1/", db).isEmpty)
    #expect(try await kept(["attested_at"], of: "nk:POL-1/P2/", db) == ["attested_at": "2022-02-02T00:00:00Z"])
  }

  @Test("are the name and the description of a file that are too long, whole")
  func attachment() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let (name, words) = (String(repeating: "n", count: 205) + ".txt", String(repeating: "d", count: 501))
    let batch = try await db.stage(
      .attachment,
      [.file(name, on: "EP-1", ["description": "Short."]), .file("a.txt", on: "EP-1", ["description": words])])
    let importer = Importer(files: AttachmentSource { path in Array("bytes of \(path)".utf8) })
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) } }
    let fields = ["file_name", "description"]
    #expect(try await kept(fields, of: "files/\(name)", db) == ["file_name": name])
    #expect(try await kept(fields, of: "files/a.txt", db) == ["description": words])
  }
}
