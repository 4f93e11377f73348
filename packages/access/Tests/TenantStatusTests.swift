// A client's status below the pages: what is written of a change, and what a closing leaves open, which is nothing.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("A client's status")
struct TenantStatusTests {
  private let acme = World.acmeHealth

  private func administrator(_ db: TestDatabase) async throws -> Administrator {
    let (_, signedIn) = try await db.signIn(World.admin)
    return Administrator(signedIn, request: db.facts("platform.tenant_status"))
  }

  /// Sets Acme's status over what it is now.
  private func set(_ status: TenantStatus, by admin: Administrator, _ db: TestDatabase) async throws {
    let standing = try #require(try await db.ledger.standing(of: acme.id))
    let change = StatusChange(status, because: "A test has its reasons.")
    try await db.ledger.set(change, of: acme, version: standing.version, by: admin)
  }

  private func enter(_ tenant: Tenant, by signedIn: SignedIn, _ db: TestDatabase) async throws -> ID<Impersonation> {
    try await db.ledger.enter(tenant, Entry(kind: .manualSearch), by: signedIn, request: db.facts())
  }

  private func openAccesses(_ db: TestDatabase) async throws -> Int? {
    try await db.database.query(
      .fleet, "SELECT count(*) FROM impersonation WHERE tenant_id = \(acme.id) AND ended_at IS NULL", as: Int.self
    ).first
  }

