// Rows read by column, and what is said when they do not fit.

import EthicoTypes
import FoundationEssentials
import Postgres
import Testing

@Suite("A row")
struct RowTests {
  private struct Client: RowDecodable, Equatable {
    let id: ID<Client>
    let name: String
    let note: String?
    let tier: Tier
    let formerTier: Tier?
    let tiers: [Tier]
    let seats: Int
    let tags: [String]

    init(row: Row) throws {
      id = try row["id"]
      name = try row["name"]
      note = try row["note"]
      tier = try row["tier"]
      formerTier = try row["former_tier"]
      tiers = try row["tiers"]
      seats = try row["seats"]
      tags = try row.decode("tags")
    }
  }

  @Test("becomes a value")
  func decodes() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let uuid = UUID()
      let sql: SQL = """
        SELECT \(uuid) AS id, 'Acme'::varchar AS name, NULL::text AS note, 'plg' AS tier, NULL::text AS former_tier,
          '{smb,plg}'::text[] AS tiers, 7::smallint AS seats, '{a,b}'::text[] AS tags
        """
      let client = try #require(try await database.query(test.role, sql, as: Client.self).first)
      #expect(client.id.uuid == uuid)
      #expect(client.name == "Acme")
      #expect(client.note == nil)
      #expect(client.tier == .plg)
      #expect(client.formerTier == nil)
      #expect(client.tiers == [.smb, .plg])
      #expect(client.seats == 7)
      #expect(client.tags == ["a", "b"])
    }
  }

  private struct Twins: RowDecodable {
    let values: [Int]

    init(row: Row) throws { values = [try row["a"], try row["b"], try row["a"], try row["b"], try row["a"]] }
  }

  @Test("is read in any order of its columns, of two that share a name the first")
  func anyOrder() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      for sql in ["SELECT 2 AS b, 1 AS a", "SELECT 1 AS a, 2 AS b, 3 AS b", "SELECT 1 AS a, 2 AS b, 3 AS a"] as [SQL] {
        #expect(try await database.query(test.role, sql, as: Twins.self).map(\.values) == [[1, 2, 1, 2, 1]])
      }
    }
  }

  private struct Wrong<Value: PostgresDecodable>: RowDecodable {
    init(row: Row) throws { _ = try row.decode("a", as: Value.self) }
  }

  private struct WrongTerm: RowDecodable {
    init(row: Row) throws { _ = try row.decode("a", as: Tier.self) }
  }

  @Test("says which column does not fit")
  func namesTheColumn() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      await #expect(throws: RowError.unknownColumn("a")) {
        try await database.query(test.role, "SELECT 1 AS b", as: Wrong<Int>.self)
      }
      await #expect(throws: RowError.null(column: "a", expected: "Int")) {
        try await database.query(test.role, "SELECT NULL::int AS a", as: Wrong<Int>.self)
      }
      let error = await #expect(throws: RowError.self) {
        try await database.query(test.role, "SELECT 1::int AS a", as: Wrong<String>.self)
      }
      #expect(error?.description == "The column a is int4 and was read as String.")
      await #expect(throws: RowError.self) {
        try await database.query(test.role, "SELECT 1.5::numeric AS a", as: Wrong<Double>.self)
      }
      await #expect(throws: RowError.value(column: "a", expected: "Tier", found: "gold")) {
        try await database.query(test.role, "SELECT 'gold' AS a", as: WrongTerm.self)
      }
      await #expect(throws: RowError.self) {
        try await database.query(test.role, "SELECT '{{1,2},{3,4}}'::int[] AS a", as: Wrong<[Int]>.self)
      }
    }
  }

  @Test("has to be the only one when one is asked for")
  func refusesSecondRow() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      try await database.transaction(test.role) { (tx) async throws in
        #expect(try await tx.first("SELECT 1 WHERE false", as: Int.self) == nil)
        #expect(try await tx.first("SELECT 1", as: Int.self) == 1)
        #expect(try await tx.first("SELECT max(1) WHERE false", as: Int?.self) == .some(nil))
        await #expect(throws: RowError.moreThanOneRow) {
          try await tx.first("SELECT generate_series(1, 2)", as: Int.self)
        }
      }
    }
  }
}
