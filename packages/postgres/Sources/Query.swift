// Several questions at once: statements that do not need each other's answers travel in one round trip, each with a
// type of its own.

/// A statement, and what its rows are read as.
public struct Query<Value: RowDecodable>: Sendable {
  /// What is asked, its parameters bound; it limits its rows itself.
  public let sql: SQL

  /// The type may be left out where the place of the query says it already.
  public init(_ sql: SQL, as: Value.Type = Value.self) {
    self.sql = sql
  }
}

extension Transaction {
  /// The rows of a query.
  public func all<Value: RowDecodable>(_ query: Query<Value>) async throws -> [Value] {
    try await self.query(query.sql)
  }

  /// Runs statements for their effect, in order and in one round trip, as far as the first that fails.
  public func execute(together statements: [SQL]) async throws {
    try await connection.run(statements, in: number) { _ in }
  }

  /// Runs statements for their effect without a round trip of their own: they travel with the next statement, or with
  /// the commit, and what they fail with is thrown there. Only what travels alone, a savepoint, a cursor or a COPY,
  /// sends them by themselves before it.
  /// - Throws: `BindingError` for a parameter that cannot be sent.
  public func execute(withNext statements: [SQL]) async throws {
    try await connection.keep(statements, in: number)
  }

  /// The rows of several queries, asked in order and in one round trip. Each may be as many as its statement says, so a
  /// query that is part of this limits itself like any other.
  public func together<each Value: RowDecodable>(
    _ queries: repeat Query<each Value>
  ) async throws -> (repeat [each Value]) {
    var statements: [SQL] = []
    for query in repeat each queries { statements.append(query.sql) }
    return try await connection.run(statements, in: number) { tables in
      var rest = tables.makeIterator()
      func next<Element: RowDecodable>(_: Element.Type) throws -> [Element] {
        guard let table = rest.next() else { throw PostgresError.closed }
        return try table.decode()
      }
      return (repeat try next((each Value).self))
    }
  }
}