  @Test("is changed on the client's own chain, with what it was, what it is and why")
  func audited() async throws {
    let db = try await TestDatabase.make()
    let admin = try await administrator(db)
    try await db.ledger.set(
      StatusChange(.suspended, because: "Invoices are overdue."), of: acme, version: 1, by: admin)
    let (_, auditor) = try await db.signIn(World.auditor)
    let query = TrailQuery(
      .record(tenant: acme.id, acme.object), only: .changes, conditions: [.action(StatusChange.action)])
    let steps = try await db.ledger.trail(query, by: auditor, request: db.facts()).steps
    let step = try #require(steps.first)
    #expect(steps.count == 1 && step.actor.name == "Alex Kim")
    #expect(step.detail == "Acme Health: Invoices are overdue.")
    let field = step.changes.flatMap(\.fields).first { $0.name == "status" }
    #expect(field?.before == "live" && field?.after == "suspended")
    let known = try await db.ledger.tenant(named: acme.slug)
    #expect(known?.status == .suspended)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("that becomes closed ends every access there in the same transaction, and none elsewhere")
  func closing() async throws {
    let db = try await TestDatabase.make()
    let (token, support) = try await db.signIn(World.support)
    let mine = try await enter(acme, by: support, db)
    let elsewhere = try await enter(World.borealisBank, by: support, db)
    let theirs = try await db.enter(acme, as: World.supportL1)
    try await set(.closed, by: try await administrator(db), db)

    struct Ended: RowDecodable {
      let chain: UUID
      let actor: String
      let by: String
      init(row: Row) throws {
        chain = try row["chain"]
        actor = try row["actor_name"]
        by = try row["ended_by"]
      }
    }
    let ended = try await db.superuser().query(
      .superuser,
      """
      SELECT e.chain, p.name AS actor_name, i.ended_by
      FROM impersonation i
      JOIN audit_event e ON e.id = i.ended_event AND e.impersonation_id = i.id AND e.action = 'impersonation.end'
      JOIN staff p ON p.id::text = e.actor_id
      WHERE i.id = ANY(\([mine, theirs.impersonation.id])) AND i.ended_kind = 'tenant_closed'
      """, as: Ended.self)
    #expect(ended.count == 2)
    #expect(ended.allSatisfy { $0.chain == acme.id.uuid && $0.actor == "Alex Kim" && $0.by == "Alex Kim" })
    let told = try await db.superuser().query(
      .superuser, "SELECT body FROM audit_event WHERE action = 'tenant.status'", as: String.self)
    #expect(told.count == 1 && [mine, theirs.impersonation.id].allSatisfy { told[0].contains($0.description) })
    guard case .ended(_, let access) = try await db.ledger.access(token, mine, request: db.facts()) else {
      Issue.record("the access did not end")
      return
    }
    #expect(access.ending?.kind == .tenantClosed)
    guard case .open = try await db.ledger.access(token, elsewhere, request: db.facts()) else {
      Issue.record("another client's access ended too")
      return
    }
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(theirs) { tx in
        try await tx.execute("UPDATE tenant_setting SET value = value WHERE key = 'cases.default_sla_days'")
        try await tx.record("tenant_setting.set")
      }
    }
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("that is closed counts as the end of an access, even where the access says nothing of it")
  func closedWithoutEnd() async throws {
    let db = try await TestDatabase.make()
    let (token, support) = try await db.signIn(World.support)
    let id = try await enter(acme, by: support, db)
    let superuser = db.superuser()
    _ = try await superuser.execute(.superuser, "ALTER TABLE tenant DISABLE TRIGGER tenant_audit_update")
    _ = try await superuser.execute(.superuser, "UPDATE tenant SET status = 'closed' WHERE id = \(acme.id)")
    guard case .ended(_, let access) = try await db.ledger.access(token, id, request: db.facts()) else {
      Issue.record("an access is open in a closed client")
      return
    }
    #expect(access.ending == nil && access.endKind == .tenantClosed)
  }

  @Test("is read anew by who enters: what was seen before the closing lets nobody in")
  func staleEntry() async throws {
    let db = try await TestDatabase.make()
    let (_, support) = try await db.signIn(World.support)
    try await set(.closed, by: try await administrator(db), db)
    #expect(acme.status == .live)
    await #expect(throws: EntryRefusal.tenantClosed) { try await enter(acme, by: support, db) }
    #expect(try await openAccesses(db) == 0)
  }

  @Test("leaves no access open in a closed client, in 60 races of closing against entering")
  func races() async throws {
    let db = try await TestDatabase.make(pools: 8)
    let admin = try await administrator(db)
    let people = [try await db.signIn(World.support).signedIn, try await db.signIn(World.supportL1).signedIn]
    for _ in 0..<60 {
      async let first: Void = enterOrBeRefused(people[0], db)
      async let closed: Void = set(.closed, by: admin, db)
      async let second: Void = enterOrBeRefused(people[1], db)
      _ = try await (first, closed, second)
      #expect(try await openAccesses(db) == 0)
      try await set(.live, by: admin, db)
    }
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  /// Enters by what was read of the client before the race.
  private func enterOrBeRefused(_ signedIn: SignedIn, _ db: TestDatabase) async throws {
    do {
      _ = try await enter(acme, by: signedIn, db)
    } catch EntryRefusal.tenantClosed {
      // The closing was faster.
    }
  }

  @Test("is not changed by a form that is stale, to what it is already, or by a move that there is not")
  func refusals() async throws {
    let db = try await TestDatabase.make()
    let admin = try await administrator(db)
    let change = StatusChange(.suspended, because: "Invoices are overdue.")
    try await db.ledger.set(change, of: acme, version: 1, by: admin)
    // The same form once more.
    try await db.ledger.set(change, of: acme, version: 1, by: admin)
    await #expect(throws: StatusRefusal.stale) {
      try await db.ledger.set(StatusChange(.closed, because: "They have left us."), of: acme, version: 1, by: admin)
    }
    await #expect(throws: StatusRefusal.already(.suspended)) { try await set(.suspended, by: admin, db) }
    try await set(.closed, by: admin, db)
    await #expect(throws: StatusRefusal.badTransition(from: .closed, to: .suspended)) {
      try await set(.suspended, by: admin, db)
    }
    let standing = try await db.ledger.standing(of: acme.id)
    #expect(standing?.tenant.status == .closed && standing?.version == 3)
  }
}
