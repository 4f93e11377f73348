// A client's transaction sees the events, changes and seals of its own chain, whatever it asks for, and no detail.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Isolation of the trail")
struct TrailIsolationTests {
  /// The tables that a client's role may read, what names a row of each, and which rows are of a chain.
  static let readable = [
    ("audit_event", "id::text", "chain ="), ("audit_seal", "event::text", "chain ="),
    ("row_change", "concat_ws(' ', event, ordinal)", "(SELECT e.chain FROM audit_event e WHERE e.id = event) ="),
  ]

  @Test("a client sees exactly its own chain", arguments: readable)
  func own(table: String, name: String, isOf: String) async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for client in [World.acmeHealth, World.borealisBank] {
      let whole = try await superuser.query(
        .superuser, SQL(trusted: "SELECT \(name) FROM \(table) WHERE \(isOf) '\(client.id)' ORDER BY 1"),
        as: String.self)
      #expect(!whole.isEmpty)
      #expect(try await seen(table, name, under: client.id.description, db) == whole)
    }
    await superuser.close()
  }

  @Test("a wrong, empty or unset tenant sees nothing", arguments: readable)
  func nobodys(table: String, name: String, isOf: String) async throws {
    let db = try await TestDatabase.make()
    for setting in [nil, "", UUID().uuidString.lowercased()] {
      #expect(try await seen(table, name, under: setting, db).isEmpty, "under \(setting ?? "no setting")")
    }
  }

  @Test("a client reads no detail, and not what waits for its event", arguments: ["audit_detail", "audit_pending"])
  func unreadable(table: String) async throws {
    let db = try await TestDatabase.make()
    let error = await #expect(throws: PostgresError.self) {
      _ = try await seen(table, "event::text", under: World.acmeHealth.id.description, db)
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  private func seen(
    _ table: String, _ name: String, under setting: String?, _ db: TestDatabase
  ) async throws -> [String] {
    let settings = TransactionSettings(values: setting.map { [("ops.tenant", $0)] } ?? [])
    return try await db.database.transaction(.tenant, settings) { tx in
      try await tx.query(SQL(trusted: "SELECT \(name) FROM \(table) ORDER BY 1"), as: String.self)
    }
  }
}
