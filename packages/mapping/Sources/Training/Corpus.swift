// The labelled tables that the engine learns from: headers as systems write them, and the field each became.

import FoundationEssentials

/// One labelled column.
package struct CorpusColumn: Codable, Hashable, Sendable {
  package let header: String
  /// The field it became; `nil` for what has none.
  package let target: String?
  /// Whether a public source says that the system has such a column, or we made it up.
  package let origin: Origin
  package let values: [String]

  /// Where a header comes from. Values are always made up.
  package enum Origin: String, Codable, Hashable, Sendable {
    case documented, invented
  }
}

/// One labelled table.
package struct CorpusTable: Codable, Hashable, Sendable {
  package let system: String
  package let entity: ImportEntity
  /// The file's or sheet's name.
  package let name: String
  package let columns: [CorpusColumn]

  package init(system: String, entity: ImportEntity, name: String, columns: [CorpusColumn]) {
    self.system = system
    self.entity = entity
    self.name = name
    self.columns = columns
  }

  /// The table as the engine gets it. - Parameter hasRows: without, only the headers are there.
  package func source(hasRows: Bool) -> SourceTable {
    let rows = hasRows ? columns.map(\.values.count).max() ?? 0 : 0
    return SourceTable(
      name: name,
      columns: columns.enumerated().map { index, column in
        var profiler = ColumnProfiler(name: column.header, index: index)
        if rows > 0 {
          for row in 0..<rows { profiler.add(row < column.values.count ? column.values[row] : "") }
        }
        return profiler.finish()
      }, rows: rows)
  }
}

/// All labelled tables.
package struct Corpus: Sendable {
  package let tables: [CorpusTable]

  /// Reads every `.json` file of a folder, in the order of their names.
  package init(folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
    tables = try names.map { name in
      let data = try Data(contentsOf: URL(filePath: folder).appending(path: name))
      return try JSONDecoder().decode(CorpusTable.self, from: data)
    }
  }

  /// The systems, in the order of their names.
  package var systems: [String] { Set(tables.map(\.system)).sorted() }

  /// Each table's fold. A system is in one fold as a whole, so that what is tested was never seen.
  func folds(_ count: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: count)
    var fold: [String: Int] = [:]
    let bySize = systems.map { system in
      (system, tables.filter { $0.system == system }.reduce(0) { $0 + $1.columns.count })
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    for (system, size) in bySize {
      let least = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
      fold[system] = least
      sizes[least] += size
    }
    return tables.map { fold[$0.system] ?? 0 }
  }
}
