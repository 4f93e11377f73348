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
    case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": return !isPlainNumber(text)
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
