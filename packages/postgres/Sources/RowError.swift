// What is wrong with a row that was read: always a mistake between a statement and the code that reads it.

/// A row that does not fit the value it was to become.
public enum RowError: Error, Hashable, Sendable {
  /// The result has no such column.
  case unknownColumn(String)
  /// The column is NULL and the value asked for is not optional.
  case null(column: String, expected: String)
  /// The column is of another type.
  case type(column: String, expected: String, found: PostgresType)
  /// The column is of the right type, but no such value exists: an unknown term, an infinite date.
  case value(column: String, expected: String, found: String)
  /// There is more than the one row that was asked for.
  case moreThanOneRow
}

extension RowError: CustomStringConvertible {
  /// One sentence that names the column. Of a word that is no known term it quotes the word, so it is for logs alone.
  public var description: String {
    switch self {
    case .unknownColumn(let column): "The result has no column \(column)."
    case .null(let column, let expected): "The column \(column) is NULL and was read as \(expected)."
    case .type(let column, let expected, let found): "The column \(column) is \(found) and was read as \(expected)."
    case .value(let column, let expected, let found): "The column \(column) holds \(found), which is no \(expected)."
    case .moreThanOneRow: "There is more than the one row that was asked for."
    }
  }
}
