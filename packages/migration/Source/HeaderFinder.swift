// Which record names the columns, and which lines around it are no records.

import FoundationEssentials

/// The header among the first rows.
struct HeaderFinder {
  /// The record's number; `nil` when none of the first rows names columns.
  let row: Int?
  /// What stands above it and says something.
  let preamble: [Int]
  /// Key, label and format lines below it.
  let sublabels: [Int]

  static let rowsLooked = 20

  /// Finds it in the first records of a table; `modal` is the usual number of cells.
  static func find(_ rows: [SourceRow], modal: Int) -> HeaderFinder {
    let looked = Array(rows.prefix(rowsLooked))
    let qualifying = looked.indices.filter { qualifies(looked[$0].cells, modal: modal) }
    let chosen = qualifying.first { isAboveRecords($0, looked, among: qualifying) } ?? qualifying.first
    guard let chosen else { return HeaderFinder(row: nil, preamble: [], sublabels: []) }
    return HeaderFinder(
      row: looked[chosen].number,
      preamble: looked[..<chosen].filter { !isBlank($0) }.map(\.number),
      sublabels: sublabels(below: looked[chosen], in: looked[(chosen + 1)...]))
  }

  /// What belongs to a header that a person chose.
  static func chosen(_ number: Int, in rows: [SourceRow]) -> HeaderFinder {
    guard let index = rows.firstIndex(where: { $0.number == number }) else {
      return HeaderFinder(row: number, preamble: [], sublabels: [])
    }
    return HeaderFinder(
      row: number, preamble: rows[..<index].filter { !isBlank($0) }.map(\.number),
      sublabels: sublabels(below: rows[index], in: rows[(index + 1)...].prefix(rowsLooked)))
  }

  /// How many cells the rows usually fill up to.
  static func modal(_ rows: [SourceRow]) -> Int {
    mostFrequent(rows.map { ($0.cells.lastIndex { !ColumnNames.isBlank($0) } ?? -1) + 1 }.filter { $0 > 0 })?.value ?? 0
  }

  /// How many cells most rows have, filled or not.
  static func width(_ rows: [SourceRow]) -> Int {
    let counts = rows.filter { !isBlank($0) }.map(\.cells.count)
    guard let found = mostFrequent(counts), found.times * 2 > counts.count else { return 0 }
    return found.value
  }

  private static func mostFrequent(_ counts: [Int]) -> (value: Int, times: Int)? {
    var times: [Int: Int] = [:]
    for count in counts { times[count, default: 0] += 1 }
    return times.max { ($0.value, $0.key) < ($1.value, $1.key) }.map { ($0.key, $0.value) }
  }

  static func isBlank(_ row: SourceRow) -> Bool { row.cells.allSatisfy(ColumnNames.isBlank) }

  /// At least 60 % of the usual cells filled, 60 % of those distinct, most of them no numbers.
  private static func qualifies(_ cells: [String], modal: Int) -> Bool {
    let filled = cells.map(ColumnNames.collapsed).filter { !$0.isEmpty }
    guard !filled.isEmpty, filled.count * 10 >= modal * 6 else { return false }
    guard Set(filled).count * 10 >= filled.count * 6 else { return false }
    return filled.count(where: isNumeric) * 2 < filled.count
  }

  /// Rows above an empty row are a preamble, unless the records themselves begin there.
  private static func isAboveRecords(_ index: Int, _ rows: [SourceRow], among qualifying: [Int]) -> Bool {
    let below = rows[(index + 1)...]
    guard let gap = below.firstIndex(where: isBlank) else { return true }
    if gap - index > 2 { return true }
    return !qualifying.contains { $0 > gap }
  }

  /// A number, a date, an amount: what names no column.
  static func isNumeric(_ text: String) -> Bool {
    var hasDigit = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": hasDigit = true
      case ".", ",", "-", "+", "/", ":", " ", "%", "(", ")", "€", "$", "£", "'", "T", "Z", "\u{A0}", "\u{202F}":
        continue
      default: return false
      }
    }
    return hasDigit
  }

  private static func sublabels(below header: SourceRow, in rows: ArraySlice<SourceRow>) -> [Int] {
    let names = header.cells.map(plain)
    var found: [Int] = []
    for row in rows.prefix(3) {
      if isBlank(row) || !isSublabel(row.cells, of: names) { break }
      found.append(row.number)
    }
    return found
  }

  /// The names once more in another spelling, or what the columns hold instead of something that they hold.
  private static func isSublabel(_ cells: [String], of names: [String]) -> Bool {
    var filled = 0
    var alike = 0
    var formats = 0
    for (index, cell) in cells.enumerated() where !ColumnNames.isBlank(cell) {
      filled += 1
      let text = plain(cell)
      if index < names.count, !text.isEmpty, text == names[index] { alike += 1 }
      if isFormat(cell) { formats += 1 }
    }
    guard filled >= 2 else { return false }
    return alike * 10 >= filled * 6 || formats * 10 >= filled * 6
  }

  private static func plain(_ text: String) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// `YYYY-MM-DD`, `varchar(64)`, `required`, `-----`, `{"ImportId":"QID1"}`.
  private static func isFormat(_ cell: String) -> Bool {
    let text = ColumnNames.collapsed(cell).lowercased()
    if text.hasPrefix("{\"importid\"") || (text.count >= 2 && text.allSatisfy { $0 == "-" || $0 == "=" }) {
      return true
    }
    let head = text.prefix { $0.isLetter || $0 == "_" }
    if formats.contains(String(head)), head.count == text.count || "( :[".contains(text[head.endIndex]) { return true }
    return text.count >= 4 && text.contains("yy") && text.allSatisfy { "ymdhs:/.- t".contains($0) }
  }

  private static let formats: Set<String> = [
    "string", "text", "varchar", "nvarchar", "char", "date", "datetime", "timestamp", "time", "number", "numeric",
    "integer", "int", "bigint", "decimal", "float", "double", "boolean", "bool", "email", "required", "optional",
    "mandatory", "picklist", "lookup", "uuid", "currency",
  ]
}
