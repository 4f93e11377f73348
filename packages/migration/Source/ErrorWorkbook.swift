// The rows that could not be taken, for somebody to correct and upload again.

/// What is said about one cell of a row, or about the row.
package struct RowProblem: Sendable {
  /// The column from 0, or `nil` for the row.
  package let column: Int?
  package let level: CellProblem.Level
  package let code: String
  package let text: String
  /// What to do about it.
  package let fix: String
  /// What it is about where that stands in no cell.
  package let value: String?

  /// A problem in words.
  package init(
    column: Int?, level: CellProblem.Level, code: String, text: String, fix: String, value: String? = nil
  ) {
    self.column = column
    self.level = level
    self.code = code
    self.text = text
    self.fix = fix
    self.value = value
  }
}

/// Two sheets: *Rows to fix* as the source had them, *Problems* one a line.
package final class ErrorWorkbook {
  package static let rowsSheet = "Rows to fix"
  package static let problemsSheet = "Problems"
  /// What stands before the columns of the source.
  package static let leading = ["_row", "_key", "_problems"]
  /// Of each sheet; what is beyond is said in a last line.
  package static let rowsAtMost = 200_000

  private let writer: WorkbookWriter
  private let rowsToFix: WorkbookWriter.Sheet
  private let problems: WorkbookWriter.Sheet
  private let columns: [String]
  private let limit: Int
  private var rows = 0
  private var lines = 0
  private var rowsLeftOut = 0

  /// Begins the workbook for a table with these columns.
  package init(path: String, columns: [String], limit: Int = rowsAtMost) throws(SourceError) {
    self.columns = columns
    self.limit = limit
    writer = try WorkbookWriter(path: path)
    let widths = [8, 20, 40] + columns.map { min(60, max(10, $0.count + 2)) }
    rowsToFix = try writer.begin(sheet: Self.rowsSheet, widths: widths)
    problems = try writer.begin(sheet: Self.problemsSheet, widths: [8, 24, 32, 10, 28, 60, 60])
    try writer.add((Self.leading + columns).map { .heading($0) }, to: rowsToFix)
    let headings = ["Row", "Column", "Value", "Level", "Code", "Problem", "What to do"]
    try writer.add(headings.map { .heading($0) }, to: problems)
  }

  /// Adds a row and what is wrong with it.
  package func add(row number: Int, key: String, cells: [String], problems found: [RowProblem]) throws(SourceError) {
    guard rows < limit else {
      rowsLeftOut += 1
      return
    }
    rows += 1
    let bad = Set(found.compactMap(\.column))
    let summary = found.map { problem in
      problem.column.map { "\(columns[$0]): \(problem.text)" } ?? problem.text
    }.joined(separator: "\n")
    try writer.add(
      [.number(Double(number)), .text(key), .text(summary)]
        + cells.enumerated().map { bad.contains($0.offset) ? .marked($0.element) : .text($0.element) },
      to: rowsToFix)
    for problem in found where lines < limit {
      lines += 1
      let value = problem.column.flatMap { $0 < cells.count ? cells[$0] : nil } ?? problem.value ?? ""
      try writer.add(
        [
          .number(Double(number)), .text(problem.column.map { columns[$0] } ?? ""), .text(String(value.prefix(500))),
          .text(problem.level.rawValue), .text(problem.code), .text(problem.text), .text(problem.fix),
        ], to: problems)
    }
  }

  /// Counts rows that are left out without their having been read.
  package func leaveOut(_ count: Int) { rowsLeftOut += count }

  /// Says what was left out, and writes the file out.
  package func finish() throws(SourceError) {
    if rowsLeftOut > 0 {
      let text = "The first \(limit) rows stand here; \(rowsLeftOut) more have problems."
      try writer.add([.empty, .empty, .text(text)], to: rowsToFix)
      try writer.add([.empty, .text(text)], to: problems)
    }
    try writer.finish()
  }
}
