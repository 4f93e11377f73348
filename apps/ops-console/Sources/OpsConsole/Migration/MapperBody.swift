// What the mapper and its values say to programs.

import EthicoTypes
import Mapping
import Migration

/// The mapper: every column by its name, in the order of the file, and what is missing.
struct MapperBody: Encodable, Sendable {
  let entity: ImportEntity
  let version: Int
  let columns: [Column]
  let requiredMissing: [[String]]
  let constants: [String: String]
  /// Words that say nothing.
  let nothing: [String]
  /// Fields that more than one column becomes, with the way in which they do where somebody has said so.
  let shared: [String: String]
  /// What stands between their cells where these are put together, by field.
  let separators: [String: String]
  /// Where times are that do not say it, unless their column has a zone of its own.
  let zone: String

  struct Column: Encodable, Sendable {
    let name: String
    let index: Int
    let target: String?
    let decision: ColumnDecision.Act
    let band: ColumnDecision.Band
    let score: Double
    let ranked: [ColumnDecision.Ranked]
    let reasons: [String]
    let samples: [String]
    /// Whether the day or the month stands first in its dates, and what its decimals stand behind, where that is known.
    let order: DateOrder?
    let separator: DecimalSeparator?
    /// The part of each cell that is meant.
    let split: CellSplit?
    /// Where its times are that do not say it; `nil` for the client's own zone.
    let zone: String?
    /// Which words mean yes and which no; `nil` for the usual ones.
    let truth: TruthWords?
    /// What stands between two values of one cell; `nil` where each cell tells.
    let list: String?
    /// Whether its text looks as if it had been decoded twice, and whether it is decoded again.
    let broken: Bool
    let repaired: Bool
  }

  enum CodingKeys: String, CodingKey {
    case entity, version, columns, constants, nothing, shared, separators, zone
    case requiredMissing = "required_missing"
  }

  init(_ mapper: Mapper) {
    entity = mapper.batch.entity
    version = mapper.batch.version
    columns = mapper.mapping.columns.map { column in
      Column(
        name: column.name, index: column.index, target: column.target, decision: column.act, band: column.band,
        score: column.score, ranked: column.ranked, reasons: column.reasons,
        samples: mapper.samples(of: column), order: column.reading.order, separator: column.reading.separator,
        split: column.reading.split, zone: column.reading.zone, truth: column.reading.truth, list: column.reading.list,
        broken: mapper.broken.contains(column.index), repaired: column.reading.repair != nil)
    }
    constants = mapper.mapping.constants
    zone = mapper.zone
    nothing = mapper.mapping.rules.words.sorted()
    let joins = mapper.mapping.rules.joins
    let fields = Set(mapper.mapping.shared(of: mapper.batch.entity))
    shared = Dictionary(uniqueKeysWithValues: fields.map { ($0, joins[$0]?.way.rawValue ?? "") })
    separators = joins.filter { fields.contains($0.key) && $0.value.way == .all }.mapValues(\.separator)
    requiredMissing = mapper.mapping.missing(of: mapper.batch.entity).map { $0.map(\.name) }
  }
}

/// The values that take a decision.
struct ValueBody: Encodable, Sendable {
  let values: [Value]

  struct Value: Encodable, Sendable {
    let target: String
    /// The category of the source that it stands below there; left out for what stands for itself.
    let above: String?
    let value: String
    let count: Int
    let decided: Bool
    /// Whether that is what it became in the last batch of the same system.
    let asLastTime: Bool
    /// What its control begins with, as the form sends it.
    let shown: String
    /// The name of the category that is to be made of it.
    let name: String?
  }

  init(_ choices: [ValueChoice]) {
    values = choices.map {
      Value(
        target: $0.target, above: $0.above?.source, value: $0.value, count: $0.count, decided: $0.act != nil,
        asLastTime: $0.isAsLastTime, shown: ValueView.stored($0.shown), name: $0.shown?.newCategory)
    }
  }
}
