// The beginning, the statements and the end of a transaction on its connection.

import CPostgres

extension Connection {
  /// Begins a transaction and makes its settings, in one round trip; its result is the number of the transaction.
  func begin(_ settings: TransactionSettings) async -> Ending<Int> {
    let number = nextTransaction()
    do {
      let beginning = try settings.beginning()
      try probe()
      _ = try await cancellable { try $0.pipeline(beginning) }
      transaction = number
      failure = nil
      waiting = []
      return Ending(result: .success(number), isReusable: true)
    } catch {
      return Ending(result: .failure(error), isReusable: clean())
    }
  }

  /// Runs a statement of a transaction and reads its result while still on the connection's thread.
  func run<R: Sendable>(
    _ sql: SQL, in number: Int, _ preparation: Preparation = .kept, _ read: @Sendable (ResultTable) throws -> R
  ) async throws -> R {
    try check(number)
    try sql.parameters.check()
    do {
      return try await cancellable { wire in
        let ahead = takeWaiting()
        switch preparation {
        case .kept where ahead.isEmpty: return try read(try wire.run(sql))
        case .kept: return try read(try wire.pipeline(ahead + [sql])[ahead.count])
        case .none:
          try send(ahead, on: wire)
          return try read(try wire.once(sql))
        }
      }
    } catch let error as PostgresError {
      failure = error
      throw error
    }
  }

  /// Runs several statements of a transaction in one round trip, and reads their results while still on the thread.
  func run<R: Sendable>(
    _ statements: [SQL], in number: Int, _ read: @Sendable ([ResultTable]) throws -> R
  ) async throws -> R {
    try check(number)
    for sql in statements { try sql.parameters.check() }
    do {
      return try await cancellable { wire in
        let ahead = takeWaiting()
        return try read(Array(try wire.pipeline(ahead + statements).dropFirst(ahead.count)))
      }
    } catch let error as PostgresError {
      failure = error
      throw error
    }
  }

  /// Keeps statements of a transaction until the next one, or the commit, takes them along.
  func keep(_ statements: [SQL], in number: Int) throws {
    try check(number)
    for sql in statements { try sql.parameters.check() }
    waiting += statements
  }

  /// What has waited for the next statement. Asked for only where that is sent: a task that was cancelled before, and a
  /// parameter that cannot be sent, leave it waiting.
  func takeWaiting() -> [SQL] {
    defer { waiting = [] }
    return waiting
  }

  /// Sends what has waited before something that travels alone.
  func send(_ ahead: [SQL], on wire: Wire) throws {
    guard !ahead.isEmpty else { return }
    tally?.count()
    _ = try wire.pipeline(ahead)
  }

  /// Whether a statement is prepared and kept, or comes only once.
  enum Preparation: Sendable {
    case kept, none
  }

  /// Undoes a savepoint. Not cancelled with the task, as it is what a cancellation leads to. A failure leaves the
  /// transaction failed, so that it can do nothing more and cannot commit; the error that led here is the one to throw.
  func undo(_ savepoint: String, in number: Int) {
    do {
      try check(number)
      // What waited before the savepoint was sent with it, so this is of its own making.
      waiting = []
      try openWire().script("ROLLBACK TO SAVEPOINT \(savepoint); RELEASE SAVEPOINT \(savepoint)")
      failure = nil
    } catch {
      failure = failure ?? error as? PostgresError
    }
  }

  /// Commits. Not cancelled with the task: what was decided is carried out, or its failure is known.
  func commit(_ number: Int) -> Ending<Void> {
    do {
      try check(number)
      let wire = try openWire()
      switch wire.transactionStatus {
      case PQTRANS_INTRANS: break
      case PQTRANS_INERROR: throw failure ?? TransactionError.rolledBack
      case PQTRANS_IDLE: throw TransactionError.endedByStatement
      default: throw failure ?? PostgresError.closed
      }
      transaction = nil
      tally?.count()
      let tables = try wire.committing(takeWaiting())
      // A transaction that cannot commit any more answers COMMIT with ROLLBACK, which is no error to the server.
      guard tables[tables.count - 2].command == "COMMIT" else { throw failure ?? TransactionError.rolledBack }
      let isReusable = Self.isClean(tables[tables.count - 1]) && wire.transactionStatus == PQTRANS_IDLE
      return Ending(result: .success(()), isReusable: isReusable)
    } catch {
      transaction = nil
      return Ending(result: .failure(error), isReusable: clean())
    }
  }

  /// Rolls back; returns whether the connection can be used again.
  func rollback(_ number: Int) -> Bool {
    guard transaction == number else { return false }
    transaction = nil
    return clean()
  }

  func check(_ number: Int) throws {
    guard transaction == number else { throw TransactionError.ended }
    guard !isCopying else { throw TransactionError.copying }
  }

  /// Ends whatever transaction is open and asks for what was left over.
  private func clean() -> Bool {
    guard !isCopying else { return false }
    let check = TransactionSettings.cleanliness
    do {
      let wire = try openWire()
      switch wire.transactionStatus {
      case PQTRANS_IDLE: return Self.isClean(try wire.run(check))
      case PQTRANS_INTRANS, PQTRANS_INERROR: break
      default: return false
      }
      let tables = try wire.pipeline(["ROLLBACK", check])
      return Self.isClean(tables[1]) && wire.transactionStatus == PQTRANS_IDLE
    } catch {
      // Not silenced: the connection is closed, and the error that led here is already on its way.
      return false
    }
  }
}

extension Wire {
  /// The last statements of a transaction, COMMIT and the check behind it. When the connection breaks meanwhile nobody
  /// knows whether the commit happened, so the error says just that and must not be taken for one after which the
  /// transaction can be repeated.
  fileprivate func committing(_ last: [SQL]) throws -> [ResultTable] {
    do {
      return try pipeline(last + ["COMMIT", TransactionSettings.cleanliness])
    } catch let error as PostgresError where error.isConnectionLoss {
      throw PostgresError(sqlState: .transactionResolutionUnknown, message: error.message)
    }
  }
}
