// Files on their way in and out: forms that hold one, downloads, and tables for spreadsheets.

import Access
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite("A form with a file")
struct MultipartFormTests {
  private static let limit = UploadLimit(fileBytes: 100)

  private func part(_ head: String, _ content: String) -> String {
    "--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(content)\r\n"
  }

  /// The form as it is read when it comes so many bytes at a time.
  private func read(
    _ body: String, inChunksOf count: Int = 1_000, limit: UploadLimit = limit
  ) async throws -> MultipartForm {
    try await MultipartForm.read(RequestBody(asyncSequence: Chunks(of: count, body)), boundary: "b", limit: limit)
  }

  @Test("gives its fields and its file, whatever bytes and names they have, and however it is cut", arguments: 1...9)
  func whole(count: Int) async throws {
    let form = try await read(
      "preamble\r\n" + part("name=\"a%22b\"", "one\r\ntwo --b")
        + part("name=\"f\"; filename=\"C:\\x\\é%22.txt\"", "\r\n--\r\n--\r\n\r\n--")
        + part("name=\"g\"; filename=\"\"", "") + part("name=\"c\"", "") + "--b--\r\n", inChunksOf: count)
    #expect(form.fields.map(\.name) == ["a\"b", "c"] && form.fields.map(\.value) == ["one\ntwo --b", ""])
    #expect(form.files.map(\.name) == ["é\".txt"])
    #expect(form.files.map(\.bytes) == [Data("\r\n--\r\n--\r\n\r\n--".utf8)])
  }

  @Test(
    "keeps what was typed when the file is larger than may be", arguments: [(100, false), (101, true), (500, true)])
  func tooLarge(count: Int, isTooLarge: Bool) async throws {
    let file = part("name=\"f\"; filename=\"l\"", String(repeating: "x", count: count))
    let form = try await read(part("name=\"a\"", "typed") + file + "--b--")
    #expect(form.fields.map(\.value) == ["typed"])
    #expect(form.files.map(\.isTooLarge) == [isTooLarge])
    #expect(form.files.map(\.bytes.count) == [isTooLarge ? 0 : count])
  }

  @Test("that is far larger than may be is not read to its end")
  func farTooLarge() async throws {
    let file = part("name=\"f\"; filename=\"l\"", String(repeating: "x", count: 900))
    await #expect(throws: Problem.tooLarge) { try await read(file + "--b--") }
    let field = part("name=\"a\"", String(repeating: "x", count: 131_073))
    await #expect(throws: Problem.tooLarge) {
      try await MultipartForm.read(
        RequestBody(buffer: ByteBuffer(string: field + "--b--")), boundary: "b", limit: UploadLimit(fileBytes: 1 << 20))
    }
  }

  @Test(
    "that is none is refused",
    arguments: [
      "", "--c--", "--b", "--b\r\n\r\n", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
      "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\u{0}\r\n--b--",
      String(repeating: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n", count: 61) + "--b--",
    ])
  func malformed(body: String) async {
    await #expect(throws: Problem.badRequest) { try await read(body, limit: UploadLimit(fileBytes: 1_000)) }
  }

  @Test("waits for nobody where all slots are taken, and gives its own back whatever comes of it")
  func slots() async throws {
    let slots = UploadSlots(limit: 1)
    _ = try await slots.hold {
      await #expect(throws: Problem.uploadsBusy) { try await slots.hold {} }
    }
    await #expect(throws: Problem.badRequest) { try await slots.hold { throw Problem.badRequest } }
    try await slots.hold {}
  }

  @Test("is handed over by so many at once, and to nobody by more than their share")
  func downloads() throws {
    let places = DownloadPlaces(limit: 3, perPerson: 2)
    var held = [try places.take(for: .system("one")), try places.take(for: .system("one"))]
    #expect(throws: Problem.downloadsBusy) { try places.take(for: .system("one")) }
    held.append(try places.take(for: .system("two")))
    #expect(throws: Problem.downloadsBusy) { try places.take(for: .system("three")) }
    held.removeFirst()
    held.append(try places.take(for: .system("three")))
    #expect(throws: Problem.downloadsBusy) { try places.take(for: .system("one")) }
    let file = Download(name: "x", contentType: "text/plain", bytes: Data("x".utf8)).holding(held.removeLast())
    #expect(throws: Problem.downloadsBusy) { try places.take(for: .system("four")) }
    #expect(file.response.body.contentLength == 1)
  }

  @Test("is known by its boundary")
  func boundary() {
    #expect(MultipartForm.boundary(of: "multipart/form-data; boundary=----x7") == "----x7")
    #expect(MultipartForm.boundary(of: "Multipart/Form-Data; boundary=\"a b\"") == "a b")
    #expect(MultipartForm.boundary(of: "application/x-www-form-urlencoded; boundary=b") == nil)
    #expect(MultipartForm.boundary(of: "multipart/form-data") == nil)
  }
}

