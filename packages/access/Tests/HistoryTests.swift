// The history of a record that many people look at: what was done to it is found without what was only looked at.

import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Access

@Suite("The history of a record")
struct HistoryTests {
  private let object = AuditObject("case", "0193a5c0-0000-7000-8000-0000000000aa")

  @Test("is read without the looks at it, however many there were")
  func looks() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    let now = db.clock.now
    let statements: [SQL] = [
      "ALTER TABLE audit_event DISABLE TRIGGER USER",
      """
      INSERT INTO audit_event (at, id, chain, body, detail_digest, change_count, change_digest, leaf, xact, action,
        actor_kind, actor_id, object_type, object_id, outcome)
      SELECT \(now)::timestamptz - n * interval '1 second', gen_random_uuid(), \(World.acmeHealth.id), '{}', '\\x00', 0,
        '\\x00', '\\x00', '3', 'view.case.show', 'staff', 'nobody', \(object.type),
        CASE n % 4 WHEN 0 THEN \(object.id) ELSE gen_random_uuid()::text END, 'ok'
      FROM generate_series(1, 20000) AS n
      """,
      "ANALYZE audit_event",
    ]
    for statement in statements { _ = try await superuser.execute(.superuser, statement) }
    await superuser.close()
    let query = TrailQuery(.record(tenant: World.acmeHealth.id, object), only: .changes, limit: 50)
    let steps = TrailReader(query: query, names: .hidden).steps
    let plan = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) \(fragment: steps)", as: String.self)
    }.joined(separator: "\n")
    let seen = plan.matches(of: #/(?:actual rows=|Removed by Filter: )([0-9]+)/#).compactMap { Int($0.1) }
    #expect(!seen.isEmpty && seen.allSatisfy { $0 < 1_000 }, "\(plan)")
  }
}
