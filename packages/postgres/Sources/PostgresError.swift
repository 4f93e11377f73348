// An error as PostgreSQL reports it, field by field, so that rules look at states and constraints and never at wording.

/// An error that PostgreSQL, or the connection to it, reported.
package struct PostgresError: Error, Hashable, Sendable {
  package let sqlState: SQLState
  /// What happened, in one line.
  package let message: String
  /// More about it; may quote values of the row, so it belongs in no log and on no page.
  package var detail: String?
  package var hint: String?
  package var schema: String?
  package var table: String?
  package var column: String?
  package var constraint: String?
  /// Where in the statement, counted in characters from 1.
  package var position: Int?

  package init(sqlState: SQLState, message: String) {
    self.sqlState = sqlState
    self.message = message
  }

  /// Whether the same transaction may succeed when it is run again from its start.
  package var isRetryable: Bool {
    sqlState == .serializationFailure || sqlState == .deadlockDetected
  }

  /// Whether the connection is gone, or was never made.
  package var isConnectionLoss: Bool {
    sqlState.rawValue.hasPrefix("08") || Self.lossStates.contains(sqlState)
  }

  private static let lossStates: Set<SQLState> = [
    .adminShutdown, .crashShutdown, .cannotConnectNow, .idleInTransactionTimeout,
  ]
}

extension PostgresError: CustomStringConvertible {
  /// The state, the message and the names, without the detail: safe for a log.
  package var description: String {
    let names = [("constraint", constraint), ("table", table), ("column", column)]
    let known = names.compactMap { label, name in name.map { "\(label) \($0)" } }
    return "\(sqlState.rawValue) \(message)" + (known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
  }
}
