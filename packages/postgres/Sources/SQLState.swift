// The five characters by which PostgreSQL tells errors apart [PostgreSQL 15 manual, appendix A].

/// The code of an error of PostgreSQL.
public struct SQLState: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  public static let connectionFailure = SQLState(rawValue: "08006")
  /// The connection was lost while a commit was under way: it may or may not have happened.
  public static let transactionResolutionUnknown = SQLState(rawValue: "08007")
  public static let featureNotSupported = SQLState(rawValue: "0A000")
  public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  public static let notNullViolation = SQLState(rawValue: "23502")
  public static let foreignKeyViolation = SQLState(rawValue: "23503")
  public static let uniqueViolation = SQLState(rawValue: "23505")
  public static let checkViolation = SQLState(rawValue: "23514")
  public static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
  public static let serializationFailure = SQLState(rawValue: "40001")
  public static let deadlockDetected = SQLState(rawValue: "40P01")
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  public static let syntaxError = SQLState(rawValue: "42601")
  public static let undefinedTable = SQLState(rawValue: "42P01")
  public static let undefinedColumn = SQLState(rawValue: "42703")
  public static let lockNotAvailable = SQLState(rawValue: "55P03")
  public static let queryCanceled = SQLState(rawValue: "57014")
  public static let adminShutdown = SQLState(rawValue: "57P01")
  public static let crashShutdown = SQLState(rawValue: "57P02")
  public static let cannotConnectNow = SQLState(rawValue: "57P03")
  public static let raisedException = SQLState(rawValue: "P0001")
  public static let internalError = SQLState(rawValue: "XX000")
}
