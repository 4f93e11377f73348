// Values on their way to the server and back.

import EthicoTypes
import FoundationEssentials
import Postgres
import Testing

@Suite("A bound value")
struct BindingTests {
  static let hostileTexts = [
    "", "'", "\"", "\\", "\\'; DROP TABLE x; --", "$1", "{a,b}", "NULL", "\t\n\r\u{8}\u{1}", "\\N", "\\.", "é",
    "e\u{301}", "日本語 👩‍👩‍👧", String(repeating: "x", count: 100_000),
  ]

  @Test("returns equal from the server", arguments: hostileTexts)
  func text(_ text: String) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let sql: SQL = "SELECT \(text)::text, length(\(text)::text)::bigint"
      let returned = try #require(try await database.query(test.role, sql, as: String.self).first)
      #expect(Array(returned.utf8) == Array(text.utf8))
    }
  }

  @Test("returns equal from the server, whatever its type")
  func scalars() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      func returned<T: PostgresEncodable & PostgresDecodable>(_ value: T) async throws -> T {
        try #require(try await database.query(test.role, "SELECT \(value)", as: Single<T>.self).first).value
      }
      for number in [0, 1, -1, Int.max, Int.min] { #expect(try await returned(number) == number) }
      for number in [0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude] as [Double] {
        #expect(try await returned(number).bitPattern == number.bitPattern)
      }
      #expect(try await returned(Double.nan).isNaN)
      #expect(try await returned(true))
      #expect(try await !returned(false))
      let uuid = UUID()
      #expect(try await returned(uuid) == uuid)
      #expect(try await returned(ID<BindingTests>(uuid)) == ID(uuid))
      #expect(try await returned(nil as Int?) == nil)
      #expect(try await returned(nil as UUID?) == nil)
      #expect(try await returned([UInt8](0...255)) == [UInt8](0...255))
      #expect(try await returned([] as [UInt8]) == [])
      #expect(try await returned(nil as [UInt8]?) == nil)
      #expect(try await returned(JSONText(#"{"a": [1, "\u00e9"]}"#)) == JSONText(#"{"a": [1, "é"]}"#))
      #expect(try await database.query(test.role, "SELECT \(Int16(-7)) + 0", as: Int.self) == [-7])
      #expect(try await database.query(test.role, "SELECT \(Int32(-7)) + 0", as: Int.self) == [-7])
      #expect(try await database.query(test.role, "SELECT 1.5::real", as: Double.self) == [1.5])
    }
  }

  @Test("returns equal from the server as a list, with quotes and NULLs")
  func lists() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      func returned<T: PostgresEncodable & PostgresDecodable>(_ value: T) async throws -> T {
        try #require(try await database.query(test.role, "SELECT \(value)", as: Single<T>.self).first).value
      }
      #expect(try await returned(Self.hostileTexts) == Self.hostileTexts)
      #expect(try await returned(["a\"b", nil, "", "NULL"] as [String?]) == ["a\"b", nil, "", "NULL"])
      #expect(try await returned([] as [String]) == [])
      #expect(try await returned([1, -1, .max, .min]) == [1, -1, .max, .min])
      #expect(try await returned([1, nil] as [Int?]) == [1, nil])
      let ids = [ID<BindingTests>(UUID()), ID(UUID())]
      #expect(try await returned(ids) == ids)
      #expect(try await returned(ids.map(\.uuid)) == ids.map(\.uuid))
      #expect(try await returned([true, false]) == [true, false])
      #expect(try await returned(nil as [UUID]?) == nil)
      let found = "SELECT 'smb' = ANY(\([Tier.smb, .plg])), 1::int = ANY(\([1, 2])), 'x' = ANY(\(["y"]))" as SQL
      #expect(try await database.query(test.role, found, as: Bool.self) == [true])
      #expect(try await database.query(test.role, "SELECT '{1,2}'::int[]", as: [Int].self) == [[1, 2]])
      #expect(try await database.query(test.role, "SELECT '{a}'::varchar[]", as: [String].self) == [["a"]])
    }
  }

  @Test("takes its type from the column it is put into when it is text")
  func infersTypes() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let uuid = UUID()
      try await database.execute(test.role, "CREATE TABLE thing (id uuid, tier text, at timestamptz, settings jsonb)")
      let insert: SQL = """
        INSERT INTO thing (id, tier, at, settings)
        VALUES (\(uuid.uuidString), \(Tier.plg), \("2026-01-01"), \("{}"))
        """
      #expect(try await database.execute(test.role, insert) == 1)
      let tier = "SELECT tier FROM thing WHERE id = \(ID<BindingTests>(uuid)) AND tier = \(Tier.plg as Tier?)" as SQL
      #expect(try await database.query(test.role, tier, as: String.self) == ["plg"])
    }
  }

  @Test("is refused before it is sent when it has a zero byte", arguments: ["\0", "a\0b"])
  func refusesZeroBytes(_ text: String) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      await #expect(throws: BindingError.zeroByte) { try await database.execute(test.role, "SELECT \(text)::text") }
      await #expect(throws: BindingError.zeroByte) { try await database.execute(test.role, "SELECT \([text])") }
      await #expect(throws: BindingError.zeroByte) {
        try await database.execute(test.role, "SELECT \(JSONText(text))")
      }
      await #expect(throws: BindingError.zeroByte) {
        try await database.transaction(test.role, TransactionSettings(values: [("ops.tenant", text)])) { _ in }
      }
    }
  }

  @Test("is refused when there are more than the protocol can number")
  func refusesTooMany() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      var sql: SQL = ", \(1)"
      for _ in 0..<16 { sql = sql + sql }
      sql = "SELECT 1" + sql
      await #expect(throws: BindingError.tooManyParameters(65_536)) { try await database.execute(test.role, sql) }
    }
  }
}

/// The first column as a value.
struct Single<Value: PostgresDecodable>: RowDecodable {
  let value: Value

  init(row: Row) throws {
    value = try row.first()
  }
}