@Suite("A file that comes with its form")
struct ArrivingFileTests {
  private static let mebibyte = 1 << 20

  @Test("is in memory by a piece, however long it is, and each piece waits for the one before it")
  func pieces() async throws {
    let count = 50 * Self.mebibyte + 12_345
    let body = LongFile(byteCount: count)
    let (fields, file) = try await arrival(RequestBody(asyncSequence: body))
    #expect(fields.map(\.value) == ["token"] && file.name == "long.csv")
    var taken = 0
    var furthest = 0
    var digest = SHA256()
    try await file.take(inPiecesOf: Self.mebibyte) { piece in
      furthest = max(furthest, body.made.load(ordering: .relaxed) - taken)
      taken += piece.count
      digest.update(data: piece)
      #expect(piece.count == Self.mebibyte || taken == count)
    }
    #expect(taken == count && Array(digest.finalize()) == LongFile.digest(of: count))
    // What came and was not taken: a piece, and the chunk that filled it.
    #expect(furthest <= Self.mebibyte + 2 * LongFile.chunkBytes)
  }

  @Test("is no file where it is cut off, and read to its end where nobody takes it")
  func ends() async throws {
    let cut = LongFile(byteCount: 3 * Self.mebibyte, isCut: true)
    let (_, file) = try await arrival(RequestBody(asyncSequence: cut))
    var taken = 0
    await #expect(throws: Problem.badRequest) { try await file.take(inPiecesOf: Self.mebibyte) { taken += $0.count } }
    #expect(taken <= 3 * Self.mebibyte)
    let whole = LongFile(byteCount: 3 * Self.mebibyte)
    let (_, unwanted) = try await arrival(RequestBody(asyncSequence: whole))
    await unwanted.drain()
    #expect(whole.made.load(ordering: .relaxed) == 3 * Self.mebibyte)
  }

  private func arrival(
    _ body: RequestBody
  ) async throws -> (fields: [(name: String, value: String)], file: ArrivingFile) {
    var stream = MultipartStream(body, boundary: "b", readLimit: 100 * Self.mebibyte)
    let (fields, head) = try await stream.fields()
    return (fields, ArrivingFile(try #require(head), announcedBytes: nil, stream))
  }
}

/// A form with a long file, made as it is read.
private final class LongFile: AsyncSequence, Sendable {
  typealias Element = ByteBuffer

  static let chunkBytes = 65_536
  private let byteCount: Int
  private let isCut: Bool
  /// How many bytes of the file have been made.
  let made = Atomic(0)

  init(byteCount: Int, isCut: Bool = false) {
    self.byteCount = byteCount
    self.isCut = isCut
  }

  /// The bytes from one to another, the same each time.
  private static func bytes(_ range: Range<Int>) -> [UInt8] {
    range.map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 >> 11) }
  }

