// How people said that the cells of a client's columns are read: the next file of the same system is read like that, as
// far as its columns become the same fields.

import Access
import Mapping

/// What was said about the cells of columns before, by their names.
struct ReadingMemory: Sendable {
  private var byColumn: [String: (target: String, reading: CellReading)] = [:]

  /// - Parameter newestFirst: the newest decision about a column counts.
  init(_ newestFirst: [BatchMapping]) {
    for column in newestFirst.reversed().flatMap(\.matched) {
      guard let target = column.target else { continue }
      byColumn[MappingMemory.key(of: column.name)] = (ValueWords.plain(target), column.reading)
    }
  }

  /// The columns with what was said about the likes of them. Whether their text was decoded twice is found out anew.
  func recalled(_ columns: [ColumnDecision]) -> [ColumnDecision] {
    columns.map { column in
      guard let known = byColumn[MappingMemory.key(of: column.name)],
        known.target == column.target.map(ValueWords.plain)
      else { return column }
      var recalled = column
      recalled.reading.zone = known.reading.zone
      recalled.reading.truth = known.reading.truth
      recalled.reading.list = known.reading.list
      return recalled
    }
  }
}

extension BatchSuggestion {
  /// Its columns with what this client's people said before about how the cells of such columns are read.
  func recalledColumns(in tx: AuditedTransaction) async throws -> [ColumnDecision] {
    ReadingMemory(try await BatchMapping.decided(of: entity, in: tx)).recalled(columns)
  }
}
