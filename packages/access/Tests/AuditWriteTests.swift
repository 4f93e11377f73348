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

  @Test("an event that is left out as it is there already explains nothing", arguments: changes.indices)
  func leftOut(change: Int) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let again: SQL = """
      INSERT INTO audit_event (at, id, chain, body)
      SELECT at, id, chain, body FROM audit_event WHERE id = NULLIF(current_setting('ops.event'), '')::uuid
      ON CONFLICT DO NOTHING
      """
    let detail: SQL = """
      INSERT INTO audit_detail (event, salt, text)
      VALUES (current_setting('ops.event')::uuid, decode(repeat('07', 16), 'hex'), 'Said.')
      """
    for late in [Self.changes[change], detail] {
      let error = await #expect(throws: PostgresError.self) {
        try await db.ledger.tenant(acting) { tx in
          try await tx.record("view.case.list")
          try await tx.execute("SELECT set_config('ops.event', \(tx.event.description), true)")
          try await tx.execute(late)
          try await tx.execute(again)
        }
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
  }

  @Test("what is undone back to a savepoint waits for no event, and its event explains nothing")
  func savepoints() async throws {
    let db = try await TestDatabase.make()
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute(Self.changes[0])
      _ = try? await tx.sql.savepoint { part in
        try await part.execute(Self.changes[1])
        try await tx.record("test.taken_back")
        try await part.execute("SET CONSTRAINTS ALL IMMEDIATE")
        throw CancellationError()
      }
      try await tx.execute(Self.changes[1])
      try await tx.record("test.write", detail: "Said.")
    }
    #expect(try await db.ledger.verify(by: db.system()).breaks == [])
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute(Self.changes[0])
        _ = try? await tx.sql.savepoint { _ in
          try await tx.record("test.taken_back")
          throw CancellationError()
        }
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("as many changes as an act has are digested in their order", arguments: [1, 2, 16, 17, 18])
  func manyOneByOne(count: Int) async throws {
    let db = try await TestDatabase.make()
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      for number in 1...count {
        try await tx.execute(
          "UPDATE tenant_setting SET value = \(String(number))::jsonb WHERE key = 'cases.default_sla_days'")
      }
      try await tx.record("test.write", detail: count == 1 ? nil : "Said.")
    }
    #expect(try await db.ledger.verify(by: db.system()).breaks == [])
  }

  @Test("a late write under the event that was checked early needs one of its own", arguments: changes.indices)
  func earlyConstraintsReannounced(change: Int) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute(Self.changes[change])
        try await tx.record("test.write")
        try await tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
        try await tx.execute("SET CONSTRAINTS ALL DEFERRED")
        try await tx.execute("SELECT set_config('ops.event', \(tx.event.description), true)")
        try await tx.execute(Self.changes[1 - change])
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("a detail without its event cannot commit")
  func detailAlone() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute(
          "INSERT INTO audit_detail (event, salt, text) VALUES (\(tx.event), decode(repeat('07', 16), 'hex'), 'Said.')")
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("what waits for its event is gone when the event has come")
  func nothingWaits() async throws {
    let db = try await TestDatabase.make()
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      for change in Self.changes { try await tx.execute(change) }
      try await tx.record("test.write", detail: "Said.")
    }
    let superuser = db.superuser()
    let waiting = try await superuser.query(.superuser, "SELECT count(*) FROM audit_pending", as: Int.self)
    await superuser.close()
    #expect(waiting == [0])
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("a statement that touches no row needs no event")
  func nothingTouched() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    for sql: SQL in [
      "UPDATE client_user SET title = 'x' WHERE false", "DELETE FROM note WHERE false",
      "INSERT INTO tenant_setting (tenant_id, key, value) SELECT tenant_id, key, value FROM tenant_setting WHERE false",
    ] {
      let touched = try await db.ledger.tenant(acting) { tx in try await tx.execute(sql) }
      #expect(touched == 0)
    }
  }

  /// Changes one row of a client, and changes many.
  static let changes: [SQL] = [
    "UPDATE tenant_setting SET value = '77' WHERE key = 'cases.default_sla_days'", "UPDATE client_user SET title = 'x'",
  ]

  @Test("a write cannot hide behind the event of an earlier transaction", arguments: changes.indices)
  func oldEvent(change: Int) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let old = try await db.ledger.tenant(acting) { tx in
      try await tx.execute(Self.changes[change])
      try await tx.record("test.write")
      return tx.event
    }
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("SELECT set_config('ops.event', \(old.description), true)")
        try await tx.execute(Self.changes[change])
        try await tx.execute("SELECT set_config('ops.event', \(tx.event.description), true)")
        try await tx.record("test.write")
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("a write cannot hide behind an earlier event that changed nothing", arguments: changes.indices)
  func oldLook(change: Int) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let old = try await db.ledger.tenant(acting) { tx in
      try await tx.record("view.case.list")
      return tx.event
    }
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(acting) { tx in
        try await tx.execute("SELECT set_config('ops.event', \(old.description), true)")
        try await tx.execute(Self.changes[change])
      }
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("an event explains what came before it, not what comes under its id afterwards", arguments: changes.indices)
  func reannounced(change: Int) async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    for early in [nil, Self.changes[change]] {
      let error = await #expect(throws: PostgresError.self) {
        try await db.ledger.tenant(acting) { tx in
          if let early { try await tx.execute(early) }
          try await tx.record("test.write")
          try await tx.execute("SELECT set_config('ops.event', \(tx.event.description), true)")
          try await tx.execute(Self.changes[change])
        }
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
  }

  @Test("each change is recorded once and in its order, by one statement or by several")
  func order() async throws {
    let db = try await TestDatabase.make()
    let author = db.system(World.acmeHealth)
    let event = try await db.ledger.tenant(by: author) { tx in
      _ = try? await tx.sql.savepoint { part in
        try await part.execute("UPDATE tenant_setting SET value = '1' WHERE key = 'cases.default_sla_days'")
        throw CancellationError()
      }
      try await tx.execute("UPDATE tenant_setting SET value = '2' WHERE key = 'cases.default_sla_days'")
      try await tx.execute("UPDATE tenant_setting SET value = '3' WHERE key = 'cases.default_sla_days'")
      try await tx.execute("UPDATE client_user SET title = 'many'")
      try await tx.record("test.write")
      return tx.event
    }
    let superuser = db.superuser()
    let payloads = try await superuser.query(
      .superuser, "SELECT payload FROM row_change WHERE event = \(event) ORDER BY ordinal", as: String.self)
    let ordinals = try await superuser.query(
      .superuser, "SELECT ordinal FROM row_change WHERE event = \(event) ORDER BY ordinal", as: Int.self)
    let people = try await superuser.query(
      .superuser, "SELECT count(*) FROM client_user WHERE tenant_id = \(World.acmeHealth.id)", as: Int.self)
    await superuser.close()
    #expect(people[0] > 1)
    #expect(ordinals == Array(1...2 + people[0]))
    #expect(payloads[0].contains(#""after": {"value": "2""#) && payloads[1].contains(#""before": {"value": "2""#))
    #expect(Set(payloads.dropFirst(2)).count == people[0])
    #expect(payloads.dropFirst(2).allSatisfy { $0.contains(#""title": "many""#) && !$0.contains(#""email""#) })
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
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
      TrailQuery(.access(acting.impersonation.id), conditions: [.action("tenant_setting.set")]), by: acting.signedIn,
      request: db.facts())
    let change = try #require(page.steps.first?.changes.first)
    #expect(change.table == "tenant_setting" && change.key == "cases.default_sla_days")
    #expect(change.fields.map(\.name) == ["value"])
    #expect(change.fields.first?.after == "77")
  }

  /// One row and many, under a key of one column and of several, with a secret that is set and one that is not.
  static let shapes: [SQL] = [
    """
    INSERT INTO report (tenant_id, id, reference, channel, reporter, reporter_name, language, category_id, body,
      received_at)
    SELECT tenant_id, ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'Shape "' || n || '"', 'phone',
      CASE n WHEN 1 THEN 'identified' ELSE 'anonymous' END, CASE n WHEN 1 THEN 'Rita "R" Roe' END, 'en', id,
      E'A \\\\ "quoted"\nword – ' || n, '2026-01-02'
    FROM category, generate_series(1, 3) AS n
    WHERE code = (SELECT min(code) FROM category)
    """,
    """
    INSERT INTO report (tenant_id, id, reference, channel, reporter, language, category_id, body, received_at)
    SELECT tenant_id, '00000000-0000-7000-8000-000000000009', 'Shape', 'phone', 'anonymous', 'en', id, 'One.',
      '2026-01-02'
    FROM category
    WHERE code = (SELECT min(code) FROM category)
    """,
    """
    INSERT INTO case_report (tenant_id, case_id, report_id, link)
    SELECT c.tenant_id, c.id, r.id, 'related'
    FROM report r, (SELECT tenant_id, id FROM "case" WHERE merged_into IS NULL ORDER BY id LIMIT 1) c
    WHERE r.reference LIKE 'Shape%'
    """,
    "UPDATE tenant_setting SET value = '{\"a\": [1, null]}'", "UPDATE client_user SET title = 'x'",
    "DELETE FROM case_report r USING report t WHERE t.id = r.report_id AND t.reference LIKE 'Shape%'",
    "DELETE FROM tenant_setting WHERE key = (SELECT min(key) FROM tenant_setting)",
  ]

  @Test("a payload is what jsonb would write of the rows, whatever they hold and however many they are")
  func payloads() async throws {
    let db = try await TestDatabase.make()
    let event = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      for shape in Self.shapes { try await tx.execute(shape) }
      try await tx.record("test.write")
      return tx.event
    }
    let superuser = db.superuser()
    let bent = try await superuser.query(
      .superuser,
      """
      SELECT payload FROM row_change
      WHERE event = \(event) AND (payload <> payload::jsonb::text OR NOT payload::jsonb ?& '{table,op,pk}'
        OR payload LIKE '%Rita%' OR (payload::jsonb ->> 'op' IN ('I', 'U')) <> payload::jsonb ? 'after'
        OR (payload::jsonb ->> 'op' IN ('D', 'U')) <> payload::jsonb ? 'before')
      """, as: String.self)
    #expect(bent == [])
    let told = try await superuser.query(
      .superuser,
      """
      SELECT concat_ws(' ', c.payload::jsonb -> 'pk' ->> 'id', c.payload::jsonb -> 'after' ->> 'reporter_name')
      FROM row_change c
      JOIN report r ON c.payload::jsonb -> 'after' = (to_jsonb(r) - 'tenant_id' - 'reporter_name')
        || jsonb_build_object('reporter_name', CASE WHEN r.reporter_name IS NOT NULL THEN '«secret»' END)
      WHERE c.event = \(event) AND c.payload::jsonb ->> 'table' = 'report'
      ORDER BY c.ordinal
      """, as: String.self)
    await superuser.close()
    #expect(
      told == [
        "00000000-0000-7000-8000-000000000001 «secret»", "00000000-0000-7000-8000-000000000002",
        "00000000-0000-7000-8000-000000000003", "00000000-0000-7000-8000-000000000009",
      ])
  }
}
