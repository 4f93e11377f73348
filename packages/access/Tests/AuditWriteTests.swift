// No write without its event, whoever writes and however they try.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("A write and its event")
struct AuditWriteTests {
  @Test("a write without an event cannot commit")
  func noEvent() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("UPDATE client_user SET title = 'x'")
      }
    }
    let changed = try await db.ledger.tenant(acting) { tx in
      try await tx.first("SELECT count(*) FROM client_user WHERE title = 'x'", as: Int.self)
    }
    #expect(changed == 0)
  }

  @Test("a write after the event needs an event of its own")
  func lateWrite() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("UPDATE client_user SET title = 'early'")
        try await tx.record("test.write")
        try await tx.execute("UPDATE client_user SET title = 'late'")
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("checking early does not let a late write by")
  func earlyConstraints() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("UPDATE client_user SET title = 'early'")
        try await tx.record("test.write")
        try await tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
        try await tx.execute("SET CONSTRAINTS ALL DEFERRED")
        try await tx.execute("UPDATE client_user SET title = 'late'")
      }
    }
  }

  @Test("a write cannot hide behind the event of an earlier transaction")
  func oldEvent() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let old = try await db.ledger.tenant(acting) { tx in
      try await tx.execute("UPDATE client_user SET title = 'first'")
      try await tx.record("test.write")
      return tx.event
    }
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("SELECT set_config('ops.event', \(old.description), true)")
        try await tx.execute("UPDATE client_user SET title = 'second'")
      }
    }
  }

  @Test(
    "an event that says something else than its transaction is refused",
    arguments: ["ops.actor", "ops.request", "ops.tenant"])
  func forgedBody(setting: String) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let forged = setting == "ops.actor" ? "system:somebody" : World.borealisBank.id.description
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("SELECT set_config(\(setting), \(forged), true)")
        try await tx.record("test.look")
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("nothing is recorded under an access that has been left")
  func leftAccess() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    try await db.ledger.exit(acting.impersonation, by: acting.signedIn, request: db.facts())
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in try await tx.record("view.case.list") }
    }
    #expect(error?.constraint == "impersonation_open")
  }

  @Test("a change is recorded with before and after, and secrets as changed")
  func captured() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    try await db.ledger.tenant(acting) { tx in
      try await tx.execute("UPDATE tenant_setting SET value = '77' WHERE key = 'cases.default_sla_days'")
      try await tx.record("tenant_setting.set")
    }
    let page = try await db.ledger.trail(
      TrailQuery(.access(acting.impersonation.id), action: "tenant_setting.set"), by: acting.signedIn,
      request: db.facts())
    let change = try #require(page.steps.first?.changes.first)
    #expect(change.table == "tenant_setting" && change.key == "cases.default_sla_days")
    #expect(change.fields.map(\.name) == ["value"])
    #expect(change.fields.first?.after == "77")
  }
}
