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

extension String {
  /// The signs that `trimmed` takes away, for what is trimmed where Swift does not reach: in a query.
  public static let trimmedSigns =
    "\u{9}\u{A}\u{B}\u{C}\u{D}\u{20}\u{85}\u{A0}\u{1680}"
    + "\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{200B}"
    + "\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
}
