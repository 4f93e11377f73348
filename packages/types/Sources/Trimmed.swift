// Text as it was meant, without the space that came along with it.

extension StringProtocol {
  /// The text without white space and ends of lines at either end [Unicode, White_Space], and without the two signs
  /// that programs put there and nobody sees: the byte order mark and the space of no width.
  public var trimmed: String {
    let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200B}" }
    guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
      let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    let end = unicodeScalars.index(after: last)
    return first == startIndex && end == endIndex ? String(self) : String(self[first..<end])
  }
}
