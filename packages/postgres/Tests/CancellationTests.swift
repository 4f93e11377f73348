// Cancelled tasks: the statement on the server ends, and only that one.

import Postgres
import Testing

@Suite("Cancelling a task")
struct CancellationTests {
  private static let sleeping: SQL = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()
    """

  @Test("ends the statement that it runs")
  func endsStatement() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let observer = test.database(size: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await database.execute(test.role, "SELECT pg_sleep(60)") }
        try await observer.eventually(test.role, Self.sleeping)
        let start = ContinuousClock.now
        group.cancelAll()
        await #expect(throws: CancellationError.self) { try await group.next() }
        #expect(ContinuousClock.now - start < .seconds(5))
      }
      #expect(try await database.query(test.role, "SELECT 1", as: Int.self) == [1])
      await observer.close()
    }
  }

  @Test("rolls its transaction back and leaves the connection usable")
  func rollsBack() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let observer = test.database(size: 1)
      let backend = try await database.backend(test.role)
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await database.transaction(test.role) { (tx) async throws in
            try await tx.execute("INSERT INTO thing VALUES (1)")
            try await tx.execute("SELECT pg_sleep(60)")
          }
        }
        try await observer.eventually(test.role, Self.sleeping)
        group.cancelAll()
        await #expect(throws: CancellationError.self) { try await group.next() }
      }
      #expect(try await database.query(test.role, "SELECT count(*) FROM thing", as: Int.self) == [0])
      #expect(try await database.backend(test.role) == backend)
      await observer.close()
    }
  }

  @Test("before the statement sends nothing")
  func refusesToStart() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      await withThrowingTaskGroup(of: Void.self) { group in
        group.cancelAll()
        group.addTask { try await database.execute(test.role, "SELECT pg_sleep(60)") }
        await #expect(throws: CancellationError.self) { try await group.next() }
      }
    }
  }

  @Test("never ends the statement of another", .timeLimit(.minutes(1)))
  func hitsNoOther() async throws {
    try await TestDatabase.lend(size: 2) { (database, test) async throws in
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<300 {
          group.addTask {
            if index.isMultiple(of: 2) {
              await #expect(throws: Never.self) { try await database.execute(test.role, "SELECT 1") }
            } else {
              await cancelled { try await database.execute(test.role, "SELECT pg_sleep(0.002)") }
            }
          }
        }
      }
      #expect(await database.status()[test.role]?.open ?? 0 <= 2)
    }
  }
}

/// Runs the closure in a task that is cancelled while it runs; either end is fine, but no other error.
private func cancelled(_ body: @escaping @Sendable () async throws -> Void) async {
  await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await body() }
    await Task.yield()
    group.cancelAll()
    do {
      try await group.next()
    } catch {
      #expect(error is CancellationError)
    }
  }
}
