// Entering, staying, leaving: no approval, no clock, and nothing after the end.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("An access")
struct ImpersonationTests {
  private static let rounds = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 50 : 1_000

  @Test("stays open for 400 days and three later sign-ins, each a resumption")
  func noClock() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let id = acting.impersonation.id
    db.clock.advance(seconds: 400 * 86_400)
    for _ in 0..<3 {
      let (token, _) = try await db.signIn(World.support)
      guard case .open = try await db.ledger.access(token, id, request: db.facts()) else {
        Issue.record("the access is not open")
        return
      }
    }
    let (_, signedIn) = try await db.signIn(World.support)
    try await db.ledger.exit(acting.impersonation, by: signedIn, request: db.facts())
    let page = try await db.ledger.trail(TrailQuery(.access(id)), by: signedIn, request: db.facts())
    let steps = page.steps.map(\.action).filter { $0.hasPrefix("impersonation.") }
    #expect(
      steps == [
        "impersonation.start", "impersonation.resume", "impersonation.resume", "impersonation.resume",
        "impersonation.end",
      ])
  }

  @Test("a second start leads into the first")
  func reenter() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let again = try await db.ledger.enter(
      World.acmeHealth, Entry(kind: .manualSearch), by: acting.signedIn, request: db.facts())
    #expect(again == acting.impersonation.id)
  }

  @Test("two clicks at once are one access")
  func twoClicks() async throws {
    let db = try await TestDatabase.make()
    let (_, signedIn) = try await db.signIn(World.support)
    let ids = try await withThrowingTaskGroup(of: ID<Impersonation>.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await db.ledger.enter(World.acmeHealth, Entry(kind: .manualSearch), by: signedIn, request: db.facts())
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  @Test("is unknown to anybody else")
  func another() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let (token, _) = try await db.signIn(World.supportL1)
    guard case .unknown = try await db.ledger.access(token, acting.impersonation.id, request: db.facts()) else {
      Issue.record("another person's access was found")
      return
    }
  }

  @Test("a closed client cannot be entered, a suspended one can")
  func closedClient() async throws {
    let db = try await TestDatabase.make()
    let (_, signedIn) = try await db.signIn(World.support)
    let acme = World.acmeHealth
    let admin = Administrator(try await db.signIn(World.admin).signedIn, request: db.facts())
    let suspension = StatusChange(.suspended, because: "Invoices are overdue.")
    try await db.ledger.set(suspension, of: acme, version: 1, by: admin)
    let suspended = try #require(try await db.ledger.tenant(named: acme.slug))
    _ = try await db.ledger.enter(suspended, Entry(kind: .manualSearch), by: signedIn, request: db.facts())
    try await db.ledger.set(StatusChange(.closed, because: "They have left us."), of: acme, version: 2, by: admin)
    let closed = try #require(try await db.ledger.tenant(named: acme.slug))
    await #expect(throws: EntryRefusal.tenantClosed) {
      try await db.ledger.enter(closed, Entry(kind: .manualSearch), by: signedIn, request: db.facts())
    }
  }

  @Test("nothing commits after the exit's commit, in races of exit against write")
  func races() async throws {
    let db = try await TestDatabase.make(pools: 8)
    for _ in 0..<Self.rounds {
      let acting = try await db.enter(World.acmeHealth)
      async let written: Void = write(acting, db)
      async let left: Void = db.ledger.exit(acting.impersonation, by: acting.signedIn, request: db.facts())
      _ = try? await written
      try await left
    }
    let late = try await db.superuser().query(
      .superuser,
      """
      SELECT count(*) FROM audit_seal w
      JOIN audit_event e ON e.id = w.event AND e.action = 'tenant_setting.set'
      JOIN audit_event x ON x.impersonation_id = e.impersonation_id AND x.action = 'impersonation.end'
      JOIN audit_seal s ON s.event = x.id
      WHERE w.chain = s.chain AND w.seq > s.seq
      """, as: Int.self)
    #expect(late == [0])
  }

  private func write(_ acting: ActingContext, _ db: TestDatabase) async throws {
    try await db.ledger.tenant(acting) { tx in
      try await tx.execute("UPDATE tenant_setting SET value = value WHERE key = 'cases.default_sla_days'")
      try await tx.record("tenant_setting.set")
    }
  }

  @Test("a sign-in ends 30 minutes after the last request and 12 hours after its start; the access does not")
  func signInExpires() async throws {
    let db = try await TestDatabase.make()
    let (token, _) = try await db.signIn(World.support)
    for _ in 0..<25 {
      db.clock.advance(seconds: 28 * 60)
      guard case .signedIn = try await db.ledger.signIn(token) else {
        Issue.record("the sign-in ended too early")
        return
      }
    }
    db.clock.advance(seconds: 21 * 60)
    guard case .expired = try await db.ledger.signIn(token) else {
      Issue.record("the sign-in lasted more than 12 hours")
      return
    }
    let (second, _) = try await db.signIn(World.support)
    db.clock.advance(seconds: 30 * 60 + 1)
    guard case .expired = try await db.ledger.signIn(second) else {
      Issue.record("the sign-in lasted more than 30 minutes without a request")
      return
    }
  }

  @Test("a sixth sign-in ends the oldest")
  func sixth() async throws {
    let db = try await TestDatabase.make()
    let (first, _) = try await db.signIn(World.support)
    for _ in 0..<4 { _ = try await db.signIn(World.support) }
    guard case .signedIn = try await db.ledger.signIn(first) else {
      Issue.record("five sign-ins should last")
      return
    }
    _ = try await db.signIn(World.support)
    guard case .signedOut = try await db.ledger.signIn(first) else {
      Issue.record("the oldest of six sign-ins should have ended")
      return
    }
  }
}
