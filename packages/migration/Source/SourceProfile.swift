// One pass over a table: what its columns hold, how many rows there are, and what was noticed.

package import Mapping

/// What a whole reading of a table found.
package struct SourceProfile: Sendable {
  /// The columns, as the mapping wants to know them.
  package let table: SourceTable
  /// How many rows have a problem of a kind.
  package let problems: [CellProblem.Code: Int]
  /// What was left out, what is hidden, and which columns look as if they had been decoded twice.
  package let findings: [Finding]
  /// The rows that a person should look at.
  package let notable: NotableRows
}

extension SourceFile {
  /// Reads the table once, all of it or its first rows; the memory it takes does not grow with the rows.
  package func profile(
    _ shape: SourceShape, name: String? = nil, rowLimit: Int = .max
  ) throws(SourceError) -> SourceProfile {
    let reader = try rows(shape)
    var columns = shape.columns.enumerated().map { ColumnProfiler(name: $0.element, index: $0.offset) }
    var problems: [CellProblem.Code: Int] = [:]
    var longest = LongestRows()
    var mojibake = MojibakeCount()
    while reader.count < rowLimit, let row = try reader.next() {
      for index in columns.indices { columns[index].add(row.cells[index], row: row.number) }
      longest.look(at: row)
      mojibake.look(at: row)
      if !row.problems.isEmpty {
        for code in Set(row.problems.map(\.code)) { problems[code, default: 0] += 1 }
      }
    }
    return SourceProfile(
      table: SourceTable(
        name: name ?? shape.table ?? "", columns: columns.map { $0.finish() }, rows: reader.count),
      problems: problems, findings: reader.skipped + reader.hidden + mojibake.findings(shape.columns),
      notable: NotableRows(longest: longest.numbers, rarest: NotableRows.rarest(of: columns)))
  }
}
