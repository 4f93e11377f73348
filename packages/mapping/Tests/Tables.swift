// Small tables that the suites ask about.

@testable import Mapping

/// Makes a table out of headers and their cells.
func table(_ name: String = "export.csv", _ columns: [(header: String, cells: [String])]) -> SourceTable {
  let rows = columns.map(\.cells.count).max() ?? 0
  return SourceTable(
    name: name,
    columns: columns.enumerated().map { index, column in
      var profiler = ColumnProfiler(name: column.header, index: index)
      for row in 0..<rows { profiler.add(row < column.cells.count ? column.cells[row] : "") }
      return profiler.finish()
    }, rows: rows)
}

/// Cases as a system that nobody knows would export them.
let cases = table(
  "cases.csv",
  [
    ("Case #", (1...12).map { "C-\(1000 + $0)" }),
    ("Date Received", (1...12).map { "2023-04-0\($0 % 9 + 1)" }),
    ("Case Status", (1...12).map { $0 % 3 == 0 ? "Open" : "Closed" }),
    ("Allegation Type", (1...12).map { $0 % 2 == 0 ? "Fraud" : "Harassment" }),
    ("Anonymous?", (1...12).map { $0 % 2 == 0 ? "Yes" : "No" }),
    ("Reporter Name", (1...12).map { $0 % 2 == 0 ? "" : "Maria Lopez" }),
    ("Assigned To", (1...12).map { $0 % 2 == 0 ? "Susan Boyle" : "Daniel Kim" }),
    ("Date Closed", (1...12).map { _ in "" }),
    ("Case Description", (1...12).map { "Somebody took money out of the register on day \($0), as a colleague saw." }),
    ("Zone 51", (1...12).map { "\($0 * 7)" }),
  ])

extension Suggestion {
  /// What is suggested for the column of that name.
  func column(_ name: String) -> ColumnSuggestion? { columns.first { $0.name == name } }

  func target(_ name: String) -> String? { column(name)?.target }
}

/// Suggests for a table with the shipped model.
func suggest(
  _ table: SourceTable, _ entity: ImportEntity? = nil, vendor: String? = nil, memory: MappingMemory = .none
) -> Suggestion {
  Mapping.suggest(table: table, entity: entity, vendor: vendor, memory: memory)
}
