// The connections of one role. A connection is lent for one transaction, or one statement, and comes back clean or is
// closed: nothing that one piece of work set can be seen by the next.

import Logging
import Metrics

/// The connections of one role, opened when they are needed and shared by turns.
final class ConnectionPool: Sendable {
  private let parameters: ConnectionParameters
  private let line: WaitingLine
  let tally = RoundTripTally()
  private let logger: Logger
  private let waitTimer: Metrics.Timer
  private let openedCounter: Counter
  private let discardedCounter: Counter

  init(conninfo: String, settings: PoolSettings, logger: Logger) {
    parameters = ConnectionParameters(conninfo: conninfo, pool: settings)
    line = WaitingLine(limit: settings.size, waitSeconds: settings.waitSeconds)
    var logger = logger
    logger[metadataKey: "pool"] = "\(settings.role.rawValue)"
    self.logger = logger
    let dimensions = [("pool", settings.role.rawValue)]
    waitTimer = Metrics.Timer(label: "postgres_pool_wait", dimensions: dimensions)
    openedCounter = Counter(label: "postgres_connections_opened_total", dimensions: dimensions)
    discardedCounter = Counter(label: "postgres_connections_discarded_total", dimensions: dimensions)
  }

  var status: PoolStatus { line.status }

  /// Lends no connection any more. Those that are lent are closed when they come back.
  func close() async {
    for connection in line.close() { await connection.close() }
  }

  /// Runs the closure in a transaction, once.
  func transaction<R: Sendable>(
    _ settings: TransactionSettings, _ body: @Sendable (Transaction) async throws -> R
  ) async throws -> R {
    let (connection, number) = try await begin(settings)
    let result: R
    do {
      result = try await body(Transaction(settings: settings, connection: connection, number: number))
    } catch {
      await giveBack(connection, isReusable: await connection.rollback(number))
      throw error
    }
    let ending = await connection.commit(number)
    await giveBack(connection, isReusable: ending.isReusable)
    try ending.get()
    return result
  }

  /// Runs one statement by itself.
  func alone<R: Sendable>(_ sql: SQL, _ read: @Sendable (ResultTable) throws -> R) async throws -> R {
    var lease = try await lease()
    var ending = await lease.connection.alone(sql, read)
    // Only a connection that was found dead before anything was sent: a statement may have been carried out otherwise.
    if lease.isReused, case .failure(is ConnectionGone) = ending.result {
      lease = try await replace(lease)
      ending = await lease.connection.alone(sql, read)
    }
    await giveBack(lease.connection, isReusable: ending.isReusable)
    return try ending.get()
  }

  private struct Lease {
    let connection: Connection
    let isReused: Bool
  }

  private func begin(_ settings: TransactionSettings) async throws -> (Connection, Int) {
    var lease = try await lease()
    var ending = await lease.connection.begin(settings)
    // A server that was restarted leaves dead connections behind. Nothing but BEGIN was sent, so it can be sent again.
    if lease.isReused, case .failure(let error) = ending.result, Self.isLoss(error) {
      lease = try await replace(lease)
      ending = await lease.connection.begin(settings)
    }
    do {
      return (lease.connection, try ending.get())
    } catch {
      await giveBack(lease.connection, isReusable: ending.isReusable)
      throw error
    }
  }

  private static func isLoss(_ error: any Error) -> Bool {
    error is ConnectionGone || (error as? PostgresError)?.isConnectionLoss == true
  }

  private func lease() async throws -> Lease {
    let clock = ContinuousClock()
    let start = clock.now
    let turn = try await line.enter()
    waitTimer.record(duration: clock.now - start)
    switch turn {
    case .reuse(let connection): return Lease(connection: connection, isReused: true)
    case .open: return Lease(connection: try await open(), isReused: false)
    }
  }

  private func open() async throws -> Connection {
    do {
      let connection = try await Connection.open(parameters, counting: tally)
      openedCounter.increment()
      return connection
    } catch {
      line.leave()
      throw error
    }
  }

  /// A new connection in the place of a dead one.
  private func replace(_ lease: Lease) async throws -> Lease {
    logger.info("An idle database connection was gone and is replaced.")
    discardedCounter.increment()
    await lease.connection.close()
    return Lease(connection: try await open(), isReused: false)
  }

  private func giveBack(_ connection: Connection, isReusable: Bool) async {
    guard isReusable else {
      logger.warning("A database connection came back unusable or not clean and is closed.")
      discardedCounter.increment()
      await connection.close()
      line.leave()
      return
    }
    if line.leave(connection) { await connection.close() }
  }
}
