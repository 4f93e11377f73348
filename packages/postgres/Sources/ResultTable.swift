// A result as libpq holds it: owned here, read cell by cell, freed with the last row that looks at it.

import CPostgres

/// The names and types of the columns of a result, computed once for each prepared statement.
final class Columns: Sendable {
  let names: [String]
  let types: [PostgresType]
  private let positions: [String: Int]

  init(of result: OpaquePointer) {
    let range = 0..<PQnfields(result)
    names = range.map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
    types = range.map { PostgresType(PQftype(result, $0)) }
    positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var count: Int { names.count }

  /// Whether no two columns share a name.
  var areDistinct: Bool { positions.count == names.count }

  /// The position of a column; the first of several that share a name.
  subscript(_ name: String) -> Int? { positions[name] }
}

/// The result of one statement. It never leaves the connection that made it: rows are decoded there.
final class ResultTable {
  private let result: OpaquePointer
  let columns: Columns
  /// The column behind the one read last. Rows are mostly read in the order of their columns, and comparing one name
  /// costs a fraction of looking it up.
  private var expected = 0

  /// Takes over the result and frees it at the end.
  init(_ result: OpaquePointer, columns: Columns? = nil) {
    self.result = result
    self.columns = columns ?? Columns(of: result)
  }

  deinit {
    PQclear(result)
  }

  var rowCount: Int32 { PQntuples(result) }

  /// How many rows the statement affected or returned; zero where that means nothing.
  var affectedRows: Int {
    PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
  }

  /// The command that was carried out, for example `COMMIT`.
  var command: String {
    PQcmdStatus(result).map { String(cString: $0) } ?? ""
  }

  /// The position of a column; the first of several that share a name.
  func position(of column: String) -> Int? {
    if expected < columns.count, columns.names[expected] == column, columns.areDistinct {
      expected += 1
      return expected - 1
    }
    let position = columns[column]
    if let position { expected = position + 1 }
    return position
  }

  func cell(row: Int32, column: Int) -> Cell {
    let column = Int32(column)
    let type = columns.types[Int(column)]
    guard PQgetisnull(result, row, column) == 0 else { return Cell(bytes: nil, type: type) }
    let length = Int(PQgetlength(result, row, column))
    return Cell(bytes: UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length), type: type)
  }

  func decode<T: RowDecodable>(as: T.Type = T.self) throws -> [T] {
    var values: [T] = []
    values.reserveCapacity(Int(rowCount))
    for index in 0..<rowCount { values.append(try T(row: Row(table: self, index: index))) }
    return values
  }
}
