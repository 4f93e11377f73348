// Turns a row of the source into the record it would become, by what the columns mean. Nothing here fails: what cannot
// be read is an issue of its row.

import EthicoTypes
import FoundationEssentials
import Mapping
import SourceFiles

/// How the rows of one batch are read.
struct RowReading: Sendable {
  let entity: ImportEntity
  private let columns: [Column]
  private let constants: [(field: TargetField, value: String)]
  /// What a record gets that says nothing else, by field.
  private let defaults: [(field: String, value: ParsedValue)]
  /// Columns that are kept under their own names; of cases and of what belongs to them none that seems to say who
  /// reported.
  private let kept: [ColumnDecision]
  /// Columns that may say who reported.
  let identity: Set<Int>
  /// Columns of a former system's events that say what something was and became.
  let changes: Set<Int>
  /// What values become, by target and value.
  private let values: [String: [String: ValueMapping.Act]]
  let keys: [[String]]
  private let isKeyMapped: Bool
  /// What a record has to have, with the columns that say it.
  let requirements: [(rule: TargetRequirement, places: [Int])]
  /// Words that say nothing.
  private let nothing: Set<String>
  private let categories: ClientCategories
  /// How a case's category and what stands below it are said; `nil` where no column says the latter.
  private let below: SourceCategoryReading?
  private let cells: CellText
  /// Where each column stands, by its name.
  private let places: [String: Int]

  /// One column and the field it becomes, or several that become one field.
  private struct Column: Sendable {
    let index: Int
    /// The further ones, by themselves.
    let others: [Column]
    let join: ColumnJoin?
    let target: String
    let field: TargetField
    /// Under which its words are kept that became others; `nil` where they may say who reported.
    let keeping: String?
    /// The number of a numbered field, from 1.
    let number: Int?
    let reading: CellReading
    let cells: CellText
  }

