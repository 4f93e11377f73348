// The database as the rest of the program sees it: a pool for each role, transactions, and single statements.

public import Logging
import Metrics

/// The database, reached through one pool for each role.
public struct Database: Sendable {
  private let pools: [PoolRole: ConnectionPool]
  private let logger: Logger
  private let retryCounter: Counter

  private static let retryPauseMilliseconds = 5...25

  /// Opens no connection yet. The connection string is libpq's, without a user: each pool connects as its role.
  public init(conninfo: String, pools: [PoolSettings], logger: Logger) {
    self.pools = Dictionary(
      pools.map { ($0.role, ConnectionPool(conninfo: conninfo, settings: $0, logger: logger)) },
      uniquingKeysWith: { first, _ in first })
    self.logger = logger
    retryCounter = Counter(label: "postgres_transaction_retries_total")
  }

  /// Runs the closure in a transaction that is committed when it returns and rolled back when it throws. After a
  /// deadlock or a serialization failure the whole closure runs again, at most `retries` times, so it must do nothing
  /// besides using its transaction.
  public func transaction<R: Sendable>(
    _ role: PoolRole, _ settings: TransactionSettings = .none, retries: Int = 3,
    _ body: @Sendable (Transaction) async throws -> R
  ) async throws -> R {
    let pool = try pool(role)
    for attempt in 0..<max(0, retries) {
      do {
        return try await pool.transaction(settings, body)
      } catch let error as PostgresError where error.isRetryable {
        retryCounter.increment()
        logger.info("A transaction is run again.", metadata: ["state": "\(error.sqlState.rawValue)"])
        // Chance keeps two that collided from colliding again.
        try await Task.sleep(for: .milliseconds(Int.random(in: Self.retryPauseMilliseconds) << min(attempt, 5)))
      }
    }
    return try await pool.transaction(settings, body)
  }

  /// The rows of one statement, run by itself in one round trip.
  public func query<T: RowDecodable>(_ role: PoolRole, _ sql: SQL, as: T.Type = T.self) async throws -> [T] {
    try await pool(role).alone(sql) { try $0.decode() }
  }

  /// Runs one statement by itself in one round trip; returns how many rows it affected.
  @discardableResult
  public func execute(_ role: PoolRole, _ sql: SQL) async throws -> Int {
    try await pool(role).alone(sql) { $0.affectedRows }
  }

  /// The state of every pool, for metrics.
  public func status() async -> [PoolRole: PoolStatus] {
    pools.mapValues(\.status)
  }

  /// How often anything was asked in all pools: a transaction's beginning and its end count, and statements that travel
  /// together are one.
  public var roundTrips: Int { pools.values.reduce(0) { $0 + $1.tally.value } }

  /// Refuses new work and closes the connections as they become idle.
  public func close() async {
    for pool in pools.values { await pool.close() }
  }

  private func pool(_ role: PoolRole) throws(PoolError) -> ConnectionPool {
    guard let pool = pools[role] else { throw .unknownRole(role) }
    return pool
  }
}
