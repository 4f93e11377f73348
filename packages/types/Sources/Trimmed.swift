// Text as it was meant, without the space that came along with it.

extension StringProtocol {
  /// The text without white space and ends of lines at either end [Unicode, White_Space], and without the two signs
  /// that programs put there and nobody sees: the byte order mark and the space of no width.
  public var trimmed: String {
    guard let first = unicodeScalars.firstIndex(where: { !$0.isTrimmed }),
      let last = unicodeScalars.lastIndex(where: { !$0.isTrimmed })
    else { return "" }
    let end = unicodeScalars.index(after: last)
    return first == startIndex && end == endIndex ? String(self) : String(self[first..<end])
  }
}

extension Unicode.Scalar {
  /// Of ASCII the space and the controls from the tab to the carriage return: most text begins and ends with a letter
  /// of it, for which no table has to be asked.
  fileprivate var isTrimmed: Bool {
    guard !isASCII else { return value == 0x20 || (0x09...0x0D).contains(value) }
    return properties.isWhitespace || self == "\u{FEFF}" || self == "\u{200B}"
  }
}

extension String {
  /// The signs that `trimmed` takes away, for what is trimmed where Swift does not reach: in a query.
  public static let trimmedSigns =
    "\u{9}\u{A}\u{B}\u{C}\u{D}\u{20}\u{85}\u{A0}\u{1680}"
    + "\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{200B}"
    + "\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
}
