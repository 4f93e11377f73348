// What people put right in rows of a batch. A correction is laid over its row whenever rows are read, so that no later
// mapping loses it; where the file itself is read otherwise, its rows are others, and it goes.

import SourceFiles

/// What somebody put right in one row.
struct RowCorrection: Sendable, Hashable {
  let row: Int
  /// What stands in its cells now, by the names of their columns: where the file is read with other columns by then,
  /// what is said of those that are gone is not taken for anything else.
  var cells: [String: String] = [:]
  /// Who reported is left out, as long as the reporter stays anonymous.
  var blanksReporter = false
}

extension RowCorrection {
  /// The row as it was put right. What was noticed about a cell goes with the cell; what was noticed about the row as a
  /// whole is settled by whoever has looked at its cells one by one.
  func applied(to row: SourceRow, places: [String: Int]) -> SourceRow {
    var corrected = row
    var touched: Set<Int> = []
    for (name, text) in cells {
      guard let place = places[name], row.cells.indices.contains(place) else { continue }
      corrected.cells[place] = text
      touched.insert(place)
    }
    guard !touched.isEmpty else { return row }
    corrected.problems.removeAll { $0.column.map(touched.contains) ?? true }
    return corrected
  }
}
