// Files on their way in and out: forms that hold one, downloads, and tables for spreadsheets.

import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import Web

@Suite("A form with a file")
struct MultipartFormTests {
  private static let limit = UploadLimit(fileBytes: 100)

  private func part(_ head: String, _ content: String) -> String {
    "--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(content)\r\n"
  }

  private func read(_ body: String, isCut: Bool = false) throws -> MultipartForm {
    try MultipartForm(Data(body.utf8), boundary: "b", limit: Self.limit, isCut: isCut)
  }

  @Test("gives its fields and its file, whatever bytes and names they have")
  func whole() throws {
    let form = try read(
      "preamble\r\n" + part("name=\"a%22b\"", "one\r\ntwo --b")
        + part("name=\"f\"; filename=\"C:\\x\\é%22.txt\"", "\r\n--")
        + part("name=\"g\"; filename=\"\"", "") + "--b--\r\n")
    #expect(form.fields.map(\.name) == ["a\"b"] && form.fields.map(\.value) == ["one\ntwo --b"])
    #expect(form.files.map(\.name) == ["é\".txt"] && form.files.map(\.bytes) == [Data("\r\n--".utf8)])
  }

  @Test("keeps what was typed when the file is larger than may be")
  func tooLarge() throws {
    let start =
      part("name=\"a\"", "typed") + "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"l\"\r\n\r\n"
    for (form, count) in [
      (try read(start + String(repeating: "x", count: 50), isCut: true), 0),
      (try read(start + String(repeating: "x", count: 101) + "\r\n--b--"), 0),
      (try read(start + String(repeating: "x", count: 100) + "\r\n--b--"), 100),
    ] {
      #expect(form.fields.map(\.value) == ["typed"])
      #expect(form.files.map(\.isTooLarge) == [count == 0] && form.files.map(\.bytes.count) == [count])
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
  func malformed(body: String) {
    #expect(throws: Problem.badRequest) { try read(body) }
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

  @Test("is known by its boundary")
  func boundary() {
    #expect(MultipartForm.boundary(of: "multipart/form-data; boundary=----x7") == "----x7")
    #expect(MultipartForm.boundary(of: "Multipart/Form-Data; boundary=\"a b\"") == "a b")
    #expect(MultipartForm.boundary(of: "application/x-www-form-urlencoded; boundary=b") == nil)
    #expect(MultipartForm.boundary(of: "multipart/form-data") == nil)
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
