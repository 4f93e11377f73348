// Reads the fields of an error out of libpq.

import CPostgres

extension PostgresError {
  /// The error that a result reports.
  init(result: OpaquePointer, connection: OpaquePointer) {
    func field(_ code: UnicodeScalar) -> String? {
      PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
    guard let state = field("C") else {
      // libpq made this result itself, because the connection broke. Where that was while something was being sent,
      // libpq goes on calling it open, in case the server said why [fe-exec.c, pqSaveWriteError].
      self.init(sqlState: .connectionFailure, message: PostgresError(connection: connection).message)
      return
    }
    self.init(sqlState: SQLState(rawValue: state), message: field("M") ?? "The server gave no message.")
    detail = field("D")
    hint = field("H")
    table = field("t")
    column = field("c")
    constraint = field("n")
    position = field("P").flatMap { Int($0) }
  }

  /// What libpq last said about a connection.
  init(connection: OpaquePointer) {
    let said = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    let lines = said.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.init(
      sqlState: PQstatus(connection) == CONNECTION_OK ? .internalError : .connectionFailure,
      message: lines.isEmpty ? "The connection failed without a message." : lines)
  }

  /// The connection was closed before.
  static var closed: PostgresError {
    PostgresError(sqlState: .connectionFailure, message: "The connection is closed.")
  }
}
