// A file that an answer hands over: to be kept on the person's machine, never to be shown within our pages.

import EthicoTypes
public import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// A file and what it is called.
public struct Download: Sendable {
  /// What the person's machine calls it; characters that could mislead it or the eye are sent as `_`.
  public let name: String
  /// As `text/csv; charset=utf-8`.
  public let contentType: String
  private let body: ResponseBody

  /// A file that is held in memory whole.
  public init(name: String, contentType: String, bytes: Data) {
    self.name = name
    self.contentType = contentType
    body = ResponseBody(byteBuffer: ByteBuffer(data: bytes))
  }

  /// A file that is not in memory: it is read piece by piece while it is sent.
  /// - Parameter read: gives the bytes from an offset on, no more than so many.
  public init(
    name: String, contentType: String, byteCount: Int,
    read: @escaping @Sendable (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) {
    self.name = name
    self.contentType = contentType
    body = ResponseBody(contentLength: byteCount) { writer in
      for offset in stride(from: 0, to: byteCount, by: Self.pieceBytes) {
        try await writer.write(ByteBuffer(bytes: try read(offset, min(Self.pieceBytes, byteCount - offset))))
      }
      try await writer.finish(nil)
    }
  }

  private init(_ file: Download, body: ResponseBody) {
    name = file.name
    contentType = file.contentType
    self.body = body
  }

  /// The same file, which keeps the place until it has been sent or nobody wants it any more.
  func holding(_ place: DownloadPlaces.Place) -> Download {
    let body = body
    return Download(
      self,
      body: ResponseBody(contentLength: body.contentLength) { writer in
        try await body.write(writer)
        withExtendedLifetime(place) {}
      })
  }

  /// So much of a file is in memory at a time.
  private static let pieceBytes = 262_144

  var response: Response {
    Response(
      status: .ok,
      headers: [
        .contentType: contentType, .contentDisposition: disposition, .contentSecurityPolicy: SecurityHeaders.sandbox,
      ], body: body)
  }

  /// Says twice what the file is called [RFC 6266, 4.3]: in ASCII, and whole. Without characters that mean something to
  /// a file system, or that turn the text around them: `gpj.exe` must not look like `exe.jpg`.
  private var disposition: String {
    let safe = String(
      String.UnicodeScalarView(name.unicodeScalars.map { Self.isSafe($0) ? $0 : "_" as Unicode.Scalar }))
    let ascii = String(String.UnicodeScalarView(safe.unicodeScalars.map { $0.isASCII ? $0 : "_" as Unicode.Scalar }))
    let whole = PercentCoding.encode(safe, keeping: Self.isExtended)
    return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(whole)"
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: !"\"*/:<>?\\|%".unicodeScalars.contains(scalar)
    }
  }

  /// Whether a byte stands as itself in an extended value [RFC 8187, 3.2.1].
  private static func isExtended(_ byte: UInt8) -> Bool {
    let scalar = Unicode.Scalar(byte)
    return scalar.properties.isAlphabetic && scalar.isASCII || "0123456789!#$&+-.^_`|~".utf8.contains(byte)
  }
}
