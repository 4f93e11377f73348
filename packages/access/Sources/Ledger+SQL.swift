// The audited transaction's SQL, passed on to its connection.

public import Postgres

extension AuditedTransaction {
  /// The rows of a query.
  public func query<Record: RowDecodable>(_ sql: SQL, as type: Record.Type = Record.self) async throws -> [Record] {
    try await self.sql.query(sql, as: type)
  }

  /// The rows of a query.
  public func all<Record: RowDecodable>(_ query: Query<Record>) async throws -> [Record] {
    try await sql.all(query)
  }

  /// The rows of several queries, asked in one round trip.
  public func together<each Record: RowDecodable>(
    _ queries: repeat Query<each Record>
  ) async throws -> (repeat [each Record]) {
    try await sql.together(repeat each queries)
  }

  /// The one row of a query, or `nil`.
  public func first<Record: RowDecodable>(_ sql: SQL, as type: Record.Type = Record.self) async throws -> Record? {
    try await self.sql.first(sql, as: type)
  }

  /// Runs a statement and returns how many rows it touched.
  @discardableResult
  public func execute(_ sql: SQL) async throws -> Int {
    try await self.sql.execute(sql)
  }
}
