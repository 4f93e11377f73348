// What a reckoning has counted of some rows of a batch; counts of several spans are added up.

import FoundationEssentials

/// The counts of a span of rows, of a batch, or of more.
struct SpanTally: Sendable {
  var rows = RowFigures()
  /// Why rows stayed behind, by code.
  var reasons: [String: Int] = [:]
  /// Records that came of these rows and are here.
  var records = 0
  /// Of them those whose source was removed: nothing is left to hold them against.
  var emptied = 0
  var bytes = 0
  /// What the source says of them; `nil` where it does not.
  var sourceBytes: Int?
  var unresolved = 0
  var placeholders = 0
  var pairs: [FigurePair: Int] = [:]
  var amounts: [CurrencyPair: AmountSum] = [:]

  static func + (left: SpanTally, right: SpanTally) -> SpanTally {
    var sum = left
    sum.rows = left.rows + right.rows
    sum.reasons.merge(right.reasons, uniquingKeysWith: +)
    sum.records += right.records
    sum.emptied += right.emptied
    sum.bytes += right.bytes
    if let bytes = right.sourceBytes { sum.sourceBytes = (left.sourceBytes ?? 0) + bytes }
    sum.unresolved += right.unresolved
    sum.placeholders += right.placeholders
    sum.pairs.merge(right.pairs, uniquingKeysWith: +)
    sum.amounts.merge(right.amounts, uniquingKeysWith: +)
    return sum
  }
}

/// What a record says in the source and what it says here, by one thing.
struct FigurePair: Sendable, Hashable {
  let name: String
  let source: String?
  let here: String?
  let isEdited: Bool

  /// Why both differ.
  var reason: String {
    source == nil ? FigureReason.unsaid : isEdited ? FigureReason.edited : FigureReason.rule
  }
}

/// The currencies of an amount in the source and of one here.
struct CurrencyPair: Sendable, Hashable {
  let source: String?
  let here: String?
  let differs: Bool
  let isEdited: Bool

  /// Why both differ.
  var reason: String { isEdited ? FigureReason.edited : FigureReason.rule }
}

/// What such amounts come to.
struct AmountSum: Sendable, Hashable {
  let source: Decimal
  let here: Decimal
  let count: Int

  static func + (left: AmountSum, right: AmountSum) -> AmountSum {
    AmountSum(source: left.source + right.source, here: left.here + right.here, count: left.count + right.count)
  }
}
