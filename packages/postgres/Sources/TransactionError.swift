// What can go wrong with a transaction that is not an error of PostgreSQL: always a mistake of the code that uses it.

/// A wrong use of a transaction.
public enum TransactionError: Error, Hashable, Sendable {
  /// It was used after its closure returned.
  case ended
  /// A statement inside ended the transaction, so that what followed ran outside of it.
  case endedByStatement
  /// A statement failed, the closure went on as if it had not, and the server rolled everything back.
  case rolledBack
  /// A setting that no policy knows.
  case unknownSetting(String)
  /// A setting that is given twice.
  case repeatedSetting(String)
  /// A COPY is under way; nothing else can run until it has ended.
  case copying
  /// The statement is not a COPY … FROM STDIN, or it is one and was not run through `copy`.
  case copyMismatch
  /// A statement without parameters is needed here: COPY cannot bind them.
  case parametersInCopy
}
