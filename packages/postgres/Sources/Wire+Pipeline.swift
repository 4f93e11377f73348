// Several statements in one round trip, and the preparing of statements on the way [libpq's pipeline mode].

import CPostgres

extension Wire {
  /// Runs one statement, prepared once per connection: one round trip.
  func run(_ sql: SQL) throws -> ResultTable {
    try sql.parameters.check()
    let key = StatementKey(text: sql.text, types: sql.parameters.types)
    guard let statement = cache.find(key) else { return try pipeline([sql])[0] }
    let connection = try open()
    let result = sql.parameters.withPointers { values, lengths, formats in
      PQexecPrepared(connection, statement.name, Int32(sql.parameters.count), values, lengths, formats, 1)
    }
    guard let result else { throw try lastError() }
    return try finished(result, Step(key: key, statement: statement, isNew: false))
  }

  /// Runs statements in order and in one round trip, as far as the first that fails, whose error is thrown.
  func pipeline(_ statements: [SQL]) throws -> [ResultTable] {
    for sql in statements { try sql.parameters.check() }
    let keys = statements.map { StatementKey(text: $0.text, types: $0.parameters.types) }
    try makeRoom(for: keys.count { cache.find($0) == nil })
    let connection = try open()
    guard PQenterPipelineMode(connection) == 1 else { throw try lastError() }
    let steps = try zip(statements, keys).map { try send($0, $1, on: connection) }
    guard PQpipelineSync(connection) == 1 else { throw try broken() }
    let results = Result { try receive(steps, on: connection) }
    // Given up on the way, there is nothing left to leave: libpq has freed what it had of it.
    guard self.connection != nil else { return try results.get() }
    guard PQexitPipelineMode(connection) == 1 else {
      _ = try results.get()
      throw try broken()
    }
    return try results.get()
  }

  /// One statement under way in a pipeline.
  private struct Step {
    let key: StatementKey
    let statement: PreparedStatement
    let isNew: Bool
  }

  private func send(_ sql: SQL, _ key: StatementKey, on connection: OpaquePointer) throws -> Step {
    let known = cache.find(key)
    let statement = known ?? PreparedStatement(name: cache.nextName())
    let count = Int32(sql.parameters.count)
    if known == nil, PQsendPrepare(connection, statement.name, key.text, count, key.types) != 1 { throw try broken() }
    let sent = sql.parameters.withPointers { values, lengths, formats in
      PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 1)
    }
    guard sent == 1 else { throw try broken() }
    return Step(key: key, statement: statement, isNew: known == nil)
  }

  /// Reads the answers of all steps and of the sync behind them, even after an error, so that the connection can go on.
  private func receive(_ steps: [Step], on connection: OpaquePointer) throws -> [ResultTable] {
    var tables: [ResultTable] = []
    var failure: (any Error)?
    func take(_ result: OpaquePointer, _ step: Step) -> ResultTable? {
      guard PQresultStatus(result) != PGRES_PIPELINE_ABORTED else {
        PQclear(result)
        return nil
      }
      do {
        return try finished(result, step)
      } catch {
        failure = failure ?? error
        return nil
      }
    }
    /// Of a connection that was given up nothing more can be read.
    func demandOpen() throws {
      if self.connection == nil { throw failure ?? PostgresError.closed }
    }
    for step in steps {
      if step.isNew, take(try answer(on: connection), step) != nil {
        cache.insert(step.statement, for: step.key)
      }
      try demandOpen()
      if let table = take(try answer(on: connection), step) { tables.append(table) }
      try demandOpen()
    }
    guard let sync = PQgetResult(connection) else { throw try broken() }
    defer { PQclear(sync) }
    guard PQresultStatus(sync) == PGRES_PIPELINE_SYNC else { throw try failure ?? broken() }
    if let failure { throw failure }
    return tables
  }

  /// The one result of a command, and the null pointer that libpq puts behind it.
  private func answer(on connection: OpaquePointer) throws -> OpaquePointer {
    guard let result = PQgetResult(connection) else { throw try broken() }
    guard PQstatus(connection) == CONNECTION_OK else {
      defer { PQclear(result) }
      let error = PostgresError(result: result, connection: connection)
      finish()
      throw error
    }
    if let unexpected = PQgetResult(connection) {
      PQclear(unexpected)
      PQclear(result)
      throw try broken()
    }
    return result
  }

  private func finished(_ result: OpaquePointer, _ step: Step) throws -> ResultTable {
    do {
      let hasRows = PQresultStatus(result) == PGRES_TUPLES_OK
      let table = try table(result, columns: hasRows ? step.statement.columns : nil)
      if hasRows { step.statement.columns = table.columns }
      return table
    } catch let error as PostgresError where error.sqlState == .featureNotSupported && !step.isNew {
      // A changed table makes the server refuse the prepared plan for good; the next use prepares the text anew.
      cache.remove(step.key)
      throw error
    }
  }

  /// Gives up the connection: client and server no longer agree on what was sent.
  private func broken() throws -> PostgresError {
    let connection = try open()
    let said = PostgresError(connection: connection)
    finish()
    return PostgresError(sqlState: .connectionFailure, message: said.message)
  }

  /// Keeps the cache within its limit. A failed transaction can neither give up nor prepare a statement.
  private func makeRoom(for count: Int) throws {
    guard transactionStatus != PQTRANS_INERROR else { return }
    while let oldest = cache.leastRecentlyUsed(over: StatementCache.limit - count) {
      try script("DEALLOCATE \(oldest.name)")
      cache.remove(oldest.key)
    }
  }
}