  init(
    _ entity: ImportEntity, _ mapping: BatchMapping, _ values: [ValueMapping], _ categories: ClientCategories,
    cells: CellText
  ) {
    self.entity = entity
    self.categories = categories
    self.cells = cells
    places = Dictionary(mapping.columns.map { ($0.name, $0.index) }) { first, _ in first }
    nothing = mapping.rules.words
    below = SourceCategoryReading(mapping, of: entity)
    let sharing = Dictionary(grouping: mapping.matched, by: \.target)
    columns = mapping.matched.compactMap { decision in
      guard let target = decision.target, let field = TargetSchema.field(named: target, of: entity) else { return nil }
      let number = target.firstMatch(of: #/\[([1-9])\]/#).flatMap { Int($0.1) }
      let join = field.isList ? nil : mapping.rules.joins[target]
      let together = join == nil ? [decision] : sharing[target] ?? [decision]
      guard together.first?.index == decision.index else { return nil }
      let others = together.dropFirst().map { other in
        Column(
          index: other.index, others: [], join: nil, target: target, field: field,
          keeping: Self.keeping(other, of: entity), number: number, reading: other.reading,
          cells: cells.read(as: other.reading))
      }
      return Column(
        index: decision.index, others: others, join: join, target: target, field: field,
        keeping: Self.keeping(decision, of: entity), number: number, reading: decision.reading,
        cells: cells.read(as: decision.reading))
    }
    constants = mapping.constants.sorted { $0.key < $1.key }.compactMap { target, value in
      TargetSchema.field(named: target, of: entity).map { ($0, value) }
    }
    defaults = TargetSchema.fields(of: entity).compactMap { field in
      field.defaultValue.map { (field.name, .text($0)) }
    }
    kept = mapping.columns.filter { column in
      column.act == .keep && !(entity.mayNameReporter && ReporterIdentity.isNamed(by: column.name))
    }
    identity = ReporterIdentity.columns(mapping.columns)
    let changing = columns.filter { ReporterIdentity.changes.contains($0.target) }
    changes = Set(changing.flatMap { [$0.index] + $0.others.map(\.index) })
    self.values = Dictionary(grouping: values, by: \.target).mapValues { mappings in
      Dictionary(mappings.map { ($0.value, $0.act) }) { $1 }
    }
    let targets = Set(columns.map(\.target)).union(mapping.constants.keys)
    let mapped = entity.keys.first { targets.contains($0[0]) }
    isKeyMapped = mapped != nil
    keys = mapped.map { $0.map { [$0] } } ?? entity.naturalKey
    let indexes = Dictionary(columns.map { ($0.target, $0.index) }) { first, _ in first }
    requirements = TargetSchema.requirements(of: entity).map { ($0, $0.anyOf.compactMap { indexes[$0] }) }
  }

  /// A column of a case that seems to say who reported is kept nowhere.
  private static func keeping(_ column: ColumnDecision, of entity: ImportEntity) -> String? {
    entity == .case && ReporterIdentity.isNamed(by: column.name) ? nil : column.name
  }

  /// Reads a row.
  /// - Parameter correction: what somebody put right in it.
  func read(_ source: SourceRow, _ correction: RowCorrection? = nil) -> StagedRow {
    let row = correction?.applied(to: source, places: places) ?? source
    var record = RecordBuilder()
    record.issues = row.problems.map { RowIssue(IssueCode($0.code), at: $0.column) }
    for (field, value) in constants { put(value, field, number: nil, at: nil, cells, &record) }
    for column in columns where below == nil || column.target != SourceCategory.targetBelow {
      read(row, column, &record)
    }
    readBelow(row.cells, &record)
    for (field, value) in defaults where record[field] == nil { record[field] = value }
    if entity == .case { guardAnonymity(&record, correction) }
    if isOfReporter(record) { withholdChange(&record) }
    withholdIssues(&record)
    demandRequired(&record)
    if entity == .case { compareDates(&record) }
    let key = key(of: record)
    if key == nil { sayKeyMissing(&record) }
    return StagedRow(
      number: row.number, cells: withheld(row.cells, record), parsed: record.finished,
      legacy: .members(legacy(row).merging(record.words) { own, _ in own }),
      key: key, issues: record.issues, days: .members(record.days.mapValues(ParsedValue.text)))
  }

  // MARK: Cells

  private func read(_ row: SourceRow, _ column: Column, _ record: inout RecordBuilder) {
    if let join = column.join { return put(together: row, column, join, &record) }
    let cell = said(row, column, &record)
    if !cell.isEmpty { read(cell, column, &record) }
  }

  /// Of several columns the first that says something, or all that do, one after the other.
  private func put(
    together row: SourceRow, _ column: Column, _ join: ColumnJoin, _ record: inout RecordBuilder
  ) {
    var told: [(cell: String, column: Column)] = []
    for part in [column] + column.others {
      let cell = said(row, part, &record)
      if !cell.isEmpty { told.append((cell, part)) }
    }
    guard let first = told.first else { return }
    record.positions[column.field.name] = first.column.index
    switch join.way {
    case .first: read(first.cell, first.column, &record)
    case .all: read(told.map(\.cell).joined(separator: join.separator), first.column, &record)
    }
  }

  /// What a column's cell says: its part that is meant, and nothing where it is a word for nothing.
  private func said(_ row: SourceRow, _ column: Column, _ record: inout RecordBuilder) -> String {
    let cell = row.cells[column.index].trimmed
    if cell.isEmpty { return "" }
    record.positions[column.field.name] = column.index
    guard let said = column.reading.said(by: cell, nothing) else {
      record.issues.append(RowIssue(.nullToken, at: column.index))
      return ""
    }
    return said
  }

  private func read(_ cell: String, _ column: Column, _ record: inout RecordBuilder) {
    for part in column.field.isList ? ListCell.values(cell, by: column.reading.list) : [cell] {
      switch values[column.target]?[ValueMapping.key(of: part)] {
      case .value(let word)?: put(word: word, for: part, column, &record)
      case .newCategory(let name)?:
        record.add(.text(name), column.field, number: column.number)
        record.keep(part, as: name, of: column.keeping)
      case .empty?: record.keep(part, as: "", of: column.keeping)
      case .reject?: record.issues.append(RowIssue(.enumRejected, at: column.index, value: part))
      case nil where ClientCategories.areNamed(by: column.target, of: entity): put(category: part, column, &record)
      case nil: put(part, column.field, number: column.number, at: column.index, column.cells, &record, column.keeping)
      }
    }
  }

  private func put(
    _ text: String, _ field: TargetField, number: Int?, at position: Int?, _ cells: CellText,
    _ record: inout RecordBuilder, _ keeping: String? = nil
  ) {
    switch cells.parse(text, field, of: entity) {
    case .value(let value): record.add(value, field, number: number)
    case .time(let moment):
      record.add(.text(moment.text), field, number: number)
      if moment.isShifted { record.issues.append(RowIssue(.dstShifted, at: position, value: text)) }
    case .day(let day, let moment):
      record.add(.text(day), field, number: number, begins: moment.text)
      // Of a day that stays a day nobody asks when it begins.
      if moment.isShifted, field.kind == .timestamp {
        record.issues.append(RowIssue(.dstShifted, at: position, value: text))
      }
    case .word(let word):
      put(word: word, field, number: number, &record)
      record.keep(text, as: Self.plain(word, field), of: keeping)
    case .issue(let code): record.issues.append(RowIssue(code, at: position, value: text))
    }
  }

  /// A category that the client does not have is made where somebody said so, never unasked.
  private func put(category: String, _ column: Column, _ record: inout RecordBuilder) {
    if let word = categories.match(category) { return put(word: word, for: category, column, &record) }
    record.issues.append(RowIssue(.enumUndecided, at: column.index, value: category))
  }

  /// What a source has below the category of a case is decided with that category; none is made unasked.
  private func readBelow(_ cells: [String], _ record: inout RecordBuilder) {
    guard let below, let column = below.below.first, let said = below.read(cells) else { return }
    let keeping = Self.keeping(column, of: entity)
    let place = record.positions[SourceCategory.target]
    let isOpen = record.issues.contains { $0.code == .enumUndecided && $0.position == place }
    let category = record.text(SourceCategory.target)
    // Without a category the row says nothing, or stays behind for that.
    guard isOpen || category != nil else { return }
    switch values[SourceCategory.targetBelow]?[said.key] {
    case .value(let word)?:
      put(category: word, below: category, &record)
      record.keep(said.below, as: word, of: keeping)
    case .newCategory(let name)?:
      record[SourceCategory.targetBelow] = .text(name)
      record.keep(said.below, as: name, of: keeping)
    case .empty?: record.keep(said.below, as: "", of: keeping)
    case .reject?: record.issues.append(RowIssue(.enumRejected, at: column.index, value: said.below))
    case nil:
      if let word = category.flatMap({ categories.match(said.below, below: $0) }) {
        put(category: word, below: category, &record)
        record.keep(said.below, as: word, of: keeping)
      } else {
        record.issues.append(RowIssue(.enumUndecided, at: column.index, value: said.below))
      }
    }
  }

  /// One that stands below the case's category is said with it; one from elsewhere is the case's category itself.
  private func put(category word: String, below category: String?, _ record: inout RecordBuilder) {
    let isBelow = category.map { categories.match(word, below: $0) != nil } ?? false
    record[isBelow ? SourceCategory.targetBelow : SourceCategory.target] = .text(word)
  }

  private func put(word: String, for said: String, _ column: Column, _ record: inout RecordBuilder) {
    put(word: word, column.field, number: column.number, &record)
    record.keep(said, as: Self.plain(word, column.field), of: column.keeping)
  }

  /// Of a word that says more than its field the part that is its field's own: `closed` of
  /// `closed/closed/substantiated`.
  private static func plain(_ word: String, _ field: TargetField) -> Substring {
    field.name == "status" ? word.prefix { $0 != "/" } : word[...]
  }

  /// A case's status says its stage and its outcome too: `closed/closed/substantiated`. A column of their own counts
  /// more.
  private func put(word: String, _ field: TargetField, number: Int?, _ record: inout RecordBuilder) {
    guard entity == .case, field.name == "status" else {
      if case .boolean = field.kind { return record.add(.flag(word == "true"), field, number: number) }
      return record.add(.text(word), field, number: number)
    }
    for (name, part) in zip(["status", "stage", "outcome"], word.split(separator: "/")) {
      if name == "status" || !isMapped(name) { record[name] = .text(String(part)) }
    }
  }

  private func isMapped(_ target: String) -> Bool {
    columns.contains { $0.target == target }
  }

  // MARK: Rows

  /// The mapped key, or one made of the values that tell records apart.
  private func key(of record: RecordBuilder) -> String? {
    if keys.isEmpty { return NaturalKey.of([record.finished.text]) }
    let parts = keys.map { alternatives in alternatives.compactMap { record.text($0) }.first ?? "" }
    guard parts.contains(where: { !$0.isEmpty }) else { return nil }
    guard isKeyMapped else { return NaturalKey.of(parts) }
    guard !parts[0].isEmpty else { return nil }
    return parts.count == 1 ? parts[0] : parts.joined(separator: " / ")
  }

  private func legacy(_ row: SourceRow) -> [String: ParsedValue] {
    var legacy: [String: ParsedValue] = [:]
    for column in kept {
      let cell = row.cells[column.index].trimmed
      if !cell.isEmpty { legacy[column.name] = .text(column.reading.repair?.mended(cell) ?? cell) }
    }
    return legacy
  }
}
