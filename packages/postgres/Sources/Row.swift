// A row of a result, read by column name.

public import EthicoTypes

/// A row of a result, lent to `RowDecodable.init(row:)`: `self.name = try row["name"]`.
public struct Row {
  private let table: ResultTable
  private let index: Int32

  init(table: ResultTable, index: Int32) {
    self.table = table
    self.index = index
  }

  /// Reads a column as a value.
  public func decode<T: PostgresDecodable>(_ column: String, as: T.Type = T.self) throws -> T {
    try decode(column: try position(of: column))
  }

  /// Reads a column as a term.
  public func decode<T: Term>(_ column: String, as: T.Type = T.self) throws -> T {
    try Self.term(try decode(column), column)
  }

  /// Reads a column as a term, or as `nil` where it is NULL.
  public func decode<T: Term>(_ column: String, as: T?.Type = T?.self) throws -> T? {
    try (try decode(column) as String?).map { try Self.term($0, column) }
  }

  /// Reads a column as a list of terms.
  public func decode<T: Term>(_ column: String, as: [T].Type = [T].self) throws -> [T] {
    try (try decode(column) as [String]).map { try Self.term($0, column) }
  }

  /// Reads a column as a value.
  public subscript<T: PostgresDecodable>(_ column: String) -> T {
    get throws { try decode(column) }
  }

  /// Reads a column as a term.
  public subscript<T: Term>(_ column: String) -> T {
    get throws { try decode(column) }
  }

  /// Reads a column as a term, or as `nil` where it is NULL.
  public subscript<T: Term>(_ column: String) -> T? {
    get throws { try decode(column) }
  }

  /// Reads a column as a list of terms.
  public subscript<T: Term>(_ column: String) -> [T] {
    get throws { try decode(column) }
  }

  /// Reads the first column, for a statement that asks for one value.
  public func first<T: PostgresDecodable>(as: T.Type = T.self) throws -> T {
    guard table.columns.count > 0 else { throw RowError.unknownColumn("1") }
    return try decode(column: 0)
  }

  /// Lends the bytes of a `bytea`, or of a text in UTF-8, as they lie in the result: for what is only computed from.
  public func withBytes<Result>(_ column: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    try withExtendedLifetime(table) {
      let cell = table.cell(row: index, column: try position(of: column))
      switch cell.type {
      case .bytea, .text: break
      default: throw RowError.type(column: column, expected: "bytes", found: cell.type)
      }
      guard let bytes = cell.bytes else { throw RowError.null(column: column, expected: "bytes") }
      return try body(bytes)
    }
  }

  private func position(of column: String) throws(RowError) -> Int {
    guard let position = table.position(of: column) else { throw .unknownColumn(column) }
    return position
  }

  private func decode<T: PostgresDecodable>(column: Int) throws -> T {
    do {
      return try withExtendedLifetime(table) { try T(cell: table.cell(row: index, column: column)) }
    } catch let error as CellError {
      let name = table.columns.names[column]
      switch error {
      case .null: throw RowError.null(column: name, expected: "\(T.self)")
      case .type: throw RowError.type(column: name, expected: "\(T.self)", found: table.columns.types[column])
      case .malformed: throw RowError.value(column: name, expected: "\(T.self)", found: "another value")
      }
    }
  }

  private static func term<T: Term>(_ text: String, _ column: String) throws(RowError) -> T {
    guard let term = T(rawValue: text) else { throw .value(column: column, expected: "\(T.self)", found: text) }
    return term
  }
}
