// The files of a project's archives: found in whichever has them, and no damaged one holds the others up.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Files out of a project's archives")
struct ArchiveTests {
  @Test("are found in the oldest of very many, and one that is damaged stays behind alone")
  func many() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let names = (1...23).map { "f\($0).txt" }
    let batch = try await db.stage(.attachment, names.map { .file($0, on: "EP-1") })
    for name in names {
      let path = "files/" + name
      var bytes = StoredZip(entries: [(name: path, bytes: Array("bytes of \(name)".utf8))]).bytes
      if name == "f2.txt" { bytes[30 + path.utf8.count] ^= 1 }
      try await db.keep(archive: bytes, named: name + ".zip", beside: batch)
    }
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(try await db.state(of: batch) == .committed)
    let issues = try await db.superuser().query(
      .superuser,
      "SELECT row_no || ' ' || code || ' ' || value FROM migration_row_issue WHERE batch_id = \(batch)",
      as: String.self)
    #expect(issues == ["2 attachment.damaged files/f2.txt"])
    let held = try await db.count(
      """
      SELECT count(*)
      FROM attachment a
      JOIN attachment_content c ON c.attachment_id = a.id
      WHERE convert_from(c.content, 'UTF8') = 'bytes of ' || a.file_name AND a.file_name LIKE 'f%.txt'
      """)
    #expect(held == 22)
  }

  @Test("come from the newest archive where several have the path")
  func newest() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let batch = try await db.stage(.attachment, [.file("a.txt", on: "EP-1")])
    for said in ["old", "new"] {
      let zip = StoredZip(entries: [(name: "files/a.txt", bytes: Array(said.utf8))])
      try await db.keep(archive: zip.bytes, named: said + ".zip", beside: batch)
    }
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(
      try await db.count("SELECT count(*) FROM attachment_content WHERE convert_from(content, 'UTF8') = 'new'") == 1)
  }

  @Test("leave the batch failed, with the reason, where an archive cannot be opened at all")
  func unopened() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1)])
    let batch = try await db.stage(.attachment, [.file("a.txt", on: "EP-1")])
    let zip = StoredZip(entries: [(name: "files/a.txt", bytes: Array("bytes".utf8))])
    try await db.keep(archive: zip.bytes, named: "a.zip", beside: batch)
    try await db.superuser().execute(.superuser, "DELETE FROM migration_blob")
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(try await db.state(of: batch) == .failed)
    #expect(
      try await db.count(
        "SELECT count(*) FROM migration_batch WHERE failure = 'The bytes of the file are gone.'") == 1)
    #expect(try await db.count("SELECT count(*) FROM audit_event WHERE action = 'migration.commit_fail'") == 1)
  }
}

extension TestDatabase {
  /// Keeps an archive in the project of a batch, sealed as an upload would.
  func keep(archive: [UInt8], named name: String, beside batch: ID<Batch>) async throws {
    guard let vault = ledger.vault else { return }
    try await inside { tx in
      let blob: ID<StoredBytes> = tx.newID()
      let key = vault.fileKey(salt: try await StoredBytes.begin(blob, in: tx))
      try await StoredBytes.put(try key.seal(Data(archive), number: 0), 0, of: blob, in: tx)
      let file: ID<SourceFileRecord> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO migration_source_file (tenant_id, id, project_id, name, kind, byte_count, sha256, blob_id)
        SELECT tenant_id, \(file), project_id, \(name), 'zip', \(archive.count), sha256(\(archive)), \(blob)
        FROM migration_batch
        WHERE id = \(batch)
        """)
      try await tx.record("migration.upload", object: SourceFileRecord.object(file))
    }
  }
}
