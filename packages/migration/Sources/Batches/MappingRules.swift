// What holds for a mapping beside what each of its columns means: words that say nothing, columns that become one
// field, and values that all records get.

import EthicoTypes
package import FoundationEssentials
package import Mapping

/// The rules of one version of a mapping.
package struct MappingRules: Sendable, Hashable, Codable {
  /// Cells of one of these words are empty, whatever their case; `nil` for the words that sources usually have.
  package var nothing: [String]?
  /// How several columns become one field, by target.
  package var joins: [String: ColumnJoin]

  package init(nothing: [String]? = nil, joins: [String: ColumnJoin] = [:]) {
    self.nothing = nothing
    self.joins = joins
  }

  /// Reads what is there: a version of before these rules has none.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    nothing = try container.decodeIfPresent([String].self, forKey: .nothing)
    joins = try container.decodeIfPresent([String: ColumnJoin].self, forKey: .joins) ?? [:]
  }

  /// The words that say nothing, in lower case.
  package var words: Set<String> {
    nothing.map { Set($0.map { $0.lowercased() }) } ?? CellText.nullTokens
  }

  /// Those that sources usually have.
  package static let usual = CellText.nullTokens.sorted()

  /// The most words that say nothing, and the longest of them, in characters.
  package static let nothingLimit = 200
  package static let wordLimit = 100
}

/// How several columns become one field.
package struct ColumnJoin: Sendable, Hashable, Codable {
  package let way: Way
  /// What stands between two cells that are put together.
  package let separator: String

  package enum Way: String, Sendable, Codable, CaseIterable {
    /// The first cell that says something, in the order of the file.
    case first
    /// All that say something, one after the other.
    case all
  }

  package init(_ way: Way, separator: String = " ") {
    self.way = way
    self.separator = separator
  }

  /// The longest separator, in characters.
  package static let separatorLimit = 20
}

/// The part of a cell that is meant: `Berg` of `Berg, Ines` is the first one before a comma.
package struct CellSplit: Sendable, Hashable, Codable {
  package let separator: String
  /// From 1.
  package let part: Int

  package init(separator: String, part: Int) {
    self.separator = separator
    self.part = part
  }

  /// The part, without space around it; empty where there are fewer.
  package func part(of cell: String) -> String {
    let parts = cell.components(separatedBy: separator)
    return parts.indices.contains(part - 1) ? parts[part - 1].trimmed : ""
  }

  /// The last part that can be meant.
  package static let partLimit = 20
}

extension CellReading {
  /// What a cell says: the part of it that is meant, empty where it has none.
  /// - Parameter nothing: the words that say nothing, in lower case.
  /// - Returns: `nil` where the cell, or the part of it, is one of these words.
  func said(by cell: String, _ nothing: Set<String>) -> String? {
    let cell = repair?.mended(cell) ?? cell
    guard !nothing.contains(cell.lowercased()) else { return nil }
    guard let split else { return cell }
    let part = split.part(of: cell)
    return nothing.contains(part.lowercased()) ? nil : part
  }
}

extension BatchMapping {
  /// The fields that more than one column becomes, though they take one value, in the order of their columns.
  package func shared(of entity: ImportEntity) -> [String] {
    var seen: Set<String> = []
    var shared: [String] = []
    for target in matched.compactMap(\.target) {
      guard let field = TargetSchema.field(named: target, of: entity), !field.isList else { continue }
      if !seen.insert(target).inserted, !shared.contains(target) { shared.append(target) }
    }
    return shared
  }

  /// Those of which nobody has said how.
  package func doubled(of entity: ImportEntity) -> [String] {
    shared(of: entity).filter { rules.joins[$0] == nil }
  }

  /// The fields that all records can get one value for, as no column becomes them.
  package func constantFields(of entity: ImportEntity) -> [TargetField] {
    let given = Set(matched.compactMap(\.target)).union(constants.keys)
    return TargetSchema.fields(of: entity).filter { field in
      !field.isNumbered && !given.contains(field.name) && !ReporterIdentity.targets.contains(field.name)
    }
  }

  /// What is wrong with a value that all records are to get.
  /// - Parameter moment: the present, by which a year is plausible.
  package static func problem(
    _ constant: String, for target: String, of entity: ImportEntity, at moment: Date
  ) -> IssueCode? {
    guard let field = TargetSchema.field(named: target, of: entity) else { return .requiredUnmapped }
    let cells = CellText(zone: .gmt, at: moment)
    guard case .issue(let code) = cells.parse(constant, field, of: entity) else { return nil }
    return code
  }
}

extension ColumnJoin {
  /// Whether a field can be put together of several cells: a text nobody decides about value by value.
  package static func mayPutTogether(_ target: String, of entity: ImportEntity) -> Bool {
    guard !ClientCategories.areNamed(by: target, of: entity) else { return false }
    switch TargetSchema.field(named: target, of: entity)?.kind {
    case .text, .longText: return true
    case .timestamp, .date, .enumeration, .boolean, .number, .money, nil: return false
    }
  }
}
