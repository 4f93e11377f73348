// Statements that wait for the next round trip.

import Postgres
import Testing

@Suite("A statement that waits for the next")
struct WithNextTests {
  private static let count: SQL = "SELECT count(*) FROM thing"

  @Test("costs no round trip, and is done before what comes after it")
  func travels() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      let before = database.roundTrips
      try await database.transaction(test.role) { (tx) async throws in
        try await tx.execute(withNext: ["INSERT INTO thing VALUES (1)", "INSERT INTO thing VALUES (2)"])
        #expect(try await tx.query(Self.count, as: Int.self) == [2])
        try await tx.execute(withNext: ["INSERT INTO thing VALUES (3)"])
        let (found, sum) = try await tx.together(
          Query(Self.count, as: Int.self), Query("SELECT sum(n)::int FROM thing", as: Int.self))
        #expect(found == [3] && sum == [6])
        try await tx.execute(withNext: ["INSERT INTO thing VALUES (4)"])
      }
      // The beginning, two questions and the end.
      #expect(database.roundTrips - before == 4)
      #expect(try await database.query(test.role, Self.count, as: Int.self) == [4])
    }
  }

  @Test("that fails with the commit lets nothing be kept, and spares the connection")
  func failsTheCommit() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int CHECK (n > 0))")
      let backend = try await database.backend(test.role)
      let error = try await postgresError {
        try await database.transaction(test.role) { (tx) async throws in
          try await tx.execute("INSERT INTO thing VALUES (1)")
          try await tx.execute(withNext: ["INSERT INTO thing VALUES (0)"])
        }
      }
      #expect(error.sqlState == .checkViolation)
      #expect(try await database.query(test.role, Self.count, as: Int.self) == [0])
      #expect(try await database.backend(test.role) == backend)
    }
  }

  @Test("is undone with the part of the transaction that it belongs to")
  func isUndone() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      try await database.transaction(test.role) { (tx) async throws in
        try await tx.execute(withNext: ["INSERT INTO thing VALUES (1)"])
        await #expect(throws: Refusal.self) {
          try await tx.savepoint { (part) async throws in
            try await part.execute(withNext: ["INSERT INTO thing VALUES (2)"])
            throw Refusal()
          }
        }
        try await tx.savepoint { part in try await part.execute(withNext: ["INSERT INTO thing VALUES (3)"]) }
      }
      #expect(try await database.query(test.role, "SELECT n FROM thing ORDER BY n", as: Int.self) == [1, 3])
    }
  }

  @Test("comes before the rows of a copy")
  func precedesCopy() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.transaction(test.role) { (tx) async throws in
        try await tx.execute(withNext: ["CREATE TABLE thing (n int)"])
        #expect(try await tx.copy("COPY thing FROM STDIN", rows: [CopyRow([1])]) == 1)
      }
      #expect(try await database.query(test.role, Self.count, as: Int.self) == [1])
    }
  }

  @Test("names a parameter that cannot be sent at once")
  func checksParameters() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      await #expect(throws: BindingError.self) {
        try await database.transaction(test.role) { (tx) async throws in
          try await tx.execute(withNext: ["SELECT \("a\u{0}b")"])
          Issue.record("It was kept.")
        }
      }
    }
  }
}
