// Administering staff below the pages: what the database refuses whoever asks, and what ends together commits together.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Administering staff")
struct StaffAdminTests {
  private static let rounds = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 200 : 1_000

  private func administrator(_ db: TestDatabase) async throws -> Administrator {
    let (_, signedIn) = try await db.signIn(World.admin)
    return Administrator(signedIn, request: db.facts("staff"))
  }

  private func person(_ email: String, _ db: TestDatabase) async throws -> ID<Staff> {
    let found = try await db.database.query(
      .fleet, "SELECT id FROM staff WHERE email = \(email)", as: ID<Staff>.self)
    return try #require(found.first)
  }

  /// The constraint that stops a write as the person of `author`.
  private func stopped(_ db: TestDatabase, _ author: Author, _ write: SQL) async throws -> String? {
    do {
      try await db.ledger.fleet(author) { tx in
        try await tx.execute(write)
        try await tx.record("staff.grant")
      }
      return nil
    } catch let error as PostgresError {
      return error.constraint ?? error.sqlState.rawValue
    }
  }

  @Test("the database refuses grants to oneself, unlocking oneself, reviving a grant and losing the last administrator")
  func rulesOfTheDatabase() async throws {
    let db = try await TestDatabase.make()
    let (_, admin) = try await db.signIn(World.admin)
    let author = admin.author(db.facts("staff.grant"))
    let me = admin.staff.id
    let grant: SQL = """
      INSERT INTO staff_grant (id, staff_id, capability, granted_at, granted_by, rationale)
      VALUES (gen_random_uuid(), \(me), 'support.act', now(), 'staff', 'because')
      """
    #expect(try await stopped(db, author, grant) == "staff_grant_own")
    let other = try await person(World.auditor, db)
    let lock: SQL = "UPDATE staff SET locked_at = now(), lock_reason = 'Locked by a test.' WHERE id = \(other)"
    #expect(try await stopped(db, author, lock) == nil)
    let asOther = Author(.staff(other), request: db.facts("staff.unlock"))
    let unlock: SQL = "UPDATE staff SET locked_at = NULL, lock_reason = NULL WHERE id = \(other)"
    #expect(try await stopped(db, asOther, unlock) == "staff_unlock_own")
    #expect(try await stopped(db, author, unlock) == nil)
    let short: SQL = "UPDATE staff SET locked_at = now(), lock_reason = 'short' WHERE id = \(other)"
    #expect(try await stopped(db, author, short) == "staff_lock_reason")

    let end: SQL = "UPDATE staff_grant SET ended_at = now(), ended_by = 'x' WHERE staff_id = \(other)"
    #expect(try await stopped(db, author, end) == nil)
    let revive: SQL = "UPDATE staff_grant SET ended_at = NULL WHERE staff_id = \(other)"
    #expect(try await stopped(db, author, revive) == "staff_grant_ended")
    let rewrite: SQL = "UPDATE staff_grant SET rationale = 'another' WHERE staff_id = \(me)"
    #expect(try await stopped(db, author, rewrite) == "42501")

    let system = db.system()
    let losses: [SQL] = [
      "UPDATE staff_grant SET ended_at = now(), ended_by = 'x' WHERE staff_id = \(me) AND capability = 'staff.admin'",
      "UPDATE staff SET locked_at = now(), lock_reason = 'Locked by a test.' WHERE id = \(me)",
      "UPDATE staff SET state = 'deactivated' WHERE id = \(me)",
    ]
    for loss in losses { #expect(try await stopped(db, system, loss) == "staff_last_admin") }
  }

  @Test("of two administrators who take it from each other at once, one keeps it")
  func lastAdminRace() async throws {
    let db = try await TestDatabase.make()
    let first = try await administrator(db)
    let second = try await db.ledger.addStaff(
      email: "second@ethico.example", name: "Second", preset: "admin", by: db.system())
    let (_, signedIn) = try await db.signIn("second@ethico.example")
    let other = Administrator(signedIn, request: db.facts("staff"))
    let me = try await person(World.admin, db)
    async let one = refusal { try await db.ledger.take(.preset("admin"), from: second, by: first) }
    async let two = refusal { try await db.ledger.take(.preset("admin"), from: me, by: other) }
    #expect(await [one, two].compactMap(\.self) == [.lastAdmin])
  }

  private func refusal(_ act: @Sendable () async throws -> Void) async -> StaffRefusal? {
    do {
      try await act()
      return nil
    } catch { return error as? StaffRefusal }
  }

  @Test("taking support.act ends every access in the same transaction, each in its client's own chain")
  func takeEndsAccesses() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    _ = try await db.ledger.enter(
      World.borealisBank, Entry(kind: .manualSearch), by: acting.signedIn, request: db.facts())
    let admin = try await administrator(db)
    try await db.ledger.take(.preset("support"), from: acting.staff.id, by: admin)

    struct Ended: RowDecodable, Equatable {
      let chain: UUID
      let tenant: UUID
      let actor: String
      let kind: String
      let by: String
      init(row: Row) throws {
        chain = try row["chain"]
        tenant = try row["tenant_id"]
        actor = try row["actor_id"]
        kind = try row["ended_kind"]
        by = try row["ended_by"]
      }
    }
    let ended = try await db.superuser().query(
      .superuser,
      """
      SELECT e.chain, i.tenant_id, e.actor_id, i.ended_kind, i.ended_by
      FROM audit_event e
      JOIN impersonation i ON i.id = e.impersonation_id AND i.ended_event = e.id
      WHERE e.action = 'impersonation.end' AND i.staff_id = \(acting.staff.id) AND i.ended_kind = 'revoked'
      """, as: Ended.self)
    #expect(ended.count == 2)
    let adminID = try await person(World.admin, db).description
    #expect(ended.allSatisfy { $0.chain == $0.tenant && $0.actor == adminID && $0.by == "Alex Kim" })
    let told = try await db.superuser().query(
      .superuser, "SELECT body FROM audit_event WHERE action = 'staff.take'", as: String.self)
    #expect(told.count == 1 && told[0].contains(acting.impersonation.id.description))
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
    await #expect(throws: PostgresError.self) { try await write(acting, db) }
  }

