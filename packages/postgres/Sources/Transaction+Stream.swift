// Results of any length in constant memory, through a cursor on the server.

extension Transaction {
  /// Hands the rows of a statement to the closure in batches, in order.
  public func stream<T: RowDecodable>(
    _ sql: SQL, as: T.Type = T.self, batch: Int = 500, body: ([T]) async throws -> Void
  ) async throws {
    precondition(batch > 0, "A batch has at least one row.")
    let name = "ops_cursor_\(await connection.nextName())"
    let declare = SQL(trusted: "DECLARE \(name) NO SCROLL CURSOR FOR ") + sql
    let fetch = SQL(trusted: "FETCH \(batch) FROM \(name)")
    try await connection.run(declare, in: number, .none) { _ in }
    // Ends with the first batch that is not full.
    while true {
      let rows: [T] = try await connection.run(fetch, in: number, .none) { try $0.decode() }
      if !rows.isEmpty { try await body(rows) }
      if rows.count < batch { break }
    }
    // After an error the end of the transaction, or of the savepoint around it, closes the cursor.
    try await connection.run(SQL(trusted: "CLOSE \(name)"), in: number, .none) { _ in }
  }
}
