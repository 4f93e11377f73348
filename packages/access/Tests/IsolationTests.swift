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
    try await weaken("ALTER TABLE \"\(table)\" DISABLE TRIGGER USER", db)
    let breaches = try await breaches(of: table, db)
    #expect(breaches.isEmpty, "\(breaches)")
  }

  @Test("where row-level security is off, the same attempts are seen to do something", arguments: tables)
  func unprotected(table: String) async throws {
    let db = try await TestDatabase.make()
    try await weaken("ALTER TABLE \"\(table)\" DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY", db)
    #expect(try await !breaches(of: table, db).isEmpty)
  }

  /// The triggers of a table refuse foreign rows too, and the missing event: they are off, so that what holds a
  /// statement is row-level security, or that the role has no such privilege at all.
  private func weaken(_ statement: String, _ db: TestDatabase) async throws {
    let superuser = db.superuser()
    _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    await superuser.close()
  }

  /// What a client's role gets done to rows that are not of its transaction's client.
  private func breaches(of table: String, _ db: TestDatabase) async throws -> [String] {
    let column = table == "tenant" ? "id" : "tenant_id"
    let verbs = [
      "INSERT INTO \"\(table)\" (\(column)) VALUES ('\(World.borealisBank.id)')",
      "UPDATE \"\(table)\" SET \(column) = \(column)", "DELETE FROM \"\(table)\"",
    ]
    var breaches: [String] = []
    for setting in [nil, "", World.acmeHealth.id.description, UUID().uuidString.lowercased()] {
      for verb in verbs {
        // Under Acme's own setting, only Borealis' rows are tried.
        let isOwn = setting == World.acmeHealth.id.description
        let statement =
          isOwn && !verb.hasPrefix("INSERT") ? verb + " WHERE \(column) = '\(World.borealisBank.id)'" : verb
        guard let breach = try await breach(statement, setting, db) else { continue }
        breaches.append("\(verb) under \(setting ?? "no setting"): \(breach)")
      }
    }
    return breaches
  }

  /// What came of a statement; `nil` when it found no row or was not permitted. Any other error is one of somebody who
  /// got through to the rows: a value that was missing, a reference that stood in the way.
  private func breach(_ statement: String, _ setting: String?, _ db: TestDatabase) async throws -> String? {
    let settings = TransactionSettings(values: setting.map { [("ops.tenant", $0)] } ?? [])
    do {
      let count = try await db.database.transaction(.tenant, settings) { tx in
        try await tx.execute(SQL(trusted: statement))
      }
      return count == 0 ? nil : "\(count) rows"
    } catch let error as PostgresError {
      return error.sqlState == .insufficientPrivilege ? nil : "\(error)"
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
