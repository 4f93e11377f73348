// Migrations: once, in order, whole, and never changed afterwards.

import FoundationEssentials
import Postgres
import Testing

@Suite("Migrating")
struct MigratorTests {
  /// A folder of files that is removed in the end.
  private final class Folder: Sendable {
    let path = "/tmp/migrations-\(UUID().uuidString)"

    init(_ files: [String: String] = [:]) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, text) in files { try write(name, text) }
    }

    deinit {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        Issue.record(error)
      }
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    func remove(_ name: String) throws {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  private static let files = [
    "0001_thing.sql": "CREATE TABLE thing (n int);\nINSERT INTO thing VALUES (1);",
    "0002_more.sql": "INSERT INTO thing VALUES (2);",
    "README.md": "not a migration",
  ]

  private func migrator(_ folder: Folder, _ test: TestDatabase, role: String? = nil) -> Migrator {
    Migrator(folder: folder.path, conninfo: test.conninfo, user: test.role.rawValue, role: role)
  }

  @Test("applies what is pending, once and in order")
  func applies() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let folder = try Folder(Self.files)
      let migrator = migrator(folder, test)
      #expect(try await migrator.migrate() == ["0001_thing.sql", "0002_more.sql"])
      #expect(try await migrator.migrate() == [])
      try folder.write("0003_last.sql", "INSERT INTO thing VALUES (3);")
      #expect(try await migrator.migrate() == ["0003_last.sql"])
      #expect(try await database.query(test.role, "SELECT n FROM thing ORDER BY n", as: Int.self) == [1, 2, 3])
      let checksum: SQL = """
        SELECT checksum = encode(sha256(convert_to(\(Self.files["0002_more.sql"] ?? ""), 'UTF8')), 'hex')
        FROM schema_migration
        WHERE number = 2
        """
      #expect(try await database.query(test.role, checksum, as: Bool.self) == [true])
    }
  }

  @Test("lets one of two that start at once do the work")
  func takesTurns() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let folder = try Folder(Self.files)
      let migrator = migrator(folder, test)
      async let first = migrator.migrate()
      async let second = migrator.migrate()
      #expect(try await first.count + second.count == 2)
      #expect(try await database.query(test.role, "SELECT count(*) FROM thing", as: Int.self) == [2])
    }
  }

  @Test("stops at a file that was changed, removed, renumbered or misnamed")
  func refusesChanges() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let folder = try Folder(Self.files)
      let migrator = migrator(folder, test)
      try await migrator.migrate()
      try folder.write("0002_more.sql", "INSERT INTO thing VALUES (9);")
      await #expect(throws: MigrationError.changed("0002_more.sql")) { try await migrator.migrate() }
      try folder.remove("0002_more.sql")
      await #expect(throws: MigrationError.missing("0002_more.sql")) { try await migrator.migrate() }
      try folder.write("0003_later.sql", "SELECT 1")
      await #expect(throws: MigrationError.gap(2)) { try await migrator.migrate() }
      try folder.write("0003_twice.sql", "SELECT 1")
      try folder.write("0002_more.sql", Self.files["0002_more.sql"] ?? "")
      await #expect(throws: MigrationError.repeated(3)) { try await migrator.migrate() }
      try folder.write("4_short.sql", "SELECT 1")
      await #expect(throws: MigrationError.misnamed("4_short.sql")) { try await migrator.migrate() }
      await #expect(throws: MigrationError.unreadable(path: "/nowhere")) {
        try await Migrator(folder: "/nowhere", conninfo: test.conninfo, user: test.role.rawValue).migrate()
      }
      #expect(try await database.query(test.role, "SELECT count(*) FROM schema_migration", as: Int.self) == [2])
    }
  }

  @Test("leaves nothing of a file that fails, and says in which line")
  func failsWhole() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let folder = try Folder(Self.files)
      try folder.write("0003_bad.sql", "-- é\nCREATE TABLE half (n int);\nINSERT INTO half VALUES (oops);\n")
      try folder.write("0004_never.sql", "CREATE TABLE never (n int);")
      let error = await #expect(throws: MigrationError.self) { try await migrator(folder, test).migrate() }
      guard case .failed("0003_bad.sql", let cause, line: 3) = error else {
        Issue.record("Not the expected error: \(String(describing: error))")
        return
      }
      #expect(cause.sqlState == .undefinedColumn)
      let tables: SQL = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
      #expect(Set(try await database.query(test.role, tables, as: String.self)) == ["thing", "schema_migration"])
      #expect(try await database.query(test.role, "SELECT count(*) FROM schema_migration", as: Int.self) == [2])
    }
  }

  @Test("refuses a file that ends its own transaction")
  func refusesCommit() async throws {
    try await TestDatabase.lend { (_, test) async throws in
      let folder = try Folder(["0001_commit.sql": "SELECT 1; COMMIT;"])
      await #expect(throws: MigrationError.endsTransaction("0001_commit.sql")) {
        try await migrator(folder, test).migrate()
      }
      try folder.write("0001_commit.sql", "SELECT 1; COMMIT; BEGIN;")
      await #expect(throws: MigrationError.endsTransaction("0001_commit.sql")) {
        try await migrator(folder, test).migrate()
      }
    }
  }

  @Test("gives what it makes to the owner")
  func takesRole() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.execute(test.role, "GRANT ALL ON SCHEMA public TO pg_database_owner")
      let folder = try Folder(Self.files)
      try await database.execute(test.role, "GRANT CREATE ON SCHEMA public TO pg_monitor")
      try await migrator(folder, test, role: "pg_monitor").migrate()
      let owners: SQL = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
      #expect(try await database.query(test.role, owners, as: String.self) == ["pg_monitor"])
    }
  }
}
