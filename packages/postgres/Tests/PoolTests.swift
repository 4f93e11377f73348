// Connections shared by turns: limits, order, loss, and nothing carried from one to the next.

import FoundationEssentials
import Postgres
import Testing

@Suite("A pool")
struct PoolTests {
  @Test("opens nothing before it is asked")
  func opensLazily() async throws {
    try await TestDatabase.lend(size: 3) { (database, test) async throws in
      #expect(await database.status()[test.role]?.open == 0)
      try await database.execute(test.role, "SELECT 1")
      let status = try #require(await database.status()[test.role])
      #expect(status.open == 1 && status.idle == 1 && status.waiting == 0 && status.limit == 3)
      await #expect(throws: PoolError.unknownRole(PoolRole(rawValue: "nobody"))) {
        try await database.execute(PoolRole(rawValue: "nobody"), "SELECT 1")
      }
    }
  }

  @Test("lets nobody wait longer than it says", arguments: [0, 0.02])
  func isExhausted(_ waitSeconds: Double) async throws {
    try await TestDatabase.lend(size: 1, waitSeconds: waitSeconds) { (database, test) async throws in
      try await database.transaction(test.role) { (tx) async throws in
        await #expect(throws: PoolError.exhausted(waitedSeconds: waitSeconds)) {
          try await database.execute(test.role, "SELECT 1")
        }
        try await tx.execute("SELECT 1")
      }
      #expect(try await database.query(test.role, "SELECT 1", as: Int.self) == [1])
      #expect(await database.status()[test.role]?.waiting == 0)
    }
  }

  @Test("serves in the order of coming, but for who gives up")
  func servesInOrder() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let order = Kept<[Int]>([])
      @Sendable func waits(_ count: Int) async {
        while await database.status()[test.role]?.waiting != count { await Task.yield() }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        try await database.transaction(test.role) { _ in
          _ = await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { quitters in
              quitters.addTask { try await database.execute(test.role, "SELECT 1") }
              await waits(1)
              quitters.cancelAll()
              try await quitters.waitForAll()
            }
          }
        }
        let holding = Meeting(of: 2)
        let held = Meeting(of: 2)
        group.addTask {
          try await database.transaction(test.role) { _ in
            await held.arrive()
            await holding.arrive()
          }
        }
        await held.arrive()
        for number in 0..<5 {
          group.addTask {
            try await database.transaction(test.role) { _ in order.change { $0.append(number) } }
          }
          await waits(number + 1)
        }
        await holding.arrive()
        try await group.waitForAll()
      }
      #expect(order.current == [0, 1, 2, 3, 4])
    }
  }

  @Test("lets who began first go first, also where they come later")
  func servesByBeginning() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let order = Kept<[Int]>([])
      let begun = ContinuousClock.now
      let holding = Meeting(of: 2)
      let held = Meeting(of: 2)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await database.transaction(test.role) { _ in
            await held.arrive()
            await holding.arrive()
          }
        }
        await held.arrive()
        for (count, number) in [3, 1, 4, 0, 2].enumerated() {
          group.addTask {
            try await Undertaking.$began.withValue(begun + .seconds(number)) {
              try await database.transaction(test.role) { _ in order.change { $0.append(number) } }
            }
          }
          while await database.status()[test.role]?.waiting != count + 1 { await Task.yield() }
        }
        await holding.arrive()
        try await group.waitForAll()
      }
      #expect(order.current == [0, 1, 2, 3, 4])
    }
  }

  @Test("never shows one what another set, over 200 tasks on 4 connections")
  func neverLeaks() async throws {
    try await TestDatabase.lend(size: 4, waitSeconds: 30) { (database, test) async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<200 {
          group.addTask { try await use(database, test.role, canary: "canary-\(index)", way: index % 5) }
        }
        try await group.waitForAll()
      }
      let status = try #require(await database.status()[test.role])
      #expect(status.open <= 4 && status.idle == status.open && status.waiting == 0)
    }
  }

  private static let canary: SQL = "SELECT coalesce(current_setting('ops.tenant', true), '')"

  /// Uses the pool in one of the ways that work can end, looking for a canary of another on the way.
  private func use(_ database: Database, _ role: PoolRole, canary: String, way: Int) async throws {
    guard way != 0 else {
      #expect(try await database.query(role, Self.canary, as: String.self) == [""])
      return
    }
    do {
      try await database.transaction(role, TransactionSettings(values: [("ops.tenant", canary)])) { (tx) async throws in
        #expect(try await tx.query(Self.canary, as: String.self) == [canary])
        switch way {
        case 1: throw Refusal()
        case 2: try await tx.execute("SELECT 1 / 0")
        case 3: try await tx.execute("SELECT set_config('ops.tenant', \(canary), false)")
        default: #expect(try await tx.query(Self.canary, as: String.self) == [canary])
        }
      }
      #expect(way > 2)
    } catch {
      #expect(way <= 2)
    }
  }

  @Test("replaces a connection that the server ended while it lay idle")
  func reconnects() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let observer = test.database(size: 1)
      func terminate() async throws -> Int {
        let backend = try await database.backend(test.role)
        try await observer.execute(test.role, "SELECT pg_terminate_backend(\(Int32(backend)))")
        let gone: SQL = "SELECT (NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend)))::int"
        try await observer.eventually(test.role, gone)
        return backend
      }
      let first = try await terminate()
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.first("SELECT pg_backend_pid()", as: Int.self) != first)
      }
      let second = try await terminate()
      #expect(try await database.backend(test.role) != second)
      #expect(await database.status()[test.role]?.open == 1)
      await observer.close()
    }
  }

  @Test("reports a connection lost within a transaction, and goes on with another")
  func reportsLoss() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let error = try await postgresError {
        _ = try await database.transaction(test.role) { (tx) async throws in
          try await tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        }
      }
      #expect(error.isConnectionLoss && !error.isRetryable)
      #expect(try await database.query(test.role, "SELECT 1", as: Int.self) == [1])
    }
  }

  @Test("refuses work once it is closed, and sends away who waits")
  func closes() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let meetings = (held: Meeting(of: 2), holding: Meeting(of: 2))
        group.addTask {
          try await database.transaction(test.role) { (tx) async throws in
            await meetings.held.arrive()
            await meetings.holding.arrive()
            try await tx.execute("SELECT 1")
          }
        }
        await meetings.held.arrive()
        group.addTask {
          await #expect(throws: PoolError.closed) { try await database.execute(test.role, "SELECT 1") }
        }
        while await database.status()[test.role]?.waiting != 1 { await Task.yield() }
        await database.close()
        await meetings.holding.arrive()
        try await group.waitForAll()
      }
      await #expect(throws: PoolError.closed) { try await database.execute(test.role, "SELECT 1") }
      #expect(await database.status()[test.role]?.open == 0)
    }
  }

  @Test("prepares more statements than a connection keeps")
  func evictsStatements() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.transaction(test.role) { (tx) async throws in
        for round in 0..<2 {
          for number in 0..<300 {
            let sql = SQL(trusted: "SELECT \(number)::bigint + ") + "\(round)"
            #expect(try await tx.query(sql, as: Int.self) == [number + round])
          }
        }
        let count = try await tx.first("SELECT count(*) FROM pg_prepared_statements", as: Int.self)
        #expect(count ?? 0 <= 256)
      }
    }
  }

  @Test("prepares anew what a changed table made unusable")
  func preparesAnew() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      try await database.execute(test.role, "SELECT * FROM thing")
      try await database.transaction(test.role) { tx in _ = try await tx.execute("SELECT * FROM thing") }
      try await database.execute(test.role, "ALTER TABLE thing ADD COLUMN m int")
      let error = try await postgresError { try await database.execute(test.role, "SELECT * FROM thing") }
      #expect(error.sqlState == .featureNotSupported)
      #expect(try await database.execute(test.role, "SELECT * FROM thing") == 0)
      try await database.execute(test.role, "ALTER TABLE thing ADD COLUMN l int")
      let again = try await postgresError {
        _ = try await database.transaction(test.role) { tx in try await tx.execute("SELECT * FROM thing") }
      }
      #expect(again.sqlState == .featureNotSupported)
      let rows = try await database.transaction(test.role) { tx in try await tx.execute("SELECT * FROM thing") }
      #expect(rows == 0)
    }
  }
}
