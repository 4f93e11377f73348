// A database of its own for each test, on the server that OPS_TEST_DATABASE names by a libpq connection string.

import EthicoTypes
import FoundationEssentials
import Logging
import Postgres
import Testing

/// A fresh, empty database and the ways into it.
struct TestDatabase: Sendable {
  let conninfo: String
  let role: PoolRole

  /// A database with one pool; the caller closes it.
  func database(size: Int = 4, waitSeconds: Double = 5) -> Database {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    // Under load a moment in which the process does nothing at all ends no transaction.
    let pool = PoolSettings(
      role: role, size: size, idleInTransactionTimeoutMilliseconds: 120_000, waitSeconds: waitSeconds)
    return Database(conninfo: conninfo, pools: [pool], logger: logger)
  }

  /// Lends a fresh database, reached through one pool.
  static func lend(
    size: Int = 4, waitSeconds: Double = 5, _ body: (Database, TestDatabase) async throws -> Void
  ) async throws {
    await places.take()
    let result: Result<Void, any Error>
    do {
      result = .success(try await lendAlone(size: size, waitSeconds: waitSeconds, body))
    } catch {
      result = .failure(error)
    }
    await places.give()
    try result.get()
  }

  /// The tests run side by side, and the server takes a hundred connections.
  private static let places = Places(8)

  private static func lendAlone(
    size: Int, waitSeconds: Double, _ body: (Database, TestDatabase) async throws -> Void
  ) async throws {
    let base = try #require(
      ProcessInfo.processInfo.environment["OPS_TEST_DATABASE"],
      "Set OPS_TEST_DATABASE, for example to: host=/tmp/pg dbname=postgres user=postgres")
    let user = try #require(base.split(separator: " ").first { $0.hasPrefix("user=") }?.dropFirst(5))
    let role = PoolRole(rawValue: String(user))
    let name = "postgres_test_\(UUID().uuidString.lowercased().split(separator: "-").joined())"
    let server = TestDatabase(conninfo: base, role: role).database(size: 1)
    try await server.execute(role, SQL(trusted: "CREATE DATABASE \(name)"))
    let fresh = TestDatabase(conninfo: base + " dbname=\(name)", role: role)
    let database = fresh.database(size: size, waitSeconds: waitSeconds)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(database, fresh))
    } catch {
      result = .failure(error)
    }
    await database.close()
    try await server.execute(role, SQL(trusted: "DROP DATABASE \(name) WITH (FORCE)"))
    await server.close()
    try result.get()
  }
}

extension Database {
  /// The process of the server behind a connection of the pool.
  func backend(_ role: PoolRole) async throws -> Int {
    try #require(try await query(role, "SELECT pg_backend_pid()", as: Int.self).first)
  }

  /// Returns once the statement, which counts something, gives more than zero. The server does the waiting.
  func eventually(_ role: PoolRole, _ sql: SQL) async throws {
    for _ in 0..<1000 {
      if try await query(role, sql, as: Int.self) != [0] { return }
      try await execute(role, "SELECT pg_sleep(0.01)")
    }
    Issue.record("It did not come about within ten seconds.")
  }
}

/// A number of places, each taken by one task at a time.
private actor Places {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) {
    free = count
  }

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// Lets tasks go on only once a number of them has come; a later one passes at once.
actor Meeting {
  private var missing: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(of count: Int) {
    missing = count
  }

  func arrive() async {
    missing -= 1
    guard missing > 0 else {
      for continuation in waiting { continuation.resume() }
      waiting = []
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }
}

/// Runs the closure and returns the error of PostgreSQL that it throws.
func postgresError(_ body: () async throws -> Void) async throws -> PostgresError {
  try await #require(throws: PostgresError.self) { try await body() }
}
