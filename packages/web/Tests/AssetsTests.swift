// Static files: found by their own address only.

import Foundation
import HTTPTypes
import Hummingbird
import Markup
import NIOCore
import Testing

@testable import Web

@Suite("Static files")
struct AssetsTests {
  private let css = Data(String(repeating: ".badge { color: red }\n", count: 200).utf8)
  private let assets: Assets

  init() throws {
    assets = try Assets(files: [
      "css/console.css": css, "js/console.js": Data("import './dom.js'\n".utf8),
      "icons/favicon.svg": Data("<svg/>".utf8),
    ])
  }

  @Test("have an address that changes with any file")
  func address() throws {
    let path = assets.path("css/console.css").description
    let parts = path.split(separator: "/")
    #expect(parts.count == 4)
    #expect(parts[1].count == 12)
    #expect(path.hasSuffix("/css/console.css"))
    let other = try Assets(files: ["css/console.css": css, "js/console.js": Data()])
    #expect(other.path("css/console.css") != assets.path("css/console.css"))
    let renamed = try Assets(files: ["css/consol.ecss.css": css, "js/console.js": Data()])
    #expect(renamed.path("x.css") != other.path("x.css"))
  }

  @Test("are served for ever")
  func served() throws {
    let response = try #require(answer(assets.path("css/console.css").description))
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "text/css; charset=utf-8")
    #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
    #expect(response.headers[.xContentTypeOptions] == "nosniff")
    #expect(response.headers[.vary] == "Accept-Encoding")
    #expect(response.headers[.contentEncoding] == nil)
    #expect(response.body.contentLength == css.count)
  }

  @Test("are gzipped for who takes it", arguments: ["gzip", "br, gzip", "deflate, GZIP;q=0.5", "gzip ; q=1"])
  func gzipped(_ accept: String) throws {
    let response = try #require(answer(assets.path("css/console.css").description, [.acceptEncoding: accept]))
    #expect(response.headers[.contentEncoding] == "gzip")
    #expect((response.body.contentLength ?? .max) < css.count / 4)
    let asset = try #require(assets.find(hash: hash, path: "css/console.css"))
    #expect(asset.gzipped?.getBytes(at: 0, length: 4) == [0x1F, 0x8B, 8, 0])
  }

  @Test("are plain for who does not", arguments: ["", "br", "gzip;q=0", "gzip;q=0.0", "xgzip", "identity"])
  func plain(_ accept: String) throws {
    let response = try #require(answer(assets.path("css/console.css").description, [.acceptEncoding: accept]))
    #expect(response.headers[.contentEncoding] == nil)
    #expect(response.headers[.vary] == "Accept-Encoding")
  }

  @Test("of a few bytes are not gzipped")
  func small() throws {
    let response = try #require(answer(assets.path("icons/favicon.svg").description, [.acceptEncoding: "gzip"]))
    #expect(response.headers[.contentEncoding] == nil)
    #expect(response.headers[.vary] == nil)
  }

  @Test(
    "cannot be walked out of",
    arguments: [
      "../css/console.css", "css/../css/console.css", "css/./console.css", "css//console.css", "/css/console.css",
      "css/console.css/", "css%2Fconsole.css", "css/console%2Ecss", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd",
      "css\\console.css", "css/console.css%00", "CSS/console.css", "css", "", "etc/passwd", "css/other.css",
    ])
  func traversal(_ path: String) throws {
    let response = try #require(answer("/assets/\(hash)/\(path)"))
    #expect(response.status == .notFound)
    #expect(response.headers[.cacheControl] == "no-store")
  }

  @Test("of another tree are not found", arguments: ["000000000000", "", "..", "latest"])
  func otherTree(_ hash: String) throws {
    #expect(try #require(answer("/assets/\(hash)/css/console.css")).status == .notFound)
  }

  @Test(
    "are nobody's business but under their own address", arguments: ["/", "/assetsx/a", "/t/assets/x", "//assets/x"])
  func elsewhere(_ path: String) {
    #expect(answer(path) == nil)
  }

  @Test("are only read")
  func methods() throws {
    let path = assets.path("css/console.css").description
    #expect(try #require(answer(path, method: .post)).status == .methodNotAllowed)
    let (get, head) = (try #require(answer(path)), try #require(answer(path, method: .head)))
    #expect(head.status == .ok && head.body.contentLength == 0)
    #expect(get.headers[.contentLength] == String(css.count) && head.headers == get.headers)
  }

  @Test("that could not be served are refused at the start")
  func refused() {
    #expect(throws: AssetsError.unknownKind("a.txt")) { try Assets(files: ["a.txt": Data()]) }
    #expect(throws: AssetsError.unknownKind("css/A b.css")) { try Assets(files: ["css/A b.css": Data()]) }
    #expect(throws: AssetsError.tooLarge("a.css")) { try Assets(files: ["a.css": Data(count: 2 << 20 | 1)]) }
    #expect(throws: AssetsError.missing("/nowhere/")) { try Assets(directory: "/nowhere") }
  }

  @Test("are read from a folder, but no link out of it")
  func folder() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("assets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root.appendingPathComponent("css"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try css.write(to: root.appendingPathComponent("css/console.css"))
    try Data().write(to: root.appendingPathComponent(".hidden"))
    let read = try Assets(directory: root.path)
    #expect(read.path("css/console.css") == (try Assets(files: ["css/console.css": css])).path("css/console.css"))
    try FileManager.default.createSymbolicLink(
      atPath: root.path + "/secret.css", withDestinationPath: "/etc/passwd")
    #expect(throws: AssetsError.unknownKind("secret.css")) { try Assets(directory: root.path) }
  }

  private var hash: String {
    String(assets.path("a.css").description.split(separator: "/")[1])
  }

  private func answer(
    _ path: String, _ headers: HTTPFields = [:], method: HTTPRequest.Method = .get
  ) -> Response? {
    let head = HTTPRequest(method: method, scheme: "http", authority: "ops.example", path: path, headerFields: headers)
    return assets.respond(to: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
  }
}
