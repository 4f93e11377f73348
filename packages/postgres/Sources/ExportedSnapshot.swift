// One snapshot in several transactions, so that two connections read one state side by side [PostgreSQL, SET
// TRANSACTION SNAPSHOT].

/// What a transaction sees, for others to see the same; it can be adopted as long as that transaction lasts.
public struct ExportedSnapshot: Hashable, Sendable, PostgresDecodable, RowDecodable {
  private let id: String

  /// Only what cannot end the quotation it stands in: the statement that adopts a snapshot takes no parameters.
  public init(cell: Cell) throws {
    id = try String(cell: cell)
    guard id.utf8.allSatisfy({ Self.letters.contains($0) }) else { throw CellError.malformed }
  }

  /// Comes before everything else in a transaction that is to see the same.
  var adoption: SQL { SQL(trusted: "SET TRANSACTION SNAPSHOT '\(id)'") }

  private static let letters = Set("0123456789ABCDEF-".utf8)
}

extension Transaction {
  /// Lets other transactions see what this one sees.
  /// - Throws: `PostgresError` inside a savepoint.
  public func exportSnapshot() async throws -> ExportedSnapshot {
    try await query("SELECT pg_export_snapshot()", as: ExportedSnapshot.self)[0]
  }
}
