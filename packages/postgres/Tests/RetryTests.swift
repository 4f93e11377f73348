// Transactions that collide: run again as a whole, a bounded number of times.

import Postgres
import Testing

@Suite("A collision")
struct RetryTests {
  private func prepare(_ database: Database, _ role: PoolRole) async throws {
    try await database.execute(role, "CREATE TABLE thing (id int PRIMARY KEY, n bigint NOT NULL)")
    try await database.execute(role, "INSERT INTO thing VALUES (1, 0), (2, 0)")
  }

  @Test("of two that deadlock ends with both done")
  func deadlock() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await prepare(database, test.role)
      let meeting = Meeting(of: 2)
      let attempts = Kept(0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for order in [[1, 2], [2, 1]] {
          group.addTask {
            try await database.transaction(test.role) { (tx) async throws in
              attempts.change { $0 += 1 }
              try await tx.execute("UPDATE thing SET n = n + 1 WHERE id = \(order[0])")
              await meeting.arrive()
              try await tx.execute("UPDATE thing SET n = n + 1 WHERE id = \(order[1])")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.query(test.role, "SELECT n FROM thing", as: Int.self) == [2, 2])
      #expect(attempts.current == 3)
    }
  }

  @Test("of two that cannot be serialized ends with both done")
  func serialization() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await prepare(database, test.role)
      let settings = TransactionSettings(isolation: .repeatableRead)
      let meeting = Meeting(of: 2)
      let attempts = Kept(0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<2 {
          group.addTask {
            try await database.transaction(test.role, settings) { (tx) async throws in
              attempts.change { $0 += 1 }
              let n = try await tx.first("SELECT n FROM thing WHERE id = 1", as: Int.self) ?? 0
              await meeting.arrive()
              try await tx.execute("UPDATE thing SET n = \(n + 1) WHERE id = 1")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.query(test.role, "SELECT n FROM thing WHERE id = 1", as: Int.self) == [2])
      #expect(attempts.current == 3)
    }
  }

  @Test("that does not end is reported after the last attempt", arguments: ["40001", "40P01", "23505"])
  func isBounded(_ state: String) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let attempts = Kept(0)
      let raise = SQL(trusted: "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(state)'; END $$")
      let error = try await postgresError {
        try await database.transaction(test.role, retries: 2) { (tx) async throws in
          attempts.change { $0 += 1 }
          try await tx.execute(raise)
        }
      }
      #expect(error.sqlState.rawValue == state)
      #expect(attempts.current == (error.isRetryable ? 3 : 1))
    }
  }
}
