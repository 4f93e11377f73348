// A form whose file is taken as it comes in: the fields before it are read first, and then the file a piece at a time,
// so that one piece of it is in memory, however long it is.

public import FoundationEssentials
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// A file on its way in, behind the fields of its form. It is read once, by whoever handles the form.
public final class ArrivingFile {
  /// The field of the form that it stands in.
  public let field: String
  /// As the sender's machine calls it, without the folders before it. Not trusted.
  public let name: String
  /// How long it is at most, as far as the head of the request says.
  public let announcedBytes: Int?
  private var body: MultipartStream

  init(_ head: MultipartStream.FileHead, announcedBytes: Int?, _ body: MultipartStream) {
    field = head.field
    name = head.name
    self.announcedBytes = announcedBytes
    self.body = body
  }

  /// Takes the file in pieces, each when the one before it has been taken; only the last one may be shorter.
  /// - Throws: `Problem` for a file that is cut off, or far longer than the route takes.
  public func take(inPiecesOf pieceBytes: Int, _ take: (Data) async throws -> Void) async throws {
    var piece = Data()
    while var bytes = try await body.bytes() {
      while let part = bytes.readData(length: min(pieceBytes - piece.count, bytes.readableBytes)), !part.isEmpty {
        piece.append(part)
        guard piece.count == pieceBytes else { continue }
        try await take(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    if !piece.isEmpty { try await take(piece) }
  }

  /// Throws away what nobody took.
  func drain() async {
    await body.drain()
  }
}

extension SubmittedForm {
  /// Reads a form up to its file.
  /// - Throws: `Problem` for one that is no such form, or whose fields are too large.
  static func read(
    _ arrival: Arrival, boundary: String, before limit: UploadLimit
  ) async throws -> (form: SubmittedForm, file: ArrivingFile?) {
    let request = arrival.request
    var body = MultipartStream(request.body, boundary: boundary, readLimit: limit.readBytesInPieces)
    let (fields, head) = try await body.fields()
    let length = request.headers[.contentLength].flatMap { Int($0) }
    return (try SubmittedForm(fields, before: arrival), head.map { ArrivingFile($0, announcedBytes: length, body) })
  }
}
