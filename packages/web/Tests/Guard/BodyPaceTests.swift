// How slowly a body may come, on a connection whose time the tests move.

import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Web

@Suite("The body of a request")
struct BodyPaceTests {
  /// A connection that waits twenty seconds for each hundred bytes.
  private func connection() -> EmbeddedChannel {
    EmbeddedChannel(handler: BodyPace(stretchBytes: 100, patience: .seconds(20)))
  }

  private func begin(on connection: EmbeddedChannel) throws {
    let head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1", path: "/")
    try connection.writeInbound(HTTPRequestPart.head(head))
  }

  /// What comes after so many seconds; more is asked for at once.
  private func bring(_ byteCount: Int, after seconds: Int64, on connection: EmbeddedChannel) throws {
    connection.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    try connection.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0x61, count: byteCount)))
    connection.read()
  }

  private func close(_ connection: EmbeddedChannel) {
    _ = try? connection.finish(acceptAlreadyClosed: true)
  }

  @Test("is given up where it drips, however short each silence is, and its connection ends behind the answer")
  func drips() throws {
    let connection = connection()
    defer { close(connection) }
    try begin(on: connection)
    connection.read()
    for _ in 1..<20 { try bring(1, after: 1, on: connection) }
    connection.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(throws: Problem.tooSlow) { try connection.throwIfErrorCaught() }
    try connection.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .requestTimeout)))
    guard case .head(let head)? = try connection.readOutbound(as: HTTPResponsePart.self) else {
      Issue.record("There is no answer.")
      return
    }
    #expect(head.headerFields[.connection] == "close")
  }

  @Test("may take as long as it wants where each stretch comes in time")
  func steady() throws {
    let connection = connection()
    defer { close(connection) }
    try begin(on: connection)
    connection.read()
    for _ in 1...100 { try bring(100, after: 19, on: connection) }
    try connection.writeInbound(HTTPRequestPart.end(nil))
    connection.read()
    connection.embeddedEventLoop.advanceTime(by: .hours(1))
    try connection.throwIfErrorCaught()
    try connection.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
    guard case .head(let head)? = try connection.readOutbound(as: HTTPResponsePart.self) else {
      Issue.record("There is no answer.")
      return
    }
    #expect(head.headerFields[.connection] == nil)
  }

  @Test("is not blamed for the time in which nobody reads, nor a connection for having no request")
  func unread() throws {
    let connection = connection()
    defer { close(connection) }
    connection.read()
    connection.embeddedEventLoop.advanceTime(by: .hours(1))
    try begin(on: connection)
    connection.embeddedEventLoop.advanceTime(by: .hours(1))
    try connection.throwIfErrorCaught()
    connection.read()
    connection.embeddedEventLoop.advanceTime(by: .seconds(19))
    try connection.throwIfErrorCaught()
    connection.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(throws: Problem.tooSlow) { try connection.throwIfErrorCaught() }
  }

  @Test("that came too slowly is told as such, whatever form it is")
  func told() async throws {
    let body = RequestBody(asyncSequence: SlowBody())
    let head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1", path: "/")
    await #expect(throws: Problem.tooSlow) {
      try await SubmittedForm.read(Request(head: head, body: body), limit: 1_000)
    }
    await #expect(throws: Problem.tooSlow) {
      try await MultipartForm.read(body, boundary: "b", limit: UploadLimit(fileBytes: 1_000))
    }
  }
}

/// The beginning of a form that is given up.
private struct SlowBody: AsyncSequence, Sendable {
  func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }

  struct AsyncIterator: AsyncIteratorProtocol {
    private var hasBegun = false

    mutating func next() async throws -> ByteBuffer? {
      guard !hasBegun else { throw Problem.tooSlow }
      hasBegun = true
      return ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx")
    }
  }
}
