// What is known of a column after one pass over its cells: enough to suggest a field, never the cells themselves.

/// A text and how often it occurs.
package struct CountedText: Codable, Hashable, Sendable {
  package let text: String
  package let count: Int

  package init(text: String, count: Int) {
    self.text = text
    self.count = count
  }
}

/// What one pass over a column's cells found.
package struct ColumnProfile: Codable, Hashable, Sendable {
  /// The header as the file's key: trimmed, white space collapsed, repeats numbered.
  package let name: String
  /// Where it stands in the file, from 0.
  package let index: Int
  package let rows: Int
  /// Rows whose cell is neither empty nor a word for nothing, such as `N/A`.
  package let filled: Int
  /// How many different texts there are; at most `ColumnProfiler.distinctLimit`.
  package let distinct: Int
  /// Whether there were more than are counted.
  package let isDistinctCapped: Bool
  /// Up to fifty texts, the most frequent first, each cut at 200 characters.
  package let top: [CountedText]
  package let lengths: Lengths
  /// The share of filled cells that are of a kind; kinds that none is of are left out.
  package let kinds: [CellKind: Double]
  /// Up to five shapes of cells, the most frequent first: `EP-0000001` is `AA-9999999`.
  package let masks: [CountedText]
  /// Up to three cells as they are, the first different ones, each cut at 120 characters.
  package let samples: [String]
  package let dates: DateProof
  package let numbers: NumberProof

  /// Characters of the filled cells.
  package struct Lengths: Codable, Hashable, Sendable {
    package let shortest: Int
    package let longest: Int
    package let mean: Double
  }

  /// The share of rows that say something.
  package var fill: Double { rows == 0 ? 0 : Double(filled) / Double(rows) }

  /// The share of filled cells that are unlike each other; 1 where each is its own.
  package var uniqueness: Double { filled == 0 ? 0 : min(1, Double(distinct) / Double(filled)) }

  /// The same without any text of its cells.
  package func withoutValues() -> ColumnProfile {
    ColumnProfile(
      name: name, index: index, rows: rows, filled: filled, distinct: distinct, isDistinctCapped: isDistinctCapped,
      top: [], lengths: lengths, kinds: kinds, masks: [], samples: [], dates: DateProof(), numbers: NumberProof())
  }

  /// The share of filled cells of that kind.
  package func share(_ kind: CellKind) -> Double { kinds[kind] ?? 0 }
}

/// A file, sheet or entry as its columns: what the engine is asked about.
package struct SourceTable: Codable, Hashable, Sendable {
  /// The file's, sheet's or entry's name.
  package let name: String
  package let columns: [ColumnProfile]
  package let rows: Int

  package init(name: String, columns: [ColumnProfile], rows: Int) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }
}
