// A table as a file for spreadsheets [RFC 4180], which must not take a client's words for a formula.

import EthicoTypes
public import FoundationEssentials

/// Rows of cells, written one after the other.
public struct CSVText: Sendable {
  private var text = ""

  /// A cell: words, or what a spreadsheet may reckon with.
  public enum Cell: Sendable {
    case words(String?)
    case number(Int)
    case moment(Date?)
  }

  /// Begins with a row of headings, guarded and quoted as any other words.
  public init(heads: [String]) {
    append(heads.map { .words($0) })
  }

  /// One more row.
  public mutating func append(_ row: [Cell]) {
    text += row.map(Self.written).joined(separator: ",") + "\r\n"
  }

  /// The file, in UTF-8.
  public var bytes: Data { Data(text.utf8) }

  private static func written(_ cell: Cell) -> String {
    switch cell {
    case .number(let number): String(number)
    case .moment(let date): date.map { $0.formatted(.iso8601) } ?? ""
    case .words(let words): quoted(SpreadsheetText.guarded(words ?? ""))
    }
  }

  private static func quoted(_ words: String) -> String {
    guard words.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return words }
    return "\"" + words.replacing("\"", with: "\"\"") + "\""
  }
}
