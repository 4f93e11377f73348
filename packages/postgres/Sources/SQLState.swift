// The five characters by which PostgreSQL tells errors apart [PostgreSQL 15 manual, appendix A].

/// The code of an error of PostgreSQL.
package struct SQLState: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let connectionFailure = SQLState(rawValue: "08006")
  /// The connection was lost while a commit was under way: it may or may not have happened.
  package static let transactionResolutionUnknown = SQLState(rawValue: "08007")
  package static let featureNotSupported = SQLState(rawValue: "0A000")
  package static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  package static let notNullViolation = SQLState(rawValue: "23502")
  package static let foreignKeyViolation = SQLState(rawValue: "23503")
  package static let uniqueViolation = SQLState(rawValue: "23505")
  package static let checkViolation = SQLState(rawValue: "23514")
  package static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
  package static let serializationFailure = SQLState(rawValue: "40001")
  package static let deadlockDetected = SQLState(rawValue: "40P01")
  package static let insufficientPrivilege = SQLState(rawValue: "42501")
  package static let syntaxError = SQLState(rawValue: "42601")
  package static let undefinedTable = SQLState(rawValue: "42P01")
  package static let undefinedColumn = SQLState(rawValue: "42703")
  package static let lockNotAvailable = SQLState(rawValue: "55P03")
  package static let queryCanceled = SQLState(rawValue: "57014")
  package static let adminShutdown = SQLState(rawValue: "57P01")
  package static let crashShutdown = SQLState(rawValue: "57P02")
  package static let cannotConnectNow = SQLState(rawValue: "57P03")
  package static let raisedException = SQLState(rawValue: "P0001")
  package static let internalError = SQLState(rawValue: "XX000")
}
