// A row as it was read, and what was noticed while reading it.

/// One record of a source.
package struct SourceRow: Sendable, Equatable {
  /// The record's number from 1, blank lines counted; in a workbook the sheet's row.
  package var number: Int
  /// A text for each column of the shape.
  package var cells: [String]
  package var problems: [CellProblem]
}

/// What was noticed in a row: of each kind what came first in a column, as a hostile row may repeat one cell for ever.
struct RowProblems {
  private(set) var all: [CellProblem] = []
  private var places: Set<Place> = []

  private struct Place: Hashable {
    let code: CellProblem.Code
    let column: Int?
  }

  var isEmpty: Bool { all.isEmpty }

  /// - Parameter column: from 0; `nil` for the row as a whole.
  mutating func add(_ code: CellProblem.Code, at column: Int?, _ text: @autoclosure () -> String) {
    guard places.insert(Place(code: code, column: column)).inserted else { return }
    all.append(CellProblem(code: code, column: column, text: text()))
  }
}

/// Something about one cell, or about its row.
package struct CellProblem: Sendable, Equatable, Codable {
  package enum Code: String, Sendable, CaseIterable, Codable {
    case textTooLong = "text.too_long"
    case rowRagged = "row.ragged"
    case replacedBytes = "cell.replaced_bytes"
    case precisionLost = "xlsx.precision_lost"
    case formulaValue = "xlsx.formula_value"
    case scientificNotation = "id.scientific_notation"
    case unparsableDate = "date.unparsable"
    /// `="00815"` was read as its text.
    case textFormula = "text.formula_unwrapped"
    /// A quotation mark that nothing closes was read as a character.
    case unclosedQuote = "row.quote_unclosed"
    /// A line of NDJSON that is no object, as one that was cut.
    case unreadableRow = "row.unreadable"
    /// An object names a key twice; the last one counts.
    case duplicateKey = "json.duplicate_key"
  }

  /// How much a problem weighs.
  package enum Level: String, Sendable, Codable {
    case blocker
    case warning
    case info
  }

  package let code: Code
  /// The column, from 0; `nil` when the row as a whole is meant.
  package let column: Int?
  package let text: String

  package var level: Level {
    switch code {
    case .textTooLong, .rowRagged, .unparsableDate, .unreadableRow: .blocker
    case .replacedBytes, .precisionLost, .scientificNotation, .unclosedQuote, .duplicateKey: .warning
    case .formulaValue, .textFormula: .info
    }
  }
}
