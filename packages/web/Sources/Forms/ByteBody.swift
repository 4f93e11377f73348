// A body of plain bytes, taken as it comes in: one piece of it is in memory, however long it is.

public import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// Plain bytes that a route takes as its body.
public struct ByteBody: Sendable, Hashable {
  /// Compared letter by letter with the `Content-Type` of the request.
  public let mediaType: String
  /// At most so many in one request.
  public let limit: Int

  /// - Parameter limit: in bytes, of one request.
  public init(mediaType: String, limit: Int) {
    self.mediaType = mediaType
    self.limit = limit
  }
}

extension GuardedContext {
  /// Takes the body of the request in pieces, each when the one before it has been taken. A body that is cut off is
  /// taken as far as it came.
  /// - Parameters:
  ///   - offset: where in the whole these bytes begin.
  ///   - pieceBytes: a piece ends at the next multiple of this, or with the body.
  /// - Throws: `Problem` for another kind of body, or too much of it; what was taken by then stays taken.
  public func takeBytes(
    _ body: ByteBody, from offset: Int, inPiecesOf pieceBytes: Int, _ take: (Data) async throws -> Void
  ) async throws {
    guard header(.contentType) == body.mediaType else { throw Problem.mediaType(body.mediaType) }
    if let length = header(.contentLength).flatMap(Int.init), length > body.limit {
      throw Problem.bytesBeyond(body.limit)
    }
    var chunks = arrival.request.body.makeAsyncIterator()
    var total = 0
    var piece = Data()
    var room = pieceBytes - offset % pieceBytes
    while var chunk = await next(&chunks) {
      total += chunk.readableBytes
      guard total <= body.limit else { throw Problem.bytesBeyond(body.limit) }
      while let part = chunk.readData(length: min(room - piece.count, chunk.readableBytes)), !part.isEmpty {
        piece.append(part)
        guard piece.count == room else { continue }
        try await take(piece)
        piece.removeAll(keepingCapacity: true)
        room = pieceBytes
      }
    }
    if !piece.isEmpty { try await take(piece) }
  }

  /// What came next; `nil` at the end, and where the sender went away or became too slow.
  private func next(_ chunks: inout RequestBody.AsyncIterator) async -> ByteBuffer? {
    do {
      return try await chunks.next()
    } catch {
      // What came until then is as good as ever, and who still listens is told how far that is.
      return nil
    }
  }
}

extension Problem {
  static func mediaType(_ wanted: String) -> Problem {
    Problem(
      .unsupportedMediaType, "media_type", "This address takes \(wanted) and nothing else.", "Nothing was changed.")
  }

  static func bytesBeyond(_ limit: Int) -> Problem {
    Problem(
      .contentTooLarge, "too_large", "One request brings at most \(grouped(limit)) bytes.",
      "What came in whole pieces before that was kept: ask how far it is, and go on from there.")
  }
}
