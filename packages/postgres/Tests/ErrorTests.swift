// Errors of the server, field by field.

import Postgres
import Testing

@Suite("An error of PostgreSQL")
struct ErrorTests {
  static let statements: [(SQL, SQLState, String?)] = [
    ("INSERT INTO thing (id) VALUES (1)", .uniqueViolation, "thing_pkey"),
    ("INSERT INTO thing (id, parent) VALUES (2, 9)", .foreignKeyViolation, "thing_parent_fkey"),
    ("INSERT INTO thing (id, n) VALUES (2, -1)", .checkViolation, "thing_n_check"),
    ("INSERT INTO thing (id) VALUES (NULL)", .notNullViolation, nil),
    ("SELECT * FROM nothing", .undefinedTable, nil),
    ("SELECT nothing FROM thing", .undefinedColumn, nil),
    ("SELEC 1", .syntaxError, nil),
    ("SELECT \("x")::uuid", .invalidTextRepresentation, nil),
    ("DO $$ BEGIN SET LOCAL ROLE pg_monitor; PERFORM FROM thing; END $$", .insufficientPrivilege, nil),
  ]

  @Test("carries its state and its names", arguments: 0..<statements.count)
  func carriesFields(_ index: Int) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(
        test.role,
        """
        CREATE TABLE thing (
          id int CONSTRAINT thing_pkey PRIMARY KEY,
          parent int CONSTRAINT thing_parent_fkey REFERENCES thing (id),
          n int CONSTRAINT thing_n_check CHECK (n > 0)
        )
        """)
      try await database.execute(test.role, "INSERT INTO thing (id) VALUES (1)")
      let (sql, state, constraint) = Self.statements[index]
      let error = try await postgresError { try await database.execute(test.role, sql) }
      #expect(error.sqlState == state)
      #expect(error.constraint == constraint)
      #expect(error.table == (constraint != nil || state == .notNullViolation ? "thing" : nil))
      #expect(error.column == (state == .notNullViolation ? "id" : nil))
      #expect(!error.isRetryable && !error.isConnectionLoss)
      #expect(try await database.query(test.role, "SELECT count(*) FROM thing", as: Int.self) == [1])
    }
  }

  @Test("carries hint, detail and position, and keeps the detail out of its description")
  func carriesProse() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let raise: SQL = """
        DO $$ BEGIN RAISE EXCEPTION 'refused' USING DETAIL = 'secret', HINT = 'try later', ERRCODE = 'P0001'; END $$
        """
      let error = try await postgresError { try await database.execute(test.role, raise) }
      #expect(error.sqlState == .raisedException)
      #expect(error.message == "refused")
      #expect(error.detail == "secret")
      #expect(error.hint == "try later")
      #expect(error.description == "P0001 refused")
      let syntax = try await postgresError { try await database.execute(test.role, "SELECT nothing") }
      #expect(syntax.position == 8)
    }
  }

  @Test("says when there is no server to connect to")
  func reportsMissingServer() async throws {
    try await TestDatabase.lend { (_, test) async throws in
      let elsewhere = TestDatabase(conninfo: test.conninfo + " host=/nowhere", role: test.role).database()
      let error = try await postgresError { try await elsewhere.execute(test.role, "SELECT 1") }
      #expect(error.isConnectionLoss)
      #expect(await elsewhere.status()[test.role]?.open == 0)
    }
  }
}
