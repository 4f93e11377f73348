// What a spreadsheet program would run as a formula, made a text again [OWASP ASVS 5.0, 1.2.10].

/// Texts on their way into a CSV or a workbook of ours, and back.
package enum SpreadsheetText {
  /// With one apostrophe in front where a program could take the text for a formula.
  package static func guarded(_ text: String) -> String { needsGuard(text) ? "'" + text : text }

  /// What was guarded, as it was. Only for files of our own: others mean their apostrophes.
  package static func unguarded(_ text: String) -> String {
    guard text.unicodeScalars.first == "'" else { return text }
    let rest = String(text.unicodeScalars.dropFirst())
    return needsGuard(rest) ? rest : text
  }

  /// Apostrophes, then a sign that begins a formula; a plain number begins none.
  static func needsGuard(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }) else { return false }
    switch first {
    case "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠": return !isPlainNumber(text)
    default: return false
    }
  }

  /// A sign, digits, and points or commas between digits.
  private static func isPlainNumber(_ text: String) -> Bool {
    var hasDigit = false
    var isAfterDigit = false
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case 48...57:
        hasDigit = true
        isAfterDigit = true
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        guard index == 0 else { return false }
      case UInt8(ascii: "."), UInt8(ascii: ","):
        guard isAfterDigit else { return false }
        isAfterDigit = false
      default: return false
      }
    }
    return hasDigit && isAfterDigit
  }
}

/// Lines of CSV [RFC 4180] that no program runs.
package enum CSVLine {
  /// What a file begins with, so that Excel reads it as UTF-8.
  package static let byteOrderMark = "\u{FEFF}"

  /// The cells as one line, ended.
  package static func of(_ cells: [String], delimiter: Character = ",") -> String {
    cells.map { quoted(SpreadsheetText.guarded($0), delimiter) }.joined(separator: String(delimiter)) + "\r\n"
  }

  private static func quoted(_ text: String, _ delimiter: Character) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0 != "\"" && $0 != "\n" && $0 != "\r" && Character($0) != delimiter
    }
    let isTrimmed = text.first?.isWhitespace != true && text.last?.isWhitespace != true
    return isPlain && isTrimmed ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
