// Texts as a mail carries them: ASCII in short lines that people can still read [RFC 2045, 6.7].

/// Writes text as quoted-printable.
enum QuotedPrintable {
  private static let lineLimit = 76

  static func encode(_ text: String) -> String {
    Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }.joined(separator: "\r\n")
  }

  private static func line(_ bytes: ArraySlice<UInt8>) -> String {
    var line = ""
    var column = 0
    for (index, byte) in zip(bytes.indices, bytes) {
      let isLast = index == bytes.endIndex - 1
      let sign = sign(byte, atEnd: isLast)
      // The sign that a line goes on takes a column itself.
      if column + sign.utf8.count > (isLast ? lineLimit : lineLimit - 1) {
        line += "=\r\n"
        column = 0
      }
      line += sign
      column += sign.utf8.count
    }
    return line
  }

  /// A space at the end of a line would be lost on the way.
  private static func sign(_ byte: UInt8, atEnd isLast: Bool) -> String {
    switch byte {
    case UInt8(ascii: " ") where !isLast, UInt8(ascii: "!")...UInt8(ascii: "<"), UInt8(ascii: ">")...UInt8(ascii: "~"):
      String(UnicodeScalar(byte))
    default: "=" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}
