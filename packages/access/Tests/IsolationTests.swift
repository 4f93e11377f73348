// One client's transaction sees one client's rows, whatever it asks for and however busy the pool is.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Access

@Suite("Isolation")
struct IsolationTests {
  static let tables = TableClass.tenant + TableClass.tenantMachine

  @Test("no tenant table gives a row to a wrong, empty or unset tenant", arguments: tables)
  func reading(table: String) async throws {
    let db = try await TestDatabase.make()
    let column = table == "tenant" ? "id" : "tenant_id"
    for setting in [nil, "", UUID().uuidString.lowercased()] {
      let settings = TransactionSettings(values: setting.map { [("ops.tenant", $0)] } ?? [])
      let count = try await db.database.transaction(.tenant, settings) { tx in
        try await tx.first(SQL(trusted: "SELECT count(*) FROM \"\(table)\""), as: Int.self)
      }
      #expect(count == 0, "\(table) under \(setting ?? "no setting")")
    }
    let foreign = try await db.database.transaction(
      .tenant, TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    ) { tx in
      try await tx.first(
        SQL(trusted: "SELECT count(*) FROM \"\(table)\" WHERE \(column) <> '\(World.acmeHealth.id)'"), as: Int.self)
    }
    #expect(foreign == 0)
  }

  @Test("no tenant table lets a wrong, empty or unset tenant update, delete or insert", arguments: tables)
  func writing(table: String) async throws {
    let db = try await TestDatabase.make()
    let column = table == "tenant" ? "id" : "tenant_id"
    let verbs = [
      "UPDATE \"\(table)\" SET \(column) = \(column)", "DELETE FROM \"\(table)\"",
      "INSERT INTO \"\(table)\" SELECT (jsonb_populate_record("
        + "NULL::\"\(table)\", '{\"\(column)\": \"\(World.borealisBank.id)\"}')).*",
    ]
    for setting in [nil, "", World.acmeHealth.id.description, UUID().uuidString.lowercased()] {
      for verb in verbs {
        // Under Acme's own setting, only Borealis' rows are tried.
        let isOwn = setting == World.acmeHealth.id.description
        let statement =
          isOwn && !verb.hasPrefix("INSERT") ? verb + " WHERE \(column) = '\(World.borealisBank.id)'" : verb
        let touched = await touch(statement, setting, db)
        #expect(touched == 0, "\(verb) under \(setting ?? "no setting")")
      }
    }
  }

  /// How many rows a statement touches; 0 when it is refused.
  private func touch(_ statement: String, _ setting: String?, _ db: TestDatabase) async -> Int {
    let settings = TransactionSettings(values: setting.map { [("ops.tenant", $0)] } ?? [])
    do {
      return try await db.database.transaction(.tenant, settings) { tx in
        try await tx.execute(SQL(trusted: statement))
      }
    } catch {
      return 0
    }
  }

  @Test("a thousand interleaved transactions of two clients over four connections never mix")
  func canaries() async throws {
    let db = try await TestDatabase.make(pools: 4)
    let clients = [World.acmeHealth, World.borealisBank]
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Each of two hundred asks five times: as many as wait for a connection at once.
      for number in 0..<200 {
        group.addTask {
          for turn in 0..<5 {
            let client = clients[(number + turn) % 2]
            let settings = TransactionSettings(values: [("ops.tenant", client.id.description)])
            let seen = try await db.database.transaction(.tenant, settings) { tx in
              try await tx.query("SELECT DISTINCT tenant_id FROM client_user", as: UUID.self)
            }
            #expect(seen == [client.id.uuid])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(
    "the client portal cannot see by whom at Ethico, or under which access, a row was changed",
    arguments: TableClass.tenant)
  func portal(table: String) async throws {
    let db = try await TestDatabase.make()
    let portal = db.pool(of: .portal)
    for column in ["via_impersonation", "changed_by"] {
      let error = await #expect(throws: PostgresError.self) {
        _ = try await portal.query(.portal, SQL(trusted: "SELECT count(\(column)) FROM \"\(table)\""), as: Int.self)
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
    await portal.close()
  }

  @Test("a tenant's role has no privilege on anything of ours", arguments: TableClass.ops + TableClass.opsMachine)
  func ours(table: String) async throws {
    let db = try await TestDatabase.make()
    let error = await #expect(throws: PostgresError.self) {
      _ = try await db.database.query(.tenant, SQL(trusted: "SELECT count(*) FROM \(table)"), as: Int.self)
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }
}