  static func digest(of byteCount: Int) -> [UInt8] {
    var hasher = SHA256()
    for start in stride(from: 0, to: byteCount, by: chunkBytes) {
      hasher.update(data: bytes(start..<Swift.min(byteCount, start + chunkBytes)))
    }
    return Array(hasher.finalize())
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: self) }

  struct AsyncIterator: AsyncIteratorProtocol {
    let file: LongFile
    private var step = 0
    private var place = 0

    init(file: LongFile) {
      self.file = file
    }

    mutating func next() async -> ByteBuffer? {
      defer { step += 1 }
      if step == 0 {
        let head = "Content-Disposition: form-data; name="
        return ByteBuffer(
          string: "--b\r\n\(head)\"_csrf\"\r\n\r\ntoken\r\n--b\r\n\(head)\"file\"; filename=\"long.csv\"\r\n\r\n")
      }
      guard place < file.byteCount else {
        defer { place = .max }
        return file.isCut || place == .max ? nil : ByteBuffer(string: "\r\n--b--\r\n")
      }
      let end = Swift.min(file.byteCount, place + LongFile.chunkBytes)
      defer { place = end }
      file.made.add(end - place, ordering: .relaxed)
      return ByteBuffer(bytes: LongFile.bytes(place..<end))
    }
  }
}

/// A text that comes so many bytes at a time.
private struct Chunks: AsyncSequence, Sendable {
  private let parts: [ByteBuffer]

  init(of count: Int, _ text: String) {
    let bytes = Array(text.utf8)
    parts = stride(from: 0, to: bytes.count, by: count).map { start in
      ByteBuffer(bytes: bytes[start..<Swift.min(bytes.count, start + count)])
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(parts: parts[...]) }

  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var parts: ArraySlice<ByteBuffer>

    mutating func next() async -> ByteBuffer? { parts.popFirst() }
  }
}

@Suite("A file that is handed over")
struct DownloadTests {
  @Test(
    "is called what it is called, without what could deceive",
    arguments: [
      ("plain.pdf", "attachment; filename=\"plain.pdf\"; filename*=UTF-8''plain.pdf"),
      ("a\"b\\c/d%.txt", "attachment; filename=\"a_b_c_d_.txt\"; filename*=UTF-8''a_b_c_d_.txt"),
      ("x\u{202E}fdp.exe", "attachment; filename=\"x_fdp.exe\"; filename*=UTF-8''x_fdp.exe"),
      ("a\r\nb\u{0}.txt", "attachment; filename=\"a__b_.txt\"; filename*=UTF-8''a__b_.txt"),
      ("é.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A9.txt"),
    ])
  func named(name: String, disposition: String) {
    let response = Download(name: name, contentType: "text/plain", bytes: Data()).response
    #expect(response.headers[.contentDisposition] == disposition)
  }

  @Test("keeps its own policy, under which nothing runs")
  func policy() {
    var headers = Download(name: "x", contentType: "text/plain", bytes: Data()).response.headers
    SecurityHeaders.standard.apply(to: &headers, nonce: "n", issuer: nil)
    #expect(headers[.contentSecurityPolicy] == "sandbox; default-src 'none'; frame-ancestors 'none'")
    #expect(headers[.xContentTypeOptions] == "nosniff" && headers[.cacheControl] == "no-store")
  }
}

@Suite("A table for spreadsheets")
struct CSVTextTests {
  @Test(
    "takes no words for a formula, and leaves numbers alone",
    arguments: [
      ("plain", "plain"), ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"),
      ("＝1+1", "'＝1+1"), ("\n=1", "\"'\n=1\""),
      ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("-5", "-5"), ("+1.5", "+1.5"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
      ("a\nb", "\"a\nb\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a=b", "a=b"), ("", ""),
    ])
  func harmless(words: String, written: String) {
    var text = CSVText(heads: ["h"])
    text.append([.words(words)])
    #expect(String(decoding: text.bytes, as: UTF8.self) == "h\r\n\(written)\r\n")
  }

  @Test("writes numbers and moments as such")
  func typed() {
    var text = CSVText(heads: ["n", "m", "none"])
    text.append([.number(-5), .moment(Date(timeIntervalSince1970: 0)), .moment(nil)])
    #expect(String(decoding: text.bytes, as: UTF8.self) == "n,m,none\r\n-5,1970-01-01T00:00:00Z,\r\n")
  }

  @Test("says sizes as people read them")
  func sizes() {
    #expect([1, 26, 1_536, 26_214_400].map(byteCount) == ["1 byte", "26 bytes", "1.5 KB", "25 MB"])
  }
}
