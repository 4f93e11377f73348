// An address of ours. Only a path can stand in `href`, `src` and `action`, so no text from a client ever becomes a
// link.

/// A path on this host, its segments and query percent-encoded.
public struct Path: Hashable, Sendable, CustomStringConvertible {
  private var segments: String
  private var query: String

  /// A path known when the program is compiled, as `"/tenants"`.
  public init(_ literal: StaticString) {
    segments = literal.description
    query = ""
  }

  /// Reads a path that came from outside: absolute, on this host, without control characters, backslashes or fragment;
  /// else `nil`.
  public init?(local text: String) {
    let refused = "\\\"#".utf8
    let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !refused.contains($0) }
    guard text.hasPrefix("/"), !text.hasPrefix("//"), allowed, text.utf8.count <= 2048 else { return nil }
    let start = text.firstIndex(of: "?") ?? text.endIndex
    segments = String(text[..<start])
    query = String(text[start...])
  }

  /// One more segment; whatever it holds stays one segment. A browser would walk up at `..`, even encoded, so dots
  /// alone are encoded twice: a segment that names nothing.
  public func appending(_ segment: some CustomStringConvertible) -> Path {
    let text = segment.description
    var path = folder
    path.segments += text == "." || text == ".." ? text.replacing(".", with: "%252E") : Self.encode(text)
    return path
  }

  /// The same path with a last slash.
  public var folder: Path {
    var path = self
    if !path.segments.hasSuffix("/") { path.segments += "/" }
    return path
  }

  /// One more parameter of the query.
  public func query(_ name: StaticString, _ value: some CustomStringConvertible) -> Path {
    query([(name.description, value.description)])
  }

  /// More parameters of the query, in order.
  public func query(_ parameters: [(name: String, value: String)]) -> Path {
    var path = self
    for (name, value) in parameters {
      path.query += (path.query.isEmpty ? "?" : "&") + Self.encode(name) + "=" + Self.encode(value)
    }
    return path
  }

  /// The path with its query, as it stands in an address.
  public var description: String { segments + query }

  /// Percent-encodes all but the unreserved characters [RFC 3986, 2.3]: `PercentCoding`, which this module may not
  /// know.
  private static func encode(_ text: String) -> String {
    // Most segments are slugs and ids, which stay as they are.
    if text.utf8.allSatisfy(isUnreserved) { return text }
    var encoded = ""
    for byte in text.utf8 {
      if isUnreserved(byte) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return encoded
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension Path: ExpressibleByStringLiteral {
  /// A literal in a place for a path: `.href("/tenants")`.
  public init(stringLiteral literal: StaticString) {
    self.init(literal)
  }
}
