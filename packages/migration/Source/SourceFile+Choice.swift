// Which of several tables is meant: the one whose columns fit best what is looked for.

package import Mapping

/// A table of a file, as it was read and understood.
package struct ChosenTable: Sendable {
  package let shape: SourceShape
  package let profile: SourceProfile
  package let suggestion: Suggestion

  /// The same, understood otherwise.
  package func understood(as suggestion: Suggestion) -> ChosenTable {
    ChosenTable(shape: shape, profile: profile, suggestion: suggestion)
  }
}

extension SourceFile {
  /// So many tables are looked at, and so many rows of each, before one is chosen.
  private static let tablesTried = 40
  private static let rowsTried = 500

  /// Reads the table that fits `entity`, or any entity, best; the only one, or the one that `options` names.
  package func choose(
    _ options: ReadingOptions, name: String, entity: ImportEntity?, vendor: String?, memory: MappingMemory
  ) throws(SourceError) -> ChosenTable {
    var shape = try inspect(options)
    let others = shape.tables.filter { !$0.isHidden }
    if options.sheet == nil, others.count > 1 {
      shape = try best(of: others, shape, options, entity, vendor, memory)
    }
    let profile = try profile(shape, name: name)
    let suggestion = Mapping.suggest(table: profile.table, entity: entity, vendor: vendor, memory: memory)
    return ChosenTable(shape: shape, profile: profile, suggestion: suggestion)
  }

  private func best(
    of tables: [OfferedTable], _ first: SourceShape, _ options: ReadingOptions, _ entity: ImportEntity?,
    _ vendor: String?, _ memory: MappingMemory
  ) throws(SourceError) -> SourceShape {
    var best = (shape: first, fit: -1.0)
    for table in tables.prefix(Self.tablesTried) {
      var options = options
      options.sheet = table.name
      guard let (shape, profile) = try readable(options) else { continue }
      let suggestion = Mapping.suggest(table: profile.table, entity: entity, vendor: vendor, memory: memory)
      let fit = suggestion.columns.reduce(0) { $0 + ($1.target == nil ? 0 : $1.score) } * suggestion.entity.score
      if fit > best.fit { best = (shape, fit) }
    }
    return best.shape
  }

  /// A table and its first rows; `nil` where it cannot be read. If none can, the first one was refused before.
  private func readable(_ options: ReadingOptions) throws(SourceError) -> (SourceShape, SourceProfile)? {
    do throws(SourceError) {
      let shape = try inspect(options)
      return (shape, try profile(shape, rowLimit: Self.rowsTried))
    } catch {
      // A bomb is one for all tables.
      guard error.code != .zipRatio, error.code != .zipOverlap else { throw error }
      return nil
    }
  }
}
