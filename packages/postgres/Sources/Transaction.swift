// A transaction as its code sees it: statements in, values out.

/// A transaction, valid inside the closure that it was given to; used later, it throws `TransactionError.ended`.
public struct Transaction: Sendable {
  /// What it began with.
  public let settings: TransactionSettings
  let connection: Connection
  let number: Int

  /// The rows of a statement.
  public func query<T: RowDecodable>(_ sql: SQL, as: T.Type = T.self) async throws -> [T] {
    try await connection.run(sql, in: number) { try $0.decode() }
  }

  /// The only row of a statement, or `nil`; throws when there is more than one.
  public func first<T: RowDecodable>(_ sql: SQL, as: T.Type = T.self) async throws -> T? {
    try await connection.run(sql, in: number) { table -> T? in
      guard table.rowCount <= 1 else { throw RowError.moreThanOneRow }
      return try table.decode(as: T.self).first
    }
  }

  /// Runs a statement for its effect; returns how many rows it affected.
  @discardableResult
  public func execute(_ sql: SQL) async throws -> Int {
    try await connection.run(sql, in: number) { $0.affectedRows }
  }

  /// Runs a part of the transaction that can fail by itself: when the closure throws, what it did is undone and the
  /// transaction goes on.
  public func savepoint<R: Sendable>(_ body: (Transaction) async throws -> R) async throws -> R {
    let name = "ops_savepoint_\(await connection.nextName())"
    try await connection.run(SQL(trusted: "SAVEPOINT \(name)"), in: number, .none) { _ in }
    let result: R
    do {
      result = try await body(self)
      try await connection.run(SQL(trusted: "RELEASE SAVEPOINT \(name)"), in: number, .none) { _ in }
    } catch {
      await connection.undo(name, in: number)
      throw error
    }
    return result
  }
}
