// Why the schema was not brought up to date. Each case names the file, as the operator has to look at it.

/// Why migrating stopped. What was applied before stays; the file that failed left nothing.
public enum MigrationError: Error, Hashable, Sendable {
  /// The folder cannot be read.
  case unreadable(path: String)
  /// A file whose name is not `NNNN_name.sql`.
  case misnamed(String)
  /// A number between the first and the last that no file has.
  case gap(Int)
  /// Two files of one number.
  case repeated(Int)
  /// A file that was changed after it was applied.
  case changed(String)
  /// A file that was applied and is no longer there.
  case missing(String)
  /// A file that was not applied although a later one was.
  case outOfOrder(String)
  /// A file that ends the transaction it runs in.
  case endsTransaction(String)
  /// A file that the database refused, with the line where that is known.
  case failed(String, PostgresError, line: Int?)
}
