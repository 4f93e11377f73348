// Files that come a piece at a time, through the routes: begun, cut off, gone on with, and whole in the end.

import Access
import Crypto
import EthicoTypes
import Foundation
import HTTPTypes
import Migration
import OpsConsole
import Postgres
import TestSupport
import Testing
import Web

@Suite("Uploads in pieces")
struct UploadTests {
  private static let home = "/t/acme-health/migration"
  private static let mebibyte = 1_048_576

  private func browser(_ db: TestDatabase, as email: String = World.implementation) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    return browser
  }

  /// Somebody at work on the move of that client.
  private func mover(_ db: TestDatabase, _ home: String = home) async throws -> RouterClient {
    let browser = try await browser(db)
    let chosen = try await browser.post(
      home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    #expect(chosen.status == 303, "\(chosen.body)")
    return browser
  }

  /// A table of cases with as many bytes.
  private func table(_ count: Int) -> [UInt8] {
    var bytes = Array("case_number;status;received_at;summary\n".utf8)
    var number = 0
    while bytes.count < count {
      number += 1
      bytes += Array("EP-\(number);New;2020-12-25;Pallets of goods that nobody had counted.\n".utf8)
    }
    return Array(bytes.prefix(count))
  }

  private func stored(_ db: TestDatabase) async throws -> [Int] {
    try await db.superuser().query(
      .superuser, "SELECT octet_length(sealed) FROM migration_blob_chunk ORDER BY blob_id, number", as: Int.self)
  }

  @Test("make one file of what was cut off anywhere, with its very bytes, by two instances in turn")
  func pieces() async throws {
    let db = try await TestDatabase.make()
    let first = try await mover(db)
    let second = try first.copy()
    let bytes = table(3 * Self.mebibyte + 70_001)
    let place = try await first.begin(bytes.count)
    // Within a piece, at its end, over several, and one byte.
    var offset = 0
    for (number, end) in [700_000, Self.mebibyte, 3 * Self.mebibyte + 5, bytes.count - 1, bytes.count].enumerated() {
      let browser = number.isMultiple(of: 2) ? first : second
      let reply = try await browser.send(Array(bytes[offset..<end]), to: place, from: offset)
      #expect(reply.status == 204 && reply.headers[.uploadOffset] == String(end), "\(reply.body)")
      let state = try await second.state(of: place)
      #expect(state.headers[.uploadOffset] == String(end) && state.headers[.uploadLength] == String(bytes.count))
      offset = end
    }
    #expect(try await stored(db) == [Self.mebibyte, Self.mebibyte, Self.mebibyte, 70_001].map { $0 + 28 })
    let digests = try await db.superuser().query(
      .superuser, "SELECT sha256 FROM migration_source_file", as: [UInt8].self)
    #expect(digests == [Array(SHA256.hash(data: bytes))])
    try await db.runJobs()
    let project = try await first.json(Self.home)
    let file = try #require((project["files"] as? [[String: Any]])?.first)
    #expect(file["name"] as? String == "cases.csv" && file["kind"] as? String == "csv")
    #expect(file["bytes"] as? Int == bytes.count)
    #expect((project["uploads"] as? [Any])?.isEmpty == true)
    let uploaded = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', outcome, actor_kind) FROM audit_event
      WHERE chain = \(World.acmeHealth.id) AND action = 'migration.upload'
      """, as: String.self)
    #expect(uploaded == ["ok staff"])
    // Who did not hear the last answer asks, and adds nothing.
    #expect(try await second.send([], to: place, from: bytes.count).status == 204)
    #expect(try await second.send([1], to: place, from: bytes.count).status == 413)
  }

  @Test("go on where the bytes end, and nowhere else")
  func offsets() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let place = try await browser.begin(bytes.count)
    #expect(try await browser.send(Array(bytes[..<2_000]), to: place, from: 0).status == 204)
    for wrong in [0, 1_999, 2_001, 5_000] {
      let reply = try await browser.send(Array(bytes[2_000...]), to: place, from: wrong)
      #expect(try reply.gist == "409 upload_moved", "\(wrong)")
    }
    for wrong in ["-1", "2e3", "", "0x7d0", "٢٠٠٠", "99999999999999999999"] {
      let reply = try await browser.tus(.patch, place, [.uploadOffset: wrong], bytes: [1])
      #expect(try reply.gist == "400 bad_head", "\(wrong)")
    }
    let beyond = try await browser.send(bytes, to: place, from: 2_000)
    #expect(try beyond.gist == "413 beyond_end")
    let large = try await browser.send(Array(repeating: 65, count: 8 * Self.mebibyte + 1), to: place, from: 2_000)
    #expect(large.status == 413)
    let form = try await browser.tus(
      .patch, place, [.uploadOffset: "2000", .contentType: "application/x-www-form-urlencoded"], bytes: [1])
    #expect(try form.gist == "415 media_type")
    #expect(try await browser.state(of: place).headers[.uploadOffset] == "2000")
  }

  @Test("are announced with a length that can be, and a name of any kind")
  func announced() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let gists: [(HTTPFields, String)] = [
      ([.uploadLength: "2147483649"], "413 too_large"), ([.uploadLength: "0"], "422 file_empty"),
      ([.uploadLength: "-5"], "400 bad_head"), ([.uploadLength: "1e3"], "400 bad_head"), ([:], "400 bad_head"),
      ([.uploadLength: "5", .uploadMetadata: "filename not*base64"], "400 bad_metadata"),
      ([.uploadLength: "5", .uploadMetadata: "filename /w=="], "400 bad_metadata"),
      ([.uploadLength: "5", .uploadMetadata: "filename YQ==,filename Yg=="], "400 bad_metadata"),
      ([.uploadLength: "5", .uploadMetadata: ",,"], "400 bad_metadata"),
      ([.uploadLength: "5", .uploadMetadata: "x " + String(repeating: "QUFB", count: 2_000)], "400 bad_metadata"),
    ]
    for (headers, gist) in gists {
      let reply = try await browser.tus(.post, Self.home + "/uploads", headers)
      #expect(try reply.gist == gist, "\(headers)")
    }
    for version in ["0.2.2", nil] as [String?] {
      let reply = try await browser.tus(.post, Self.home + "/uploads", [.uploadLength: "5"], version: version)
      #expect(try reply.gist == "412 tus_version" && reply.headers[.tusVersion] == "1.0.0")
    }
    let names = [
      "../../etc/<b>passwd": "<b>passwd", "a\u{0}\nb.csv": "ab.csv", "": "file", "///": "file",
      String(repeating: "e\u{301}", count: 300): String(repeating: "e\u{301}", count: 100),
    ]
    for name in names.keys { _ = try await browser.begin(5, name: name) }
    let kept = try await db.superuser().query(.superuser, "SELECT name FROM migration_upload", as: String.self)
    #expect(kept.sorted() == names.values.sorted())
    #expect(try await browser.get(Self.home).body.contains("&lt;b&gt;passwd"))
  }

  @Test("of the same file go on rather than begin again, as long as it is not finished")
  func again() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let place = try await browser.begin(bytes.count, modified: 7)
    _ = try await browser.send(Array(bytes[..<3_000]), to: place, from: 0)
    let again = try await browser.announce(bytes.count, modified: 7)
    #expect(again.location == place && again.headers[.uploadOffset] == "3000")
    for (count, modified) in [(bytes.count, 8), (bytes.count, nil), (4_999, 7)] as [(Int, Int?)] {
      #expect(try await browser.begin(count, modified: modified) != place)
    }
    #expect(try await browser.get(Self.home).body.contains("Not all here yet"))
    _ = try await browser.send(Array(bytes[3_000...]), to: place, from: 3_000)
    #expect(try await browser.begin(bytes.count, modified: 7) != place)
  }

  @Test("of bytes that are here already keep nothing twice")
  func known() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let place = try await browser.begin(bytes.count)
    _ = try await browser.send(bytes, to: place, from: 0)
    let copy = try await browser.begin(bytes.count, name: "copy.csv")
    let reply = try await browser.send(bytes, to: copy, from: 0)
    #expect(try reply.gist == "409 file_known" && reply.body.contains("cases.csv"))
    #expect(try await stored(db).count == 1)
    #expect(try await browser.state(of: copy).headers[.uploadOffset] == String(bytes.count))
  }

  @Test("that were stopped before the file was made are finished by a button")
  func finished() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let place = try await browser.begin(bytes.count)
    _ = try await browser.send(Array(bytes[..<4_000]), to: place, from: 0)
    let early = try await browser.post(place + "/finish", accept: "application/json")
    #expect(try early.gist == "409 upload_incomplete")
    // As a server leaves it that is killed after the last byte.
    let id = try #require(place.split(separator: "/").last.flatMap { ID<FileUpload>(String($0)) })
    let vault = try #require(db.ledger.vault)
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      let upload = try await FileUpload.find(id, in: tx)
      _ = try await upload?.append(Data(bytes[4_000...]), sealedBy: vault, in: tx)
    }
    let page = try await browser.get(Self.home)
    #expect(page.body.contains("Finish upload of cases.csv"))
    let done = try await browser.post(place + "/finish")
    #expect(done.status == 303 && done.location?.contains("done=file") == true, "\(done.body)")
    let files = try #require(try await browser.json(Self.home)["files"] as? [[String: Any]])
    #expect(files.count == 1)
  }

  @Test("are removed by somebody, or a week after their last byte")
  func removed() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let bytes = table(5_000)
    let place = try await browser.begin(bytes.count)
    _ = try await browser.send(Array(bytes[..<10]), to: place, from: 0)
    #expect(try await browser.post(place + "/remove").location?.contains("upload-removed") == true)
    #expect(try await browser.state(of: place).status == 404)
    #expect(try await stored(db).isEmpty)
    let left = try await browser.begin(bytes.count)
    db.clock.advance(seconds: 6 * 86_400)
    try await browser.signIn(World.implementation)
    _ = try await browser.send(Array(bytes[..<10]), to: left, from: 0)
    db.clock.advance(seconds: 2 * 86_400)
    try await db.runJobs()
    try await browser.signIn(World.implementation)
    #expect(try await browser.state(of: left).status == 200)
    db.clock.advance(seconds: 6 * 86_400)
    try await db.runJobs()
    try await browser.signIn(World.implementation)
    #expect(try await browser.state(of: left).status == 404)
    #expect(try await stored(db).isEmpty)
    let removals = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM audit_event WHERE action = 'migration.delete_upload' AND outcome = 'ok'",
      as: Int.self)
    #expect(removals == [2])
    // Who began them is known though nothing is left of them.
    let begun = try await db.superuser().query(
      .superuser,
      "SELECT DISTINCT actor_kind FROM audit_event WHERE action = 'migration.upload_begin' AND outcome = 'ok'",
      as: String.self)
    #expect(begun == ["staff"])
  }

  @Test("are one client's alone, for who may run its move, and sent from its pages")
  func rights() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let place = try await browser.begin(10)
    let foreign = place.replacing("acme-health", with: "borealis-bank")
    #expect(try await browser.state(of: foreign).status == 404)
    #expect(try await browser.send([1], to: foreign, from: 0).status == 404)
    for act in ["finish", "remove"] {
      #expect(try await browser.post("\(foreign)/\(act)").status == 404)
    }
    let before = try await browser.tus(
      .post, "/t/borealis-bank/migration/uploads", [.uploadLength: "5"])
    #expect(try before.gist == "409 no_project")
    let support = try await self.browser(db, as: World.support)
    #expect(try await support.state(of: place).status == 403)
    #expect(try await support.send([1], to: place, from: 0).gist == "403 capability")
    #expect(try await support.get(Self.home).body.contains("Not all here yet"))
    let token = try browser.copy()
    let forged = try await token.tus(.patch, place, [.uploadOffset: "0", .opsCSRF: "AAAA"], bytes: [1])
    #expect(try forged.gist == "403 cross_site")
    #expect(try await browser.state(of: place).headers[.uploadOffset] == "0")
  }

  @Test("say what is spoken, to whoever may bring files, and in each answer which version that is")
  func spoken() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    let uploads = Self.home + "/uploads"
    // Whoever asks need not speak it yet, and no token is asked for where nothing changes.
    let offer = try await browser.send(.options, uploads, body: nil)
    #expect(offer.status == 204 && offer.bytes.isEmpty)
    #expect(offer.headers[.tusVersion] == "1.0.0" && offer.headers[.tusExtension] == "creation")
    #expect(offer.headers[.tusMaxSize] == "2147483648" && offer.headers[.tusResumable] == "1.0.0")
    let place = try await browser.begin(10)
    let support = try await self.browser(db, as: World.support)
    let nobody = try RouterClient(db)
    let missing = uploads + "/0193a5c0-0000-7000-8000-00000000ffff"
    let replies = [
      try await browser.state(of: place), try await browser.send([1], to: place, from: 0),
      try await browser.send([1], to: place, from: 5), try await browser.state(of: missing),
      try await browser.send([1], to: missing, from: 0), try await browser.announce(0),
      try await browser.tus(.post, uploads, [.uploadLength: "5"], version: "0.2.2"),
      try await browser.tus(.patch, place, [.uploadOffset: "1", .opsCSRF: "AAAA"], bytes: [1]),
      try await support.state(of: place), try await support.send([1], to: place, from: 0),
      try await support.send(.options, uploads, body: nil), try await nobody.announce(5),
    ]
    #expect(replies.map(\.status) == [200, 204, 409, 404, 404, 422, 412, 403, 403, 403, 403, 401])
    #expect(replies.allSatisfy { $0.headers[.tusResumable] == "1.0.0" })
    // A page's own button speaks no protocol.
    #expect(try await browser.post(place + "/remove").headers[.tusResumable] == nil)
  }

  @Test("of one client are so many at most")
  func limit() async throws {
    let db = try await TestDatabase.make()
    let browser = try await mover(db)
    for number in 0..<50 { _ = try await browser.begin(10, name: "\(number).csv") }
    #expect(try await browser.announce(10).gist == "409 too_many_uploads")
  }
}

extension RouterClient {
  /// A request of the protocol, from a page of ours.
  fileprivate func tus(
    _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, bytes: [UInt8]? = nil,
    version: String? = "1.0.0"
  ) async throws -> Reply {
    var fields = headers
    fields[.tusResumable] = version
    fields[.secFetchSite] = "same-origin"
    if fields[.opsCSRF] == nil { fields[.opsCSRF] = csrf }
    if fields[.contentType] == nil { fields[.contentType] = bytes == nil ? nil : "application/offset+octet-stream" }
    return try await send(method, path, raw: bytes, accept: "application/json", headers: fields)
  }

  fileprivate func announce(_ count: Int, name: String = "cases.csv", modified: Int? = nil) async throws -> Reply {
    var metadata = "filename \(Data(name.utf8).base64EncodedString())"
    if let modified { metadata += ",modified \(Data(String(modified).utf8).base64EncodedString())" }
    return try await tus(
      .post, "/t/acme-health/migration/uploads", [.uploadLength: String(count), .uploadMetadata: metadata])
  }

  /// - Returns: where its bytes go.
  fileprivate func begin(_ count: Int, name: String = "cases.csv", modified: Int? = nil) async throws -> String {
    let reply = try await announce(count, name: name, modified: modified)
    #expect(reply.status == 201, "\(reply.body)")
    return try #require(reply.location)
  }

  fileprivate func send(_ bytes: [UInt8], to place: String, from offset: Int) async throws -> Reply {
    try await tus(.patch, place, [.uploadOffset: String(offset)], bytes: bytes)
  }

  fileprivate func state(of place: String) async throws -> Reply {
    try await tus(.head, place, [:])
  }
}

extension HTTPField.Name {
  fileprivate static let tusResumable = known("Tus-Resumable")
  fileprivate static let tusVersion = known("Tus-Version")
  fileprivate static let tusExtension = known("Tus-Extension")
  fileprivate static let tusMaxSize = known("Tus-Max-Size")
  fileprivate static let uploadLength = known("Upload-Length")
  fileprivate static let uploadOffset = known("Upload-Offset")
  fileprivate static let uploadMetadata = known("Upload-Metadata")
}
