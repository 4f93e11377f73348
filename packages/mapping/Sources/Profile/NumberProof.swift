// With which separators the numbers of one column are written, and what proves it.

/// What separates a number's whole part from its decimals.
package enum DecimalSeparator: String, Codable, Hashable, Sendable {
  case point = "."
  case comma = ","
}

/// What the cells of one column prove about the separators of their numbers.
package struct NumberProof: Codable, Hashable, Sendable {
  /// The first cell whose decimals can only stand after a point: 1,234.56, 0.5, 1,234,567.
  package internal(set) var point: Witness?
  /// The first cell whose decimals can only stand after a comma: 1.234,56, 12,5, 1.234.567.
  package internal(set) var comma: Witness?
  /// Cells like 1.234 and 1,234, which could be a thousand or one.
  package internal(set) var undecided = 0
  /// Cells of digits alone, or with spaces or apostrophes between thousands.
  package internal(set) var plain = 0

  package init() {}

  /// What follows for the column.
  package enum Verdict: Hashable, Sendable {
    case none
    /// No separator stands in any number.
    case plain
    case proved(DecimalSeparator, Witness)
    /// `number.separator_ambiguous`: a person chooses.
    case ambiguous
    /// Both are proved in one column; a person chooses.
    case mixed(point: Witness, comma: Witness)
  }

  package var verdict: Verdict {
    switch (point, comma) {
    case (let point?, let comma?): .mixed(point: point, comma: comma)
    case (let point?, nil): .proved(.point, point)
    case (nil, let comma?): .proved(.comma, comma)
    case (nil, nil): undecided > 0 ? .ambiguous : plain > 0 ? .plain : .none
    }
  }

  /// Notes one cell that reads as a number.
  mutating func add(_ form: NumberForm, text: @autoclosure () -> String, row: Int) {
    switch form.separator {
    case .none: plain += 1
    case .either: undecided += 1
    case .point: if point == nil { point = Witness(text: text(), row: row) }
    case .comma: if comma == nil { comma = Witness(text: text(), row: row) }
    }
  }
}
