// One static file, as it is served.

import FoundationEssentials
import NIOCore

/// The bytes of a static file, plain and gzipped.
public struct Asset: Sendable {
  let contentType: String
  let plain: ByteBuffer
  /// `nil` where gzip makes nothing smaller, as with pictures and fonts.
  let gzipped: ByteBuffer?

  /// Reads nothing: the bytes come from `Assets`. `nil` for a name that we do not serve.
  init?(name: String, bytes: Data) {
    guard let contentType = Self.contentType(of: name) else { return nil }
    self.contentType = contentType
    plain = ByteBuffer(bytes: bytes)
    gzipped = Gzip.compress(bytes).flatMap { $0.count < bytes.count ? ByteBuffer(bytes: $0) : nil }
  }

  private static func contentType(of name: String) -> String? {
    switch name.split(separator: ".").last {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "webp": "image/webp"
    case "ico": "image/vnd.microsoft.icon"
    case "woff2": "font/woff2"
    default: nil
    }
  }
}
