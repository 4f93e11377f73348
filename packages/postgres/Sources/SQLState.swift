// The five characters by which PostgreSQL tells errors apart [PostgreSQL 15 manual, appendix A].

/// The code of an error of PostgreSQL.
public struct SQLState: RawRepresentable, Hashable, Sendable {
  /// Five digits or capital letters, as `23505`; the first two are the class of the error.
  public let rawValue: String

  /// Any code, also one that has no name below.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The connection broke, was closed before, or could not be made; what this package says where no server answers.
  public static let connectionFailure = SQLState(rawValue: "08006")
  /// The connection was lost while a commit was under way: it may or may not have happened.
  public static let transactionResolutionUnknown = SQLState(rawValue: "08007")
  /// Something PostgreSQL cannot do; above all running a prepared statement whose result a migration has changed.
  public static let featureNotSupported = SQLState(rawValue: "0A000")
  /// A text that its type does not read, as `x` for a `uuid`.
  public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  /// NULL for a column that takes none; `PostgresError.column` says which.
  public static let notNullViolation = SQLState(rawValue: "23502")
  /// A row points to one that is not there, or one goes that another still points to.
  public static let foreignKeyViolation = SQLState(rawValue: "23503")
  /// A key that may be there once is there already; `PostgresError.constraint` says which.
  public static let uniqueViolation = SQLState(rawValue: "23505")
  /// A row that breaks a CHECK, or a rule of our triggers, which raise this code with a name of their own.
  public static let checkViolation = SQLState(rawValue: "23514")
  /// A transaction did nothing for longer than its pool allows, and the server ended its connection.
  public static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
  /// A transaction cannot count as having run alone; it can be run again from its start.
  public static let serializationFailure = SQLState(rawValue: "40001")
  /// Transactions waited for each other, and this one was ended for it; it can be run again from its start.
  public static let deadlockDetected = SQLState(rawValue: "40P01")
  /// The role may not, a row-level policy says no, or a write has no audit event: our triggers raise it too.
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// The text is not SQL: a mistake in the source, as no other text becomes part of a statement.
  public static let syntaxError = SQLState(rawValue: "42601")
  /// No such table, or not in sight of the role's search path: program and migrations do not fit together.
  public static let undefinedTable = SQLState(rawValue: "42P01")
  /// No such column: a mistake in a statement, or program and migrations do not fit together.
  public static let undefinedColumn = SQLState(rawValue: "42703")
  /// A lock was not to be had in the time that the pool, or the statement itself, waits for one.
  public static let lockNotAvailable = SQLState(rawValue: "55P03")
  /// A statement took longer than it may, or was cancelled. A cancelled task gets a `CancellationError` instead.
  public static let queryCanceled = SQLState(rawValue: "57014")
  /// Somebody is stopping the server, or ended this connection on it.
  public static let adminShutdown = SQLState(rawValue: "57P01")
  /// A process of the server crashed, and with it every connection was ended.
  public static let crashShutdown = SQLState(rawValue: "57P02")
  /// The server is starting, stopping or recovering, and takes nobody in yet.
  public static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// A RAISE without a code. Our migrations give each of theirs one, so this comes from elsewhere.
  public static let raisedException = SQLState(rawValue: "P0001")
  /// A fault within the server, or one that libpq reports while the connection still stands.
  public static let internalError = SQLState(rawValue: "XX000")
}
