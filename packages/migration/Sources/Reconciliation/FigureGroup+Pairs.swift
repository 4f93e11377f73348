// Both sides by one thing that is said of each record, and by currency: each pair is looked at once, however many
// values there are.

import FoundationEssentials

extension FigureGroup {
  /// The groups of these names that records were counted in, in their order.
  static func all(_ pairs: [FigurePair: Int], named names: [String]) -> [FigureGroup] {
    var groups: [String: [String: Line]] = [:]
    for (pair, count) in pairs {
      let (source, here) = (pair.source ?? "", pair.here ?? "")
      groups[pair.name, default: [:]][source, default: Line()].source += count
      groups[pair.name, default: [:]][here, default: Line()].here += count
      guard source != here else { continue }
      for value in [source, here] {
        groups[pair.name, default: [:]][value, default: Line()].reasons[pair.reason, default: 0] += count
      }
    }
    return names.compactMap { name in groups[name].map { FigureGroup(name, $0) } }
  }

  private struct Line {
    var source = 0
    var here = 0
    var reasons: [String: Int] = [:]
  }

  /// The values by how many records are here, then by name: a year or a status is found at once either way.
  private init(_ name: String, _ counted: [String: Line]) {
    let order = counted.sorted { ($1.value.here, $0.key) < ($0.value.here, $1.key) }
    self.name = name
    lines = order.prefix(Self.listed).map { value, line in
      FigureLine(
        value: value, source: line.source, here: line.here,
        reasons: FigureReason.sum(line.reasons.map { FigureReason(code: $0.key, count: $0.value) }))
    }
    others = order.dropFirst(Self.listed).reduce(0) { $0 + $1.value.here }
  }
}

extension MoneyFigures {
  static func all(_ amounts: [CurrencyPair: AmountSum]) -> [MoneyFigures] {
    var currencies: [String: Sums] = [:]
    for (pair, sum) in amounts {
      let (source, here) = (pair.source ?? "", pair.here ?? "")
      currencies[source, default: Sums()].source += sum.source
      currencies[here, default: Sums()].here += sum.here
      guard pair.differs else { continue }
      for currency in Set([source, here]) {
        currencies[currency, default: Sums()].reasons[pair.reason, default: 0] += sum.count
      }
    }
    return currencies.sorted { $0.key < $1.key }.map { currency, sums in
      MoneyFigures(
        currency: currency, source: sums.source, here: sums.here,
        reasons: FigureReason.sum(sums.reasons.map { FigureReason(code: $0.key, count: $0.value) }))
    }
  }

  private struct Sums {
    var source: Decimal = 0
    var here: Decimal = 0
    var reasons: [String: Int] = [:]
  }
}
