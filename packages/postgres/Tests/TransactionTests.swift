// Transactions: what they set, what they undo, and when they are over.

import FoundationEssentials
import Postgres
import Testing

@Suite("A transaction")
struct TransactionTests {
  static let setting: SQL = "SELECT concat(current_setting('ops.tenant', true), current_setting('ops.at', true))"
  static let acme = TransactionSettings(values: [("ops.tenant", "acme"), ("ops.at", "'; SELECT 1")])

  @Test("sees its settings, and nothing sees them after its commit or rollback")
  func settingsVanish() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let backend = try await database.backend(test.role)
      try await database.transaction(test.role, Self.acme) { (tx) async throws in
        #expect(try await tx.query(Self.setting, as: String.self) == ["acme'; SELECT 1"])
      }
      #expect(try await database.query(test.role, Self.setting, as: String.self) == [""])
      await #expect(throws: Refusal.self) {
        try await database.transaction(test.role, Self.acme) { _ in throw Refusal() }
      }
      #expect(try await database.query(test.role, Self.setting, as: String.self) == [""])
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.query(Self.setting, as: String.self) == [""])
      }
      #expect(try await database.backend(test.role) == backend)
    }
  }

  @Test("knows every name that may be set")
  func setsEveryName() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let values = TransactionSettings.names.map { (name: $0, value: "value of \($0)") }
      try await database.transaction(test.role, TransactionSettings(values: values)) { (tx) async throws in
        for (name, value) in values {
          #expect(try await tx.query("SELECT current_setting(\(name))", as: String.self) == [value])
        }
      }
      await #expect(throws: TransactionError.unknownSetting("role")) {
        try await database.transaction(test.role, TransactionSettings(values: [("role", "postgres")])) { _ in }
      }
      await #expect(throws: TransactionError.repeatedSetting("ops.at")) {
        let twice = TransactionSettings(values: [("ops.at", "1"), ("ops.at", "2")])
        try await database.transaction(test.role, twice) { _ in }
      }
    }
  }

  static let leaks: [SQL] = [
    "SELECT set_config('ops.tenant', 'left over', false)", "SET ops.event = 'left over'", "SET ROLE pg_monitor",
  ]

  @Test("that leaves something behind costs the connection", arguments: [0, 1, 2])
  func leaks(_ index: Int) async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let first = try await database.backend(test.role)
      try await database.transaction(test.role) { tx in _ = try await tx.execute(Self.leaks[index]) }
      let second = try await database.backend(test.role)
      #expect(first != second)
      try await database.execute(test.role, Self.leaks[index])
      #expect(try await database.backend(test.role) != second)
      try await database.execute(test.role, "BEGIN")
      #expect(try await database.query(test.role, Self.setting, as: String.self) == [""])
      #expect(await database.status()[test.role]?.open == 1)
    }
  }

  @Test("keeps what it wrote when it returns, and nothing when it throws")
  func commitsOrRollsBack() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.execute("INSERT INTO thing SELECT generate_series(1, 3)") == 3)
      }
      await #expect(throws: Refusal.self) {
        try await database.transaction(test.role) { (tx) async throws in
          try await tx.execute("DELETE FROM thing")
          throw Refusal()
        }
      }
      #expect(try await database.query(test.role, "SELECT count(*) FROM thing", as: Int.self) == [3])
    }
  }

  @Test("sees what another sees, whatever commits meanwhile")
  func sharesSnapshot() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int)")
      let count: SQL = "SELECT count(*) FROM thing"
      let own = TransactionSettings(isolation: .repeatableRead)
      try await database.transaction(test.role, own) { (first) async throws in
        let snapshot = try await first.exportSnapshot()
        try await database.execute(test.role, "INSERT INTO thing VALUES (1)")
        let shared = TransactionSettings(isolation: .shared(snapshot), access: .readOnly)
        try await database.transaction(test.role, shared) { (second) async throws in
          #expect(try await second.query(count, as: Int.self) == [0])
        }
      }
      #expect(try await database.query(test.role, count, as: Int.self) == [1])
    }
  }

  @Test("obeys its isolation, its access and its limit of time")
  func obeysSettings() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let settings = TransactionSettings(
        isolation: .repeatableRead, access: .readOnly, statementTimeoutMilliseconds: 20)
      let error = try await postgresError {
        try await database.transaction(test.role, settings) { (tx) async throws in
          #expect(try await tx.query("SHOW transaction_isolation", as: String.self) == ["repeatable read"])
          #expect(try await tx.query("SHOW transaction_read_only", as: String.self) == ["on"])
          try await tx.execute("SELECT pg_sleep(30)")
        }
      }
      #expect(error.sqlState == .queryCanceled)
      #expect(try await database.query(test.role, "SHOW statement_timeout", as: String.self) == ["10s"])
      #expect(try await database.query(test.role, "SHOW TimeZone", as: String.self) == ["UTC"])
    }
  }

  @Test("cannot be used after its end")
  func endsWithItsClosure() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let kept = Kept<Transaction?>(nil)
      try await database.transaction(test.role) { tx in kept.change { $0 = tx } }
      let ended = try #require(kept.current)
      await #expect(throws: TransactionError.ended) { try await ended.execute("SELECT 1") }
      try await database.transaction(test.role) { _ in
        await #expect(throws: TransactionError.ended) { try await ended.query("SELECT 1", as: Int.self) }
        await #expect(throws: TransactionError.ended) { try await ended.copy("COPY x FROM STDIN", rows: []) }
        await #expect(throws: TransactionError.ended) { try await ended.savepoint { _ in } }
      }
    }
  }

  @Test("does not pass for committed when a statement in it failed")
  func noticesSwallowedErrors() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let error = try await postgresError {
        try await database.transaction(test.role) { (tx) async throws in
          _ = await #expect(throws: PostgresError.self) { try await tx.execute("SELECT 1 / 0") }
        }
      }
      #expect(error.sqlState.rawValue == "22012")
      await #expect(throws: TransactionError.endedByStatement) {
        try await database.transaction(test.role) { tx in _ = try await tx.execute("COMMIT") }
      }
      #expect(try await database.query(test.role, "SELECT 1", as: Int.self) == [1])
    }
  }

  @Test("fails at its commit when a deferred constraint does")
  func failsAtCommit() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let backend = try await database.backend(test.role)
      try await database.execute(test.role, "CREATE TABLE parent (id int PRIMARY KEY)")
      try await database.execute(
        test.role,
        """
        CREATE TABLE child (
          parent int CONSTRAINT child_parent_fkey REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED
        )
        """)
      let error = try await postgresError {
        try await database.transaction(test.role) { (tx) async throws in
          _ = try await tx.execute("INSERT INTO child VALUES (\(1))")
        }
      }
      #expect(error.sqlState == .foreignKeyViolation)
      #expect(error.constraint == "child_parent_fkey")
      #expect(try await database.backend(test.role) == backend)
    }
  }

  @Test("goes on after a savepoint that failed")
  func savepoints() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n int CONSTRAINT thing_n_key UNIQUE)")
      try await database.transaction(test.role) { (tx) async throws in
        try await tx.execute("INSERT INTO thing VALUES (1)")
        let error = try await postgresError {
          try await tx.savepoint { (tx) async throws in
            try await tx.execute("INSERT INTO thing VALUES (2)")
            try await tx.execute("INSERT INTO thing VALUES (1)")
          }
        }
        #expect(error.sqlState == .uniqueViolation)
        let three = try await tx.savepoint { (tx) async throws in
          await #expect(throws: Refusal.self) {
            try await tx.savepoint { (tx) async throws in
              try await tx.execute("INSERT INTO thing VALUES (4)")
              throw Refusal()
            }
          }
          return try await tx.execute("INSERT INTO thing VALUES (3)")
        }
        #expect(three == 1)
      }
      #expect(try await database.query(test.role, "SELECT n FROM thing ORDER BY n", as: Int.self) == [1, 3])
    }
  }

  @Test("streams a result in batches", arguments: [1, 500, 1000, 1001, 5000])
  func streams(_ batch: Int) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.transaction(test.role) { (tx) async throws in
        var seen: [Int] = []
        var largest = 0
        let sql: SQL = "SELECT n::bigint FROM generate_series(1, \(1000)) AS n ORDER BY n"
        try await tx.stream(sql, as: Int.self, batch: batch) { (rows) async throws in
          seen += rows
          largest = max(largest, rows.count)
          #expect(try await tx.query("SELECT 1", as: Int.self) == [1])
        }
        #expect(seen == Array(1...1000))
        #expect(largest == min(batch, 1000))
      }
    }
  }
}

/// What a closure throws when it changes its mind.
struct Refusal: Error {}
