// Rows in bulk.

import FoundationEssentials
import Postgres
import Testing

@Suite("A copy")
struct CopyTests {
  @Test("takes 100,000 rows as they are made")
  func copiesMany() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n bigint, name text)")
      let rows = AsyncStream<CopyRow> { continuation in
        for n in 1...100_000 { continuation.yield(CopyRow([n, "name \(n)"])) }
        continuation.finish()
      }
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.copy("COPY thing (n, name) FROM STDIN", rows: rows) == 100_000)
        let nameless = (1...10).map { (n: Int) in CopyRow([-n, nil]) }
        #expect(try await tx.copy("COPY thing (n, name) FROM STDIN", rows: nameless) == 10)
      }
      let sum = "SELECT sum(n)::bigint FROM thing WHERE n < 0 OR name = 'name ' || n" as SQL
      #expect(try await database.query(test.role, sum, as: Int.self) == [5_000_050_000 - 55])
    }
  }

  @Test("writes every type as it would have been bound")
  func writesEveryType() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let uuid = UUID()
      let date = Date(timeIntervalSince1970: -123.000_001)
      let values: [(any PostgresEncodable)?] = [
        1, true, 1.5, uuid, date, [0, 92, 255] as [UInt8], ["a\"\\,{}", "\t\n", ""], ["NULL", nil] as [String?],
        JSONText(#"{"a":"\\n\t"}"#), nil, nil as Int?,
      ]
      try await database.execute(
        test.role,
        """
        CREATE TABLE thing (
          a int, b boolean, c double precision, d uuid, e timestamptz, f bytea, g text[], h text[], i jsonb, j int,
          k int
        )
        """)
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.copy("COPY thing FROM STDIN", rows: [CopyRow(values)]) == 1)
        let same: SQL = """
          SELECT a = 1 AND b AND c = 1.5 AND d = \(uuid) AND e = \(date) AND f = \([0, 92, 255] as [UInt8])
            AND g = \(["a\"\\,{}", "\t\n", ""]) AND h IS NOT DISTINCT FROM \(["NULL", nil] as [String?])
            AND i = \(JSONText(#"{"a":"\\n\t"}"#)) AND j IS NULL AND k IS NULL
          FROM thing
          """
        #expect(try await tx.query(same, as: Bool.self) == [true])
      }
    }
  }

  @Test("keeps hostile text whole")
  func keepsText() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n bigint, name text)")
      try await database.transaction(test.role) { (tx) async throws in
        let rows = BindingTests.hostileTexts.enumerated().map { CopyRow([$0, $1]) }
        _ = try await tx.copy("COPY thing FROM STDIN", rows: rows)
        let names = try await tx.query("SELECT name FROM thing ORDER BY n", as: String.self)
        #expect(names.map { Array($0.utf8) } == BindingTests.hostileTexts.map { Array($0.utf8) })
      }
    }
  }

  @Test("that fails leaves nothing, and the connection usable")
  func failsWhole() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      let backend = try await database.backend(test.role)
      try await database.execute(test.role, "CREATE TABLE thing (n bigint)")
      let error = try await postgresError {
        try await database.transaction(test.role) { (tx) async throws in
          _ = try await tx.copy("COPY thing FROM STDIN", rows: [CopyRow([1]), CopyRow(["x"])])
        }
      }
      #expect(error.sqlState == .invalidTextRepresentation)
      let interrupted = AsyncThrowingStream<CopyRow, any Error> { continuation in
        for n in 1...50_000 { continuation.yield(CopyRow([n])) }
        continuation.finish(throwing: Refusal())
      }
      await #expect(throws: Refusal.self) {
        try await database.transaction(test.role) { (tx) async throws in
          _ = try await tx.copy("COPY thing FROM STDIN", rows: interrupted)
        }
      }
      #expect(try await database.query(test.role, "SELECT count(*) FROM thing", as: Int.self) == [0])
      #expect(try await database.backend(test.role) == backend)
    }
  }

  @Test("has to be one")
  func refusesOthers() async throws {
    try await TestDatabase.lend(size: 1) { (database, test) async throws in
      try await database.execute(test.role, "CREATE TABLE thing (n bigint)")
      let others: [SQL] = ["SELECT 1", "COPY thing TO STDOUT"]
      for sql in others {
        await #expect(throws: TransactionError.copyMismatch) {
          try await database.transaction(test.role) { tx in _ = try await tx.copy(sql, rows: []) }
        }
      }
      await #expect(throws: TransactionError.parametersInCopy) {
        try await database.transaction(test.role) { tx in _ = try await tx.copy("COPY thing FROM \(1)", rows: []) }
      }
      for sql in ["COPY thing FROM STDIN", "COPY thing TO STDOUT"] as [SQL] {
        await #expect(throws: (any Error).self) { try await database.execute(test.role, sql) }
        await #expect(throws: (any Error).self) {
          try await database.transaction(test.role) { tx in _ = try await tx.execute(sql) }
        }
      }
      #expect(try await database.query(test.role, "SELECT 1", as: Int.self) == [1])
    }
  }
}
