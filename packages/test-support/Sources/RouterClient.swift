// A browser within the process: keeps cookies, fills hidden fields, and knows no network.

package import Access
import Foundation
package import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
package import OpsConsole
package import Print
package import Web

/// Talks to the console's routes as a browser or a program would.
package final class RouterClient {
  /// What came back.
  package struct Reply: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let body: String
    /// The same as it came, for files.
    package let bytes: [UInt8]

    package var location: String? { headers[.location] }

    /// The status with where it leads or what its problem is called: `303 /sign-in`, `401 sign_in`.
    package var gist: String {
      get throws {
        // The answer to HEAD has a problem's head without its words.
        let isProblem = headers[.contentType] == "application/problem+json" && !bytes.isEmpty
        let code = isProblem ? try code() : nil
        let place = location?.split(separator: "?").first.map(String.init)
        return ([String(status)] + [place, code].compactMap(\.self)).joined(separator: " ")
      }
    }

    /// The word that names a problem.
    package func code() throws -> String? {
      try json()["code"] as? String
    }

    /// The members of a JSON answer.
    package func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
    }
  }

  package let testDatabase: TestDatabase
  package let console: Console
  private let respond: @Sendable (Request, ConsoleContext) async throws -> Response
  private var cookies: [String: String] = [:]
  package private(set) var csrf = ""
  private let origin: String

  package init(
    _ testDatabase: TestDatabase, mode: WebSettings.Mode = .demo, limits: RateLimits = .standard,
    streams: StreamLimits = .unpaced, provider: OIDCProvider? = nil, program: [ProgramSetting] = [],
    printer: Printer = .ofThisBuild
  ) throws {
    self.testDatabase = testDatabase
    origin = "http://127.0.0.1:8400"
    let console = try Self.console(testDatabase, origin: origin, mode: mode, limits: limits, streams: streams)
    self.console = console
    let routes = OpsConsole.routes(console, provider: provider, program: program, printer: printer)
    let gate = Gate(console: console, inner: routes.responder())
    respond = { try await gate.respond(to: $0, context: $1) }
  }

  /// A console over the test database.
  package static func console(
    _ testDatabase: TestDatabase, origin: String = "http://127.0.0.1:8400", mode: WebSettings.Mode = .demo,
    limits: RateLimits = .standard, streams: StreamLimits = .unpaced
  ) throws -> Console {
    let loopback = ["127.0.0.0/8"].compactMap { CIDR($0) }
    let settings = WebSettings(
      origin: origin,
      guardian: NetworkGuard(vpn: loopback, trustedProxies: [], hosts: ["127.0.0.1:8400", "localhost:8400"]),
      sessionKey: Array(repeating: 7, count: 32),
      ticketKeys: try TicketKeys(parsing: "z1:0123456789abcdef0123456789abcdef"), mode: mode, issuerOrigin: nil,
      limits: limits, streams: streams)
    return Console(
      ledger: testDatabase.ledger, settings: settings,
      assets: try Assets(directory: Repository.root + "/apps/ops-console/Public"), chrome: OpsConsole.chrome,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Another browser on the same console.
  package func another() throws -> RouterClient {
    try RouterClient(testDatabase)
  }

  /// This browser as it is now: what the other one does from here on leaves its cookies alone.
  package func copy() throws -> RouterClient {
    let copy = try another()
    copy.cookies = cookies
    copy.csrf = csrf
    return copy
  }

  /// Signs in by the demo's button.
  package func signIn(_ email: String) async throws {
    let reply = try await post("/demo/sign-in", ["staff": email], accept: "application/json")
    csrf = try reply.json()["csrf"] as? String ?? ""
  }

  package func get(_ path: String, accept: String = "text/html", headers: HTTPFields = [:]) async throws -> Reply {
    try await send(.get, path, body: nil, accept: accept, headers: headers)
  }

  /// The JSON face of a page.
  package func json(_ path: String) async throws -> [String: Any] {
    try await get(path, accept: "application/json").json()
  }

  /// Sends a form, with this session's token unless another one is given.
  package func post(
    _ path: String, _ fields: KeyValuePairs<String, String> = [:], accept: String = "text/html",
    headers: HTTPFields = [:]
  ) async throws -> Reply {
    try await post(path, list: fields.map { ($0.key, $0.value) }, accept: accept, headers: headers)
  }

  /// The same for fields that a test puts together.
  package func post(
    _ path: String, list fields: [(String, String)], accept: String = "text/html", headers: HTTPFields = [:]
  ) async throws -> Reply {
    var pairs = fields
    if !pairs.contains(where: { $0.0 == "_csrf" }) { pairs.append(("_csrf", csrf)) }
    let body = pairs.map { Self.encode($0.0) + "=" + Self.encode($0.1) }.joined(separator: "&")
    return try await send(.post, path, body: body, accept: accept, headers: headers)
  }

  /// Sends a form with a file in it, as a browser does.
  package func upload(
    _ path: String, _ fields: KeyValuePairs<String, String> = [:], file: (name: String, bytes: [UInt8]),
    accept: String = "text/html", csrf: String? = nil
  ) async throws -> Reply {
    let pairs = fields.map { ($0.key, $0.value) } + [("_csrf", csrf ?? self.csrf)]
    return try await upload(path, list: pairs, file: file, accept: accept)
  }

  /// The same for fields that a test puts together or finds in a form, the token among them.
  package func upload(
    _ path: String, list fields: [(String, String)], file: (name: String, bytes: [UInt8]),
    accept: String = "text/html"
  ) async throws -> Reply {
    let boundary = "----test-boundary-7MA4YWxk"
    var body = ByteBuffer()
    for (name, value) in fields {
      body.writeString(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
    }
    body.writeString(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n")
    body.writeBytes(file.bytes)
    body.writeString("\r\n--\(boundary)--\r\n")
    return try await send(
      .post, path, bytes: body, accept: accept,
      headers: [.contentType: "multipart/form-data; boundary=\(boundary)"])
  }

  /// Sends whatever text a test wants to try.
  package func send(
    _ method: HTTPRequest.Method, _ path: String, body: String?, accept: String = "text/html", headers: HTTPFields = [:]
  ) async throws -> Reply {
    try await send(method, path, bytes: body.map { ByteBuffer(string: $0) }, accept: accept, headers: headers)
  }

  /// Sends bytes as they are.
  package func send(
    _ method: HTTPRequest.Method, _ path: String, raw bytes: [UInt8]?, accept: String = "text/html",
    headers: HTTPFields
  ) async throws -> Reply {
    try await send(method, path, bytes: bytes.map { ByteBuffer(bytes: $0) }, accept: accept, headers: headers)
  }

  private func send(
    _ method: HTTPRequest.Method, _ path: String, bytes body: ByteBuffer?, accept: String, headers: HTTPFields
  ) async throws -> Reply {
    let response = try await answer(method, path, bytes: body, accept: accept, headers: headers)
    return try await read(response)
  }

  private func read(_ response: Response) async throws -> Reply {
    let collected = Collector()
    try await response.body.write(collected)
    return Reply(status: response.status.code, headers: response.headers, body: collected.text, bytes: collected.bytes)
  }

  /// Opens a stream for as long as `body` runs.
  /// - Throws: `StreamRefused` when it is not opened.
  package func stream<Result: Sendable>(
    _ path: String, _ body: (EventReader) async throws -> Result
  ) async throws -> Result {
    let response = try await answer(.get, path, bytes: nil, accept: "text/event-stream", headers: [:])
    guard response.status == .ok else { throw StreamRefused(reply: try await read(response)) }
    let (chunks, chunk) = AsyncStream.makeStream(of: String.self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { chunk.finish() }
        try await response.body.write(ChunkWriter(chunk: chunk))
      }
      defer { group.cancelAll() }
      return try await body(EventReader(chunks))
    }
  }

  private func answer(
    _ method: HTTPRequest.Method, _ path: String, bytes body: ByteBuffer?, accept: String, headers: HTTPFields
  ) async throws -> Response {
    var fields = headers
    if fields[.accept] == nil { fields[.accept] = accept }
    if !cookies.isEmpty, fields[.cookie] == nil {
      fields[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
    if body != nil {
      if fields[.contentType] == nil { fields[.contentType] = "application/x-www-form-urlencoded" }
      if fields[.secFetchSite] == nil { fields[.secFetchSite] = "same-origin" }
    }
    let head = HTTPRequest(
      method: method, scheme: "http", authority: "127.0.0.1:8400", path: path, headerFields: fields)
    let request = Request(head: head, body: RequestBody(buffer: body ?? ByteBuffer()))
    let source = ApplicationRequestContextSource(
      channel: EmbeddedChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let response = try await respond(request, ConsoleContext(source: source, peer: "127.0.0.1"))
    keepCookies(response.headers)
    return response
  }

  private func keepCookies(_ headers: HTTPFields) {
    for value in headers[values: .setCookie] {
      let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { continue }
      cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
    }
  }

  private static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }
}

extension HTTPField.Name {
  /// Where a request was sent from, as a browser says it.
  package static let secFetchSite = known("Sec-Fetch-Site")
  /// The token of a request that is no form.
  package static let opsCSRF = known("Ops-Csrf")
}

/// Keeps what a response writes.
private final class Collector: ResponseBodyWriter {
  private var buffer = ByteBuffer()

  var text: String { String(buffer: buffer) }
  var bytes: [UInt8] { Array(buffer.readableBytesView) }

  func write(_ buffer: ByteBuffer) async throws {
    self.buffer.writeImmutableBuffer(buffer)
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
