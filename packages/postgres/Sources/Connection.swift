// A connection with a thread of its own: the actor's executor is that thread, so blocking calls of libpq block nothing
// else. One transaction uses it at a time, known by its number.

import CPostgres

/// One connection to the database.
package actor Connection {
  private let thread: WorkerThread
  /// Counts what is sent; `nil` for a connection that nobody counts.
  let tally: RoundTripTally?
  let gate = CancelGate()
  private var wire: Wire?
  /// The transaction that has the connection; every use names its own, so that one that has ended is found out.
  var transaction: Int?
  private var transactions = 0
  /// The last error of a statement in the transaction, thrown when its code went on as if nothing had happened.
  var failure: PostgresError?
  var isCopying = false
  /// Statements of the transaction that travel with whatever comes next.
  var waiting: [SQL] = []
  private var names = 0

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  private init(name: String, _ tally: RoundTripTally?) {
    thread = WorkerThread(name: "pg-\(name)")
    self.tally = tally
  }

  deinit {
    thread.close()
  }

  /// Opens a connection. Not cancelled with the task: `connect_timeout` bounds it.
  package static func open(
    _ parameters: ConnectionParameters, counting tally: RoundTripTally? = nil
  ) async throws -> Connection {
    let connection = Connection(name: parameters.applicationName, tally)
    try await connection.connect(parameters)
    return connection
  }

  private func connect(_ parameters: ConnectionParameters) throws {
    let wire = try Wire(parameters)
    self.wire = wire
    gate.connect(CancelHandle(connection: try wire.open()))
  }

  /// Ends the connection, and its thread with it.
  package func close() {
    gate.connect(nil)
    wire?.finish()
    thread.close()
  }

  /// Runs a text of any number of statements. Outside of a transaction they are one transaction, unless they say so.
  package func script(_ text: String) async throws {
    try await cancellable { try $0.script(text) }
  }

  /// Runs one statement outside of a transaction, and asks in the same round trip whether it left anything behind.
  func alone<T: Sendable>(_ sql: SQL, _ read: @Sendable (ResultTable) throws -> T) async -> Ending<T> {
    do {
      try probe()
      let (value, isClean) = try await cancellable { wire in
        let tables = try wire.pipeline([sql, TransactionSettings.cleanliness])
        return (Result { try read(tables[0]) }, Self.isClean(tables[1]))
      }
      return Ending(result: value, isReusable: isClean && wire?.transactionStatus == PQTRANS_IDLE)
    } catch {
      return Ending(result: .failure(error), isReusable: wire?.transactionStatus == PQTRANS_IDLE)
    }
  }

  /// Finds out whether the server ended the connection while it lay idle.
  func probe() throws {
    guard let wire, wire.isAlive else { throw ConnectionGone() }
  }

  /// Whether a transaction is open and has not failed.
  var isInTransaction: Bool {
    wire?.transactionStatus == PQTRANS_INTRANS
  }

  func nextName() -> Int {
    names += 1
    return names
  }

  func nextTransaction() -> Int {
    transactions += 1
    return transactions
  }

  /// Does something that a cancelled task need not wait for: the statement under way is cancelled on the server.
  func cancellable<R>(_ work: (Wire) throws -> R) async throws -> R {
    try Task.checkCancellation()
    let wire = try openWire()
    tally?.count()
    let statement = gate.enter()
    return try await withTaskCancellationHandler {
      defer { gate.leave() }
      do {
        return try work(wire)
      } catch let error as PostgresError where error.sqlState == .queryCanceled && Task.isCancelled {
        throw CancellationError()
      }
    } onCancel: {
      gate.cancel(statement)
    }
  }

  func openWire() throws(PostgresError) -> Wire {
    guard let wire, wire.connection != nil else { throw .closed }
    return wire
  }

  /// Whether the answer to `TransactionSettings.cleanliness` is true; NULL or anything else is not.
  static func isClean(_ table: ResultTable) -> Bool {
    table.rowCount == 1 && table.cell(row: 0, column: 0).bytes?.elementsEqual([1]) == true
  }
}

/// How the use of a connection ended.
struct Ending<Value: Sendable>: Sendable {
  let result: Result<Value, any Error>
  /// Whether the connection is as it was opened; otherwise it is to be closed.
  let isReusable: Bool

  /// The value, or the error in the terms of callers, for whom a connection that was gone is simply lost.
  func get() throws -> Value {
    if case .failure(is ConnectionGone) = result { throw PostgresError.closed }
    return try result.get()
  }
}
