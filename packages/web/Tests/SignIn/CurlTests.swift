// libcurl against a server on loopback: what it asks, and what it will not take.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import Web

@Suite("Outgoing requests")
struct CurlTests {
  @Test("carry a form and headers, and bring back the answer as it is")
  func form() async throws {
    try await withServer { origin in
      let answer = try await HTTPFetch.curl.send(
        OutgoingRequest(.post(form: "a=1&b=%20"), origin + "/echo", headers: ["Authorization": "Basic eA=="]))
      #expect(answer.status == 201)
      #expect(
        String(decoding: answer.body, as: UTF8.self)
          == "POST application/x-www-form-urlencoded Basic eA== a=1&b=%20")
    }
  }

  @Test("follow no redirect")
  func redirect() async throws {
    try await withServer { origin in
      let answer = try await HTTPFetch.curl.send(OutgoingRequest(.get, origin + "/away"))
      #expect(answer.status == 302)
    }
  }

  @Test("take at most 1 MiB")
  func limit() async throws {
    try await withServer { origin in
      let answer = try await HTTPFetch.curl.send(OutgoingRequest(.get, origin + "/bytes/1048576"))
      #expect(answer.body.count == 1 << 20)
      await #expect(throws: CurlFailure.self) {
        try await HTTPFetch.curl.send(OutgoingRequest(.get, origin + "/bytes/1048577"))
      }
    }
  }

  @Test("go nowhere without encryption but to loopback, and fail where nobody listens")
  func refused() async throws {
    for url in ["http://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.1:1/", ""] {
      await #expect(throws: CurlFailure.self) { try await HTTPFetch.curl.send(OutgoingRequest(.get, url)) }
    }
  }

  private func withServer(_ test: @escaping @Sendable (String) async throws -> Void) async throws {
    let router = Router()
    router.post("echo") { request, _ in
      let body = try await request.body.collect(upTo: 1024)
      let parts = [request.method.rawValue, request.headers[.contentType] ?? "", request.headers[.authorization] ?? ""]
      return Response(
        status: .created,
        body: ResponseBody(byteBuffer: ByteBuffer(string: (parts + [String(buffer: body)]).joined(separator: " "))))
    }
    router.get("away") { _, _ in Response(status: .found, headers: [.location: "/bytes/1"]) }
    router.get("bytes/{count}") { _, context in
      let count = try context.parameters.require("count", as: Int.self)
      return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0x61, count: count)))
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
}
