// Rows of a table that a person should look at before it is imported, noted while it is read: the longest ones, and
// those with the rarest values.

import Mapping

/// The numbers of rows that stand out.
package struct NotableRows: Codable, Sendable, Equatable {
  /// The longest first.
  package let longest: [Int]
  /// The rarest value first.
  package let rarest: [Int]

  /// So many are noted of each kind: more than are shown, as a row can stand out twice.
  static let limit = 20
}

/// Keeps the longest rows while a table is read.
struct LongestRows {
  private var kept: [(bytes: Int, row: Int)] = []

  mutating func look(at row: SourceRow) {
    let bytes = row.cells.reduce(0) { $0 + $1.utf8.count }
    if kept.count == NotableRows.limit, let last = kept.last, last.bytes >= bytes { return }
    let place = kept.firstIndex { $0.bytes < bytes } ?? kept.endIndex
    kept.insert((bytes, row.number), at: place)
    if kept.count > NotableRows.limit { kept.removeLast() }
  }

  var numbers: [Int] { kept.map(\.row) }
}

extension NotableRows {
  /// The rows with the rarest values of all columns.
  static func rarest(of columns: [ColumnProfiler]) -> [Int] {
    let found = columns.flatMap { $0.rarest(limit) }.sorted { ($0.count, $0.row) < ($1.count, $1.row) }
    var seen: Set<Int> = []
    return Array(found.map(\.row).filter { seen.insert($0).inserted }.prefix(limit))
  }
}
