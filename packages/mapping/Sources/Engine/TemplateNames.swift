// Tables in our own words: a client without an export fills in a template, whose headings are the names of fields.

/// The headings of templates.
enum TemplateNames {
  /// So many columns called as fields are are no chance any more.
  private static let fewest = 5

  /// For each column of a table that was filled in from the entity's template the place of the field that it is called
  /// after; `nil` for columns that somebody added. Nothing where the table is of another origin: fewer than four in
  /// five columns have our names, or what every record needs is not among them.
  static func places(in table: SourceTable, of entity: ImportEntity) -> [Int?] {
    let names = Dictionary(
      TargetSchema.fields(of: entity).enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let found = table.columns.map { column in
      TargetSchema.field(named: column.name, of: entity).flatMap { names[$0.name] }
    }
    let given = Set(zip(table.columns, found).filter { $1 != nil }.map(\.0.name))
    let isWhole = TargetSchema.requirements(of: entity)
      .allSatisfy { $0.condition != nil || !given.isDisjoint(with: $0.anyOf) }
    guard isWhole, given.count >= fewest, given.count * 5 >= table.columns.count * 4 else { return [] }
    return found
  }
}
