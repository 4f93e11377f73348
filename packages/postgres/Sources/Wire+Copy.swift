// The COPY protocol and the look at an idle socket.

import CPostgres
import Glibc

extension Wire {
  /// Whether an idle connection is still there, without a round trip. What waits to be read on it is the server's
  /// farewell. It may be a changed setting of the server too; then a good connection is replaced, which does no harm.
  var isAlive: Bool {
    guard let connection, PQstatus(connection) == CONNECTION_OK else { return false }
    var socket = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
    return poll(&socket, 1, 0) == 0
  }

  func startCopy(_ text: String) throws {
    guard let result = PQexec(try open(), text) else { throw try lastError() }
    guard PQresultStatus(result) != PGRES_COPY_IN else {
      PQclear(result)
      return
    }
    _ = try table(result)
    throw TransactionError.copyMismatch
  }

  func putCopy(_ bytes: [UInt8]) throws {
    let connection = try open()
    let sent = bytes.withUnsafeBytes { bytes in
      PQputCopyData(connection, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
    }
    guard sent == 1 else { throw try lastError() }
  }

  /// Ends a COPY, with its rows or, given a reason, without them; returns how many were taken.
  func endCopy(refusing reason: String?) throws -> Int {
    let connection = try open()
    guard PQputCopyEnd(connection, reason) == 1 else { throw try lastError() }
    guard let result = PQgetResult(connection) else { throw try lastError() }
    // Nothing follows but the null pointer that ends the command.
    while let rest = PQgetResult(connection) { PQclear(rest) }
    return try table(result).affectedRows
  }
}
