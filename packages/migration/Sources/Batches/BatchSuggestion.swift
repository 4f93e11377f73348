// What the columns of a table seem to mean, as the mapper begins with it: only what is sure is settled.

import EthicoTypes
import Mapping

struct BatchSuggestion: Sendable {
  let entity: ImportEntity
  /// The system whose exports look like it.
  let detected: SourceSystem?
  let columns: [ColumnDecision]

  init(_ suggestion: Suggestion, of table: SourceTable) {
    entity = suggestion.entity.value
    detected = suggestion.vendor.value.map(SourceSystem.init)
    var numbers: [String: Int] = [:]
    columns = zip(suggestion.columns, table.columns).map { column, profile in
      let target = column.target.map { target in
        guard target.contains("[n]") else { return target }
        numbers[target, default: 0] += 1
        return target.replacing("[n]", with: "[\(numbers[target, default: 1])]")
      }
      return ColumnDecision(column, target, profile, of: suggestion.entity.value)
    }
  }
}

extension ColumnDecision {
  fileprivate init(
    _ column: ColumnSuggestion, _ target: String?, _ profile: ColumnProfile, of entity: ImportEntity
  ) {
    let field = target.flatMap { TargetSchema.field(named: $0, of: entity) }
    let reading = CellReading(profile, field)
    let isIdentity = entity.mayNameReporter && ReporterIdentity.isNamed(by: column.name) && target == nil
    let isSure = column.band == .high && reading.wants == nil
    let act: Act = isIdentity ? .quarantined : profile.filled == 0 ? .ignore : isSure ? .matched : .review
    self.init(
      index: column.index, name: column.name, target: act == .ignore ? nil : target, act: act,
      band: Band(rawValue: column.band.rawValue) ?? .unmapped, score: column.score,
      ranked: column.ranked.map { Ranked(target: $0.target, score: $0.score) },
      reasons: column.reasons.map { $0.text.capitalizedFirst + "." }, reading: reading)
  }
}
