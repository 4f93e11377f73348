// An error as PostgreSQL reports it, field by field, so that rules look at states and constraints and never at wording.

/// An error that PostgreSQL, or the connection to it, reported.
public struct PostgresError: Error, Hashable, Sendable {
  /// What rules ask. Where libpq speaks for itself it is `connectionFailure` or `internalError`.
  public let sqlState: SQLState
  /// What happened, in one line.
  public let message: String
  /// More about it; may quote values of the row, so it belongs in no log and on no page.
  public var detail: String?
  /// What the server advises, as a column that was perhaps meant; most errors have none.
  public var hint: String?
  /// The table whose row or rule it is about, without its schema; a trigger of ours may name it.
  public var table: String?
  /// The column, where it is about one alone, as NULL in a column that takes none.
  public var column: String?
  /// The rule that was broken, by its name in the migrations or as a trigger of ours names it: what callers ask for.
  public var constraint: String?
  /// Where in the statement, counted in characters from 1.
  public var position: Int?

  package init(sqlState: SQLState, message: String) {
    self.sqlState = sqlState
    self.message = message
  }

  /// Whether the same transaction may succeed when it is run again from its start.
  public var isRetryable: Bool {
    sqlState == .serializationFailure || sqlState == .deadlockDetected
  }

  /// Whether the connection is gone, or was never made.
  public var isConnectionLoss: Bool {
    sqlState.rawValue.hasPrefix("08") || Self.lossStates.contains(sqlState)
  }

  private static let lossStates: Set<SQLState> = [
    .adminShutdown, .crashShutdown, .cannotConnectNow, .idleInTransactionTimeout,
  ]
}

extension PostgresError: CustomStringConvertible {
  /// The state, the message and the names, without the detail: safe for a log.
  public var description: String {
    let names = [("constraint", constraint), ("table", table), ("column", column)]
    let known = names.compactMap { label, name in name.map { "\(label) \($0)" } }
    return "\(sqlState.rawValue) \(message)" + (known.isEmpty ? "" : " (\(known.joined(separator: ", ")))")
  }
}
