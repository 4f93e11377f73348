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
  /// The mapping that a batch of a table begins with: the suggested one, read as this client's people said before. What
  /// they said beside the columns, which words are empty cells and how several columns become one field, they said of
  /// one export; it holds for a file of the same columns in the same order.
  func beginning(of table: SourceTable, in tx: AuditedTransaction) async throws -> BatchMapping {
    let decided = try await BatchMapping.decided(of: entity, in: tx)
    var mapping = BatchMapping(number: 1, columns: columns, constants: [:])
    if let known = decided.first(where: { $0.isOfSameColumns(as: mapping) }) {
      mapping.rules.nothing = known.rules.nothing
      mapping.takeJoins(of: known, entity, table)
    }
    mapping.columns = ReadingMemory(decided).recalled(mapping.columns)
    return mapping
  }

  /// Its columns with what this client's people said before about how the cells of such columns are read.
  func recalledColumns(in tx: AuditedTransaction) async throws -> [ColumnDecision] {
    ReadingMemory(try await BatchMapping.decided(of: entity, in: tx)).recalled(columns)
  }
}

extension BatchMapping {
  /// Whether both have the same columns in the same order, each with a name of its own.
  fileprivate func isOfSameColumns(as other: BatchMapping) -> Bool {
    let names = columns.map { MappingMemory.key(of: $0.name) }
    return names == other.columns.map { MappingMemory.key(of: $0.name) } && Set(names).count == names.count
  }

  /// Makes columns one field that were one before: a suggestion gives each field to one column alone.
  fileprivate mutating func takeJoins(of known: BatchMapping, _ entity: ImportEntity, _ table: SourceTable) {
    for (target, join) in known.rules.joins {
      // A list's numbers are given anew for each file.
      guard let field = TargetSchema.field(named: target, of: entity), !field.isNumbered else { continue }
      rules.joins[target] = join
      for (place, column) in known.columns.enumerated() where column.act == .matched && column.target == target {
        columns[place] = columns[place].joined(as: field, table.columns[columns[place].index])
      }
    }
  }
}

extension ColumnDecision {
  fileprivate func joined(as field: TargetField, _ profile: ColumnProfile) -> ColumnDecision {
    ColumnDecision(
      index: index, name: name, target: field.name, act: .matched, band: .high, score: 1, ranked: ranked,
      reasons: ["\"\(name)\" was mapped to \(field.label) here before"], reading: CellReading(profile, field))
  }
}
