// A connection as libpq has it: one PGconn and what was prepared on it. Every call blocks; the actor `Connection` owns
// the only reference and makes the calls on its own thread.

import CPostgres

/// A PGconn with its prepared statements.
final class Wire {
  private(set) var connection: OpaquePointer?
  var cache = StatementCache()

  /// Connects. A keyword that stands later overrides an earlier one, so what comes after `dbname`, which libpq expands,
  /// overrides what the connection string says.
  init(_ parameters: ConnectionParameters) throws(PostgresError) {
    let keywords = parameters.keywords
    let connection = Self.withCStrings(keywords.map(\.name)) { names in
      Self.withCStrings(keywords.map(\.value)) { values in PQconnectdbParams(names, values, 1) }
    }
    guard let connection else { throw .closed }
    guard PQstatus(connection) == CONNECTION_OK else {
      let error = PostgresError(connection: connection)
      PQfinish(connection)
      throw error
    }
    // A notice is for a person at a prompt; libpq would print it on our standard error.
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    self.connection = connection
  }

  deinit {
    finish()
  }

  func finish() {
    if let connection { PQfinish(connection) }
    connection = nil
  }

  func open() throws(PostgresError) -> OpaquePointer {
    guard let connection else { throw .closed }
    return connection
  }

  /// Whether a transaction is open, failed, or none is; unknown when the connection is gone.
  var transactionStatus: PGTransactionStatusType {
    connection.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN
  }

  /// Runs a text of any number of statements, without parameters. A COPY in it is refused.
  func script(_ text: String) throws {
    guard let result = PQexec(try open(), text) else { throw try lastError() }
    _ = try table(result)
  }

  /// Runs one statement without preparing it: for texts that come only once.
  func once(_ sql: SQL) throws -> ResultTable {
    try sql.parameters.check()
    let connection = try open()
    let text = sql.text
    let count = Int32(sql.parameters.count)
    let result = sql.parameters.withPointers { values, lengths, formats in
      PQexecParams(connection, text, count, sql.parameters.types, values, lengths, formats, 1)
    }
    guard let result else { throw try lastError() }
    return try table(result)
  }

  /// Takes over a result, or throws the error that it reports.
  func table(_ result: OpaquePointer, columns: Columns? = nil) throws -> ResultTable {
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      return ResultTable(result, columns: columns)
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      PQclear(result)
      // The server now waits for a COPY that nobody will carry out; only the end of the connection ends it.
      finish()
      throw TransactionError.copyMismatch
    default:
      defer { PQclear(result) }
      throw PostgresError(result: result, connection: try open())
    }
  }

  func lastError() throws(PostgresError) -> PostgresError {
    PostgresError(connection: try open())
  }

  /// Lends a list of strings as C strings with a null pointer at its end.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    var bytes: [CChar] = []
    let offsets = strings.map { string in
      defer { bytes.append(contentsOf: string.utf8CString) }
      return bytes.count
    }
    return bytes.withUnsafeBufferPointer { bytes in
      let pointers: [UnsafePointer<CChar>?] = offsets.map { offset in bytes.baseAddress.map { $0 + offset } } + [nil]
      return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }
}
