// The figures of one kind of record, out of what was counted of its batches.

import EthicoTypes
import Mapping

extension EntityFigures {
  /// The figures of every kind of record that came or was to come, in the order of the import.
  /// - Parameters:
  ///   - tallies: what was counted, by batch.
  ///   - conflicts: how many fields wait for a decision, by batch.
  static func all(
    of project: MigrationProject, _ batches: [ReckonedBatch], _ tallies: [ID<Batch>: SpanTally],
    conflicts: [ID<Batch>: Int]
  ) -> [EntityFigures] {
    let byEntity = Dictionary(grouping: batches, by: \.entity)
    return ImportEntity.commitOrder.filter { byEntity[$0] != nil || project.chose($0) }.map { entity in
      let own = byEntity[entity] ?? []
      let open = own.reduce(0) { $0 + (conflicts[$1.id] ?? 0) }
      return EntityFigures(entity, own.map { ($0, tallies[$0.id] ?? SpanTally()) }, conflicts: open)
    }
  }

  private init(_ entity: ImportEntity, _ counted: [(batch: ReckonedBatch, tally: SpanTally)], conflicts: Int) {
    let sum = counted.reduce(SpanTally()) { $0 + $1.tally }
    let batches = counted.map { BatchFigures($0.batch, $0.tally) }
    let expected = sum.rows.made - sum.rows.undone
    self.entity = entity
    self.batches = batches
    records = sum.records
    emptied = sum.emptied
    groups = FigureGroup.all(sum.pairs, named: FigureSource.of(entity).dimensions.map(\.name))
    money = MoneyFigures.all(sum.amounts)
    files =
      entity == .attachment
      ? FileFigures(count: sum.records, bytes: sum.bytes, sourceBytes: sum.sourceBytes) : nil
    unresolved = sum.unresolved
    placeholders = sum.placeholders
    self.conflicts = conflicts
    differences =
      batches.flatMap(\.differences)
      + (expected == sum.records
        ? [] : ["\(entity.pluralLabel): came over and not taken back \(expected), here \(sum.records)."])
  }
}

extension BatchFigures {
  fileprivate init(_ batch: ReckonedBatch, _ tally: SpanTally) {
    id = batch.id
    title = batch.title
    version = batch.version
    var rows = tally.rows
    rows.source = batch.rowCount ?? rows.source
    self.rows = rows
    reasons = FigureReason.sum(tally.reasons.map { FigureReason(code: $0.key, count: $0.value) })
  }
}

extension MigrationProject {
  /// Whether that kind of record was to come; people come with everything.
  func chose(_ entity: ImportEntity) -> Bool { choices.contains { $0.rawValue == entity.rawValue } }
}
