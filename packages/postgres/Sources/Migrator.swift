// Brings a database to the schema of the folder, forwards only: what is deployed is corrected by the next file.

/// Applies the numbered SQL files of a folder, each in a transaction of its own that also records it.
public struct Migrator: Sendable {
  private let folder: String
  private let parameters: ConnectionParameters
  private let role: String?

  /// The key of the advisory lock that keeps two from migrating at once: "ethico" in ASCII.
  private static let lockKey = 0x6574_6869_636F
  /// Waiting longer for a table would hold up everyone who comes for it after us.
  private static let lockTimeoutMilliseconds = 10_000

  /// Connects as `user`; each file runs as `role`, which then owns what it makes.
  public init(folder: String, conninfo: String, user: String, role: String? = nil) {
    self.folder = folder
    self.role = role
    parameters = ConnectionParameters(conninfo: conninfo, user: user, applicationName: "migrator")
  }

  /// Applies what is pending; returns the names of the files applied. Of two that run at once the second waits and then
  /// finds nothing to do.
  @discardableResult
  public func migrate() async throws -> [String] {
    let files = try MigrationFile.all(in: folder)
    return try await connected { connection in
      try await assumeRole(on: connection)
      try await connection.script("SELECT pg_advisory_lock(\(Self.lockKey))")
      try await connection.script("SET lock_timeout = \(Self.lockTimeoutMilliseconds)")
      let pending = try pending(files, applied: try await applied(on: connection))
      for file in pending { try await apply(file, on: connection) }
      return pending.map(\.name)
    }
  }

  private struct Applied: RowDecodable {
    let number: Int
    let name: String
    let checksum: String

    init(row: Row) throws {
      number = try row["number"]
      name = try row["name"]
      checksum = try row["checksum"]
    }
  }

  private func pending(_ files: [MigrationFile], applied: [Applied]) throws(MigrationError) -> [MigrationFile] {
    for row in applied {
      guard let file = files.first(where: { $0.number == row.number }), file.name == row.name else {
        throw .missing(row.name)
      }
      guard file.checksum == row.checksum else { throw .changed(row.name) }
    }
    let last = applied.last?.number ?? -1
    let numbers = Set(applied.map(\.number))
    let pending = files.filter { !numbers.contains($0.number) }
    if let early = pending.first, early.number < last { throw .outOfOrder(early.name) }
    return pending
  }

  private func applied(on connection: Connection) async throws -> [Applied] {
    let found: [Bool] = try await connection.alone("SELECT to_regclass('schema_migration') IS NOT NULL") {
      try $0.decode()
    }.get()
    guard found == [true] else { return [] }
    return try await connection.alone("SELECT number, name, checksum FROM schema_migration ORDER BY number") {
      try $0.decode()
    }.get()
  }

  private func apply(_ file: MigrationFile, on connection: Connection) async throws {
    let number = try await connection.begin(.none).get()
    do {
      try await assumeRole(on: connection)
      try await makeTable(on: connection)
      let before = try await Self.transaction(number, on: connection)
      try await connection.script(file.text)
      guard await connection.isInTransaction, try await Self.transaction(number, on: connection) == before else {
        throw MigrationError.endsTransaction(file.name)
      }
      try await assumeRole(on: connection)
      let record: SQL = """
        INSERT INTO schema_migration (number, name, checksum)
        VALUES (\(file.number), \(file.name), \(file.checksum))
        """
      try await connection.run(record, in: number) { _ in }
    } catch let error as PostgresError {
      _ = await connection.rollback(number)
      throw MigrationError.failed(file.name, error, line: error.position.map(file.line))
    }
    do {
      try await connection.commit(number).get()
    } catch let error as PostgresError {
      throw MigrationError.failed(file.name, error, line: nil)
    }
  }

  /// What the server calls the transaction that runs: another after a file that ended it and began one.
  private static func transaction(_ number: Int, on connection: Connection) async throws -> [String] {
    try await connection.run("SELECT pg_current_xact_id()::text", in: number) { try $0.decode() }
  }

  /// Takes on the role. Done again around each file, which may have taken on another.
  private func assumeRole(on connection: Connection) async throws {
    guard let role else { return }
    let quoted = role.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    try await connection.script("SET ROLE \"\(quoted)\"")
  }

  /// Makes the table of what was applied, together with the first file.
  private func makeTable(on connection: Connection) async throws {
    try await connection.script(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        number integer CONSTRAINT schema_migration_pkey PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """)
  }

  /// Lends a connection of its own; the advisory lock ends with it.
  private func connected<R: Sendable>(_ body: (Connection) async throws -> R) async throws -> R {
    let connection = try await Connection.open(parameters)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }
}
