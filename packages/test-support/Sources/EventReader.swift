// What comes over a stream, event by event, for tests.

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
package import Web

/// One event of a stream.
package struct StreamEvent: Sendable {
  package let name: String
  package let text: String

  /// The members of what it carries.
  package func json() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  /// The values of places; a hidden place is absent.
  package func values() throws -> [String: [String: Any]] {
    let members = try json()["values"] as? [String: Any] ?? [:]
    return members.compactMapValues { $0 as? [String: Any] }
  }
}

/// A stream that was not opened.
package struct StreamRefused: Error {
  package let reply: RouterClient.Reply
}

/// Reads the events of one stream.
package final class EventReader {
  private var chunks: AsyncStream<String>.Iterator
  private var buffer = ""

  init(_ chunks: AsyncStream<String>) {
    self.chunks = chunks.makeAsyncIterator()
  }

  /// The next event; `nil` when the stream has ended.
  package func next() async -> StreamEvent? {
    while true {
      if let end = buffer.range(of: "\n\n") {
        let lines = buffer[..<end.lowerBound].split(separator: "\n").map(String.init)
        buffer = String(buffer[end.upperBound...])
        let fields = lines.map { $0.split(separator: ": ", maxSplits: 1).map(String.init) }.filter { $0.count == 2 }
        guard let name = fields.first(where: { $0[0] == "event" })?[1] else { continue }
        return StreamEvent(name: name, text: fields.filter { $0[0] == "data" }.map { $0[1] }.joined(separator: "\n"))
      }
      guard let chunk = await chunks.next() else { return nil }
      buffer += chunk
    }
  }

  /// The next event of that name.
  package func next(_ name: String) async -> StreamEvent? {
    while let event = await next() {
      if event.name == name { return event }
    }
    return nil
  }
}

extension StreamLimits {
  /// As the program's, but that no test waits for the pace.
  package static let unpaced = StreamLimits(pace: .zero)
}

/// Hands on what a stream writes.
struct ChunkWriter: ResponseBodyWriter {
  let chunk: AsyncStream<String>.Continuation

  func write(_ buffer: ByteBuffer) async throws {
    chunk.yield(String(buffer: buffer))
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
