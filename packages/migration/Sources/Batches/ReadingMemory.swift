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
      recalled.reading.split = known.reading.split
      return recalled
    }
  }
}

extension BatchSuggestion {
  /// The mapping that a batch begins with: the suggested one, read as this client's people said before. What they said
  /// beside the columns, which words are empty cells and how several columns become one field, they said of one export;
  /// it holds for a file of the same columns.
  func beginning(in tx: AuditedTransaction) async throws -> BatchMapping {
    let decided = try await BatchMapping.decided(of: entity, in: tx)
    var mapping = BatchMapping(number: 1, columns: ReadingMemory(decided).recalled(columns), constants: [:])
    guard let known = decided.first(where: { $0.headers == mapping.headers }) else { return mapping }
    mapping.rules = known.rules
    mapping.columns = mapping.columns.map { known.joined($0, of: entity) ?? $0 }
    return mapping
  }

  /// Its columns with what this client's people said before about how the cells of such columns are read.
  func recalledColumns(in tx: AuditedTransaction) async throws -> [ColumnDecision] {
    ReadingMemory(try await BatchMapping.decided(of: entity, in: tx)).recalled(columns)
  }
}

extension BatchMapping {
  /// The names of its columns, in the form in which they are remembered.
  fileprivate var headers: Set<String> {
    Set(columns.map { MappingMemory.key(of: $0.name) })
  }

  /// A column of the same name as one that became a field together with others, as the same field. A suggestion gives
  /// each field to one column alone.
  fileprivate func joined(_ column: ColumnDecision, of entity: ImportEntity) -> ColumnDecision? {
    let key = MappingMemory.key(of: column.name)
    guard let known = matched.first(where: { MappingMemory.key(of: $0.name) == key }), let target = known.target,
      rules.joins[target] != nil, let field = TargetSchema.field(named: target, of: entity)
    else { return nil }
    return ColumnDecision(
      index: column.index, name: column.name, target: target, act: .matched, band: .high, score: 1,
      ranked: column.ranked, reasons: ["\"\(column.name)\" was mapped to \(field.label) here before"],
      reading: column.reading)
  }
}
