// An anonymous case stays it by the record that is here, and so does what belongs to it.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("A reporter who stays anonymous")
struct HeldAnonymityTests {
  private static let identity = [
    "reporter_type": "identified", "reporter_name": "Canary Quill", "reporter_email": "canary@client.example",
    "reporter_phone": "canary 1", "reporter_relationship": "Canary of bay 4", "title": "Told anew",
  ]

  /// Everything that tables hold of a canary.
  private func found(_ db: TestDatabase) async throws -> [String] {
    var found: [String] = []
    let tables = [
      "migration_staged_row", "migration_provenance", "imported_history", "attachment", "report", "\"case\"",
    ]
    for table in tables {
      found += try await db.superuser().query(
        .superuser, SQL(trusted: "SELECT '\(table) ' || t::text FROM \(table) t WHERE t::text ILIKE '%canary%'"),
        as: String.self)
    }
    return found
  }

  private func check(_ db: TestDatabase, _ batch: ID<Batch>) async throws {
    try await db.inside { tx in
      try await StagedDecision.decide(batch, in: tx)
      guard let found = try await ImportBatch.find(batch, in: tx) else { throw ImportRefusal.missing }
      try await HeldAnonymity.withhold(around: found, in: tx)
      try await tx.record("migration.validate", object: Batch.object(batch))
    }
  }

  @Test("stays it when a source names them later: the case is changed, and nothing of them comes over")
  func renamed() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let later = try await db.stage(.case, [.closedCase(1, Self.identity)])
    try await check(db, later)
    #expect(try await found(db).isEmpty)
    try await db.inside { tx in try await ImportBatch.commit(later, in: tx) }
    try await db.work()
    #expect(try await db.count("SELECT count(*) FROM \"case\" WHERE reference = 'EP-1' AND title = 'Told anew'") == 1)
    #expect(try await db.count("SELECT count(*) FROM report WHERE reference = 'EP-1' AND reporter = 'anonymous'") == 1)
    #expect(try await found(db).isEmpty)
  }

  @Test("stays it where both batches were checked before either was imported")
  func raced() async throws {
    let db = try await TestDatabase.make()
    let later = try await db.stage(.case, [.closedCase(1, Self.identity)])
    try await check(db, later)
    try await db.bring(.case, [.closedCase(1)])
    try await db.inside { tx in try await ImportBatch.commit(later, in: tx) }
    try await db.work()
    #expect(try await db.state(of: later) == .committed)
    #expect(try await found(db).isEmpty)
  }

  @Test("reads reporter in the trail of a file on their case, and in no column that was kept of the file")
  func belonging() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1), .closedCase(2, ["reporter_type": "identified"])])
    var file = StagedRow.file("a.txt", on: "EP-1", ["uploaded_by.name": "Canary Quill"])
    file.legacy = ["Remark": "Ask canary@client.example.", "Size": "9"]
    let files = try await db.stage(.attachment, [file, .file("b.txt", on: "EP-2")])
    try await check(db, files)
    #expect(try await found(db).isEmpty)
    try await db.inside { tx in try await ImportBatch.commit(files, in: tx) }
    let source = AttachmentSource { path in Array("bytes of \(path)".utf8) }
    let importer = Importer(files: source)
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: files, in: tx) } }
    let onFile = ["parent_entity": "attachment"]
    let trail = try await db.stage(
      .auditEvent,
      [
        .event(
          1, on: "files/a.txt", actor: "Canary Quill", onFile.merging(["comment": "canary@client.example"]) { $1 }),
        .event(2, on: "files/b.txt", actor: "Joe Desk", onFile),
      ])
    try await check(db, trail)
    try await db.inside { tx in try await ImportBatch.commit(trail, in: tx) }
    try await db.work()
    let told = try await db.inside { tx in
      try await tx.query(
        "SELECT actor || ' ' || (extra ->> 'ip') FROM imported_history ORDER BY event_key", as: String.self)
    }
    #expect(told == ["reporter reporter", "Joe Desk 203.0.113.9"])
    #expect(try await found(db).isEmpty)
  }
}
