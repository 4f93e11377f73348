// A file that comes with a plain form, taken in as it comes: whole, or not at all.

import Access
import Crypto
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("A file in a form")
struct FormUploadTests {
  private static let home = "/t/acme-health/migration"
  private static let mebibyte = 1 << 20

  private func mover(_ db: TestDatabase) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    let chosen = try await browser.post(
      Self.home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    #expect(chosen.status == 303, "\(chosen.body)")
    return browser
  }

  /// A table of cases with as many bytes, and line ends as Windows writes them.
  private func table(_ count: Int, from start: Int = 1) -> [UInt8] {
    var bytes = Array("case_number;status;received_at;summary\r\n".utf8)
    var number = start
    while bytes.count < count {
      bytes += Array("EP-\(number);New;2020-12-25;Pallets of goods that nobody had counted.\r\n".utf8)
      number += 1
    }
    return Array(bytes.prefix(count))
  }

  private func counts(_ db: TestDatabase) async throws -> [Int] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT unnest(ARRAY[(SELECT count(*) FROM migration_source_file), (SELECT count(*) FROM migration_upload),
        (SELECT count(*) FROM migration_blob), (SELECT count(*) FROM migration_blob_chunk)])
      """, as: Int.self)
  }

  @Test("is kept in sealed pieces with its very bytes, and read")
  func whole() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(3 * Self.mebibyte + 70_001)
    let sent = try await browser.upload(Self.home + "/files", file: (name: "cases.csv", bytes: bytes))
    #expect(sent.status == 303 && sent.location?.contains("done=file") == true, "\(sent.body)")
    let digests = try await db.superuser().query(
      .superuser, "SELECT sha256 FROM migration_source_file", as: [UInt8].self)
    #expect(digests == [Array(SHA256.hash(data: bytes))])
    #expect(try await counts(db) == [1, 0, 1, 4])
    let pieces = try await db.superuser().query(
      .superuser, "SELECT octet_length(sealed) FROM migration_blob_chunk ORDER BY number", as: Int.self)
    #expect(pieces == [Self.mebibyte, Self.mebibyte, Self.mebibyte, 70_001].map { $0 + 28 })
    try await db.runJobs()
    let project = try await browser.json(Self.home)
    let file = try #require((project["files"] as? [[String: Any]])?.first)
    #expect(file["kind"] as? String == "csv" && file["bytes"] as? Int == bytes.count)
    #expect((project["uploads"] as? [Any])?.isEmpty == true)
  }

  @Test("sent twice with its key is one file; with another file under that key it is refused")
  func once() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let first = try await browser.upload(Self.home + "/files", ["_key": "k1"], file: (name: "cases.csv", bytes: bytes))
    let again = try await browser.upload(Self.home + "/files", ["_key": "k1"], file: (name: "cases.csv", bytes: bytes))
    #expect(first.status == 303 && again.status == 303 && first.location == again.location)
    let other = try await browser.upload(
      Self.home + "/files", ["_key": "k1"], file: (name: "cases.csv", bytes: table(5_000, from: 9)),
      accept: "application/json")
    #expect(try other.gist == "409 key_reused")
    #expect(try await counts(db) == [1, 0, 1, 1])
  }

  @Test("leaves nothing behind where it is refused or cut off")
  func nothing() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(2 * Self.mebibyte)
    let files = Self.home + "/files"
    let forged = try await browser.upload(
      files, file: (name: "cases.csv", bytes: bytes), accept: "application/json", csrf: "AAAA")
    #expect(try forged.gist == "403 cross_site")
    let none = try await browser.upload(files, file: (name: "", bytes: []))
    #expect(none.status == 422 && none.body.contains("Choose a file."))
    let empty = try await browser.upload(files, file: (name: "none.csv", bytes: []))
    #expect(empty.status == 422 && empty.body.contains("The file is empty."))
    let head = "Content-Disposition: form-data; name="
    let cut =
      Array(
        "--b\r\n\(head)\"_csrf\"\r\n\r\n\(browser.csrf)\r\n--b\r\n\(head)\"file\"; filename=\"a.csv\"\r\n\r\n"
          .utf8) + bytes
    let away = try await browser.send(
      .post, files, raw: cut, accept: "application/json", headers: [.contentType: "multipart/form-data; boundary=b"])
    #expect(away.status == 400)
    #expect(try await counts(db) == [0, 0, 0, 0])
    #expect(try await browser.upload(files, file: (name: "cases.csv", bytes: bytes)).status == 303)
    let known = try await browser.upload(files, file: (name: "copy.csv", bytes: bytes))
    #expect(known.status == 409 && known.body.contains("This very file is here already, as “cases.csv”."))
    #expect(try await counts(db) == [1, 0, 1, 2])
    let before = try await browser.upload(
      "/t/borealis-bank/migration/files", file: (name: "a.csv", bytes: bytes), accept: "application/json")
    #expect(try before.gist == "409 no_project")
  }
}
