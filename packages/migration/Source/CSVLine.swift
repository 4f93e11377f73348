// A table as a file for spreadsheets, written a line at a time.

import EthicoTypes

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
