// A category of a source with one below it. The client's are decided by both: the same word below another category may
// mean something else.

import EthicoTypes
import Mapping

/// A category of a source, and what stands below it there.
struct SourceCategory: Sendable, Hashable {
  /// As the source says it; empty where all records get one category.
  let category: String
  let below: String

  /// The fields that say them.
  static let target = "category"
  static let targetBelow = "subcategory"

  /// As what is decided about it is kept: both as a JSON array, cut where it is too long.
  var key: String {
    ValueMapping.key(of: ParsedValue.list([.text(category), .text(below)]).text)
  }
}

/// How the cells of a row say a category and what stands below it.
struct SourceCategoryReading: Sendable {
  /// The columns of each, in the order of the file: the first that says something counts.
  let category: [ColumnDecision]
  let below: [ColumnDecision]
  /// Words that say nothing.
  private let nothing: Set<String>

  /// - Returns: `nil` where no column says what stands below a category.
  init?(_ mapping: BatchMapping, of entity: ImportEntity) {
    guard entity == .case else { return nil }
    category = mapping.matched.filter { $0.target == SourceCategory.target }
    below = mapping.matched.filter { $0.target == SourceCategory.targetBelow }
    nothing = mapping.rules.words
    guard !below.isEmpty else { return nil }
  }

  /// - Returns: `nil` for a row that has none below.
  func read(_ cells: [String]) -> SourceCategory? {
    let below = Self.first(below, cells, nothing)
    guard !below.isEmpty else { return nil }
    return SourceCategory(category: Self.first(category, cells, nothing), below: below)
  }

  private static func first(_ columns: [ColumnDecision], _ cells: [String], _ nothing: Set<String>) -> String {
    for column in columns where cells.indices.contains(column.index) {
      let cell = cells[column.index].trimmed
      if let said = column.reading.said(by: cell, nothing), !said.isEmpty { return said }
    }
    return ""
  }
}
