// A language model behind an address, over libcurl against a server on loopback.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import Web

@Suite("A language model over HTTP")
struct ChatModelTests {
  @Test("is asked in one request, with a key, and answers with what it says")
  func answer() async throws {
    try await withServer { origin in
      let model = try #require(ChatModel(url: origin + "/echo", model: "small", key: "s3cret", fetch: .curl))
      let said = try await model.answer(to: "Which is “it”?\n", instruction: "Answer.")
      #expect(
        said == """
          POST application/json Bearer s3cret {"messages":[{"content":"Answer.","role":"system"},\
          {"content":"Which is “it”?\\n","role":"user"}],"model":"small","response_format":{"type":"json_object"},\
          "temperature":0}
          """)
    }
  }

  @Test(
    "has no answer where the server has another status, leads elsewhere, or says something else",
    arguments: [
      ("/fault", ChatFailure.status(500)), ("/away", .status(302)), ("/words", .unreadable), ("/none", .unreadable),
    ])
  func failure(path: String, failure: ChatFailure) async throws {
    try await withServer { origin in
      let model = try #require(ChatModel(url: origin + path, model: "small", key: nil, fetch: .curl))
      await #expect(throws: failure) { try await model.answer(to: "?", instruction: "!") }
    }
  }

  @Test("is not heard beyond 1 MiB")
  func length() async throws {
    try await withServer { origin in
      let model = try #require(ChatModel(url: origin + "/long", model: "small", key: nil, fetch: .curl))
      await #expect(throws: CurlFailure.self) { try await model.answer(to: "?", instruction: "!") }
    }
  }

  @Test("is nowhere without encryption but on loopback, and its key is a token")
  func addresses() {
    for url in ["http://models.example.com/v1/chat/completions", "ftp://127.0.0.1/", "models.example.com", ""] {
      #expect(ChatModel(url: url, model: "small", key: nil, fetch: .curl) == nil, "\(url)")
    }
    #expect(ChatModel(url: "https://models.example.com/v1", model: "small", key: "a b\r\nX: y", fetch: .curl) == nil)
    #expect(ChatModel(url: "https://models.example.com/v1", model: "small", key: nil, fetch: .curl) != nil)
  }

  private func withServer(_ test: @escaping @Sendable (String) async throws -> Void) async throws {
    let router = Router()
    router.post("echo") { request, _ in
      let body = try await request.body.collect(upTo: 4096)
      let parts = [request.method.rawValue, request.headers[.contentType] ?? "", request.headers[.authorization] ?? ""]
      let said = (parts + [String(buffer: body)]).joined(separator: " ")
      let quoted = said.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return Self.json(
        "{\"id\":1,\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\(quoted)\"}}]}")
    }
    router.post("fault") { _, _ in Response(status: .internalServerError) }
    router.post("away") { _, _ in Response(status: .found, headers: [.location: "/echo"]) }
    router.post("words") { _, _ in Self.json("It is the first one.") }
    router.post("none") { _, _ in Self.json(#"{"choices":[]}"#) }
    router.post("long") { _, _ in
      Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0x20, count: (1 << 20) + 1)))
    }
    let (ports, started) = AsyncStream<Int>.makeStream()
    let server = Application(
      router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { started.yield($0.localAddress?.port ?? 0) },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      for await port in ports.prefix(1) { try await test("http://127.0.0.1:\(port)") }
      group.cancelAll()
    }
  }

  private static func json(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(string: text))
    )
  }
}