  @Test("deactivating by a script ends accesses and sign-ins and takes everything; coming back gives nothing back")
  func deactivate() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let script = Administrator(db.system(), name: "the command line")
    try await db.ledger.deactivateStaff(email: World.support.uppercased(), by: script)
    try await db.ledger.deactivateStaff(email: World.support, by: script)
    let file = try #require(try await db.ledger.staffFile(acting.staff.id))
    #expect(file.person.state == .deactivated && file.grants.isEmpty && file.accesses.isEmpty && file.signIns.isEmpty)
    let opened = try await db.ledger.openSession(
      for: World.support, method: "demo", agent: "-", request: db.facts())
    #expect(opened == nil)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
    try await db.ledger.reactivate(acting.staff.id, by: try await administrator(db))
    let (_, back) = try await db.signIn(World.support)
    #expect(back.staff.capabilities == [.tenantRead])
    await #expect(throws: StaffRefusal.unknown("nobody@ethico.example")) {
      try await db.ledger.deactivateStaff(email: "nobody@ethico.example", by: script)
    }
  }

  @Test("a lock ends sign-ins and refuses new ones; the access waits and is resumed after unlocking")
  func lock() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let admin = try await administrator(db)
    try await db.ledger.lock(acting.staff.id, because: "Laptop was stolen.", by: admin)
    let refused = try await db.ledger.openSession(for: World.support, method: "demo", agent: "-", request: db.facts())
    #expect(refused == nil)
    await #expect(throws: PostgresError.self) { try await write(acting, db) }
    try await db.ledger.unlock(acting.staff.id, by: admin)
    let (token, _) = try await db.signIn(World.support)
    guard case .open = try await db.ledger.access(token, acting.impersonation.id, request: db.facts()) else {
      Issue.record("the access did not wait")
      return
    }
  }

  @Test("a grant past its time no longer counts, and a longer one takes its place")
  func until() async throws {
    let db = try await TestDatabase.make()
    let admin = try await administrator(db)
    let auditor = try await person(World.auditor, db)
    let soon = db.clock.now.addingTimeInterval(3_600)
    let grant = NewGrant(.capability(.jobsWrite), rationale: "One hour of help.", until: soon)
    try await db.ledger.grant(grant, to: auditor, by: admin)
    let (token, _) = try await db.signIn(World.auditor)
    #expect(try await may(.jobsWrite, token, db) == true)
    db.clock.advance(seconds: 1_200)
    #expect(try await may(.jobsWrite, token, db) == true)
    let longer = NewGrant(.capability(.jobsWrite), rationale: "Half an hour more.", until: soon + 1_800)
    try await db.ledger.grant(longer, to: auditor, by: admin)
    let shorter = NewGrant(.capability(.jobsWrite), rationale: "Less.", until: soon)
    await #expect(throws: StaffRefusal.alreadyGranted) { try await db.ledger.grant(shorter, to: auditor, by: admin) }
    for (seconds, may) in [(1_500.0, true), (1_500, true), (1_500, false)] {
      db.clock.advance(seconds: seconds)
      #expect(try await self.may(.jobsWrite, token, db) == may)
    }
  }

  /// Whether the person of that token may; `nil` when they are not signed in.
  private func may(_ capability: Capability, _ token: SessionToken, _ db: TestDatabase) async throws -> Bool? {
    guard case .signedIn(let signedIn) = try await db.ledger.signIn(token) else { return nil }
    return signedIn.staff.may(capability)
  }

  @Test("nothing commits after a revocation's commit, in races against a write")
  func races() async throws {
    let db = try await TestDatabase.make(pools: 8)
    let admin = try await administrator(db)
    let staff = try await person(World.support, db)
    for round in 0..<Self.rounds {
      let acting = try await db.enter(World.acmeHealth)
      async let written: Void = write(acting, db)
      async let revoked: Void = revoke(acting, round, by: admin, db)
      _ = try? await written
      try await revoked
      if round.isMultiple(of: 2) {
        try await db.ledger.grant(NewGrant(.preset("support"), rationale: "Again.", until: nil), to: staff, by: admin)
      }
    }
    let counts = try await db.superuser().query(
      .superuser,
      """
      SELECT count(DISTINCT x.id) FROM audit_event x
      JOIN impersonation i ON i.ended_event = x.id AND i.ended_kind = 'revoked'
      UNION ALL
      SELECT count(*) FROM audit_seal w
      JOIN audit_event e ON e.id = w.event AND e.action = 'tenant_setting.set'
      JOIN audit_event x ON x.impersonation_id = e.impersonation_id AND x.action = 'impersonation.end'
      JOIN audit_seal s ON s.event = x.id
      WHERE w.chain = s.chain AND w.seq > s.seq
      """, as: Int.self)
    #expect(counts == [Self.rounds, 0])
  }

  /// Each other time with the capability, else the access alone.
  private func revoke(
    _ acting: ActingContext, _ round: Int, by admin: Administrator, _ db: TestDatabase
  ) async throws {
    if round.isMultiple(of: 2) {
      try await db.ledger.take(.preset("support"), from: acting.staff.id, by: admin)
    } else {
      try await db.ledger.endAccess(acting.impersonation.id, of: acting.staff.id, by: admin)
    }
  }

  private func write(_ acting: ActingContext, _ db: TestDatabase) async throws {
    try await db.ledger.tenant(acting) { tx in
      try await tx.execute("UPDATE tenant_setting SET value = value WHERE key = 'cases.default_sla_days'")
      try await tx.record("tenant_setting.set")
    }
  }
}
