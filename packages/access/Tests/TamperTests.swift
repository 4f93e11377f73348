// Every way to tamper, done by the one who could – the superuser with triggers off – is found and named.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Access

@Suite("Tampering")
struct TamperTests {
  /// What somebody does, and how verification names it. `E` is an event with one change in the middle of Acme's chain.
  static let matrix: [(sql: String, expected: BreakClass)] = [
    ("UPDATE audit_event SET body = replace(body, '\"status\":200', '\"status\":201') WHERE id = E", .eventChanged),
    ("DELETE FROM audit_event WHERE id = E", .eventMissing),
    ("DELETE FROM audit_seal WHERE event = E", .eventUnsealed),
    ("UPDATE audit_event SET at = at + interval '1 second' WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET action = 'case.view' WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET actor_id = 'somebody' WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET object_id = '77', object_type = 'case' WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET impersonation_id = id, subject_id = id WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET request_id = NULL WHERE id = E", .columnDiffers),
    ("UPDATE audit_event SET outcome = 'denied' WHERE id = E", .columnDiffers),
    ("UPDATE audit_seal SET hash = sha256('x') WHERE event = E", .sealChanged),
    ("UPDATE audit_seal SET leaf = sha256('x') WHERE event = E", .sealChanged),
    (
      "DELETE FROM audit_event WHERE id = E; DELETE FROM row_change WHERE event = E; "
        + "DELETE FROM audit_detail WHERE event = E; DELETE FROM audit_seal WHERE event = E", .sealMissing
    ),
    ("UPDATE row_change SET payload = replace(payload, '77', '78') WHERE event = E", .changeChanged),
    (
      "UPDATE row_change SET payload = replace(payload, '77', '78'), "
        + "leaf = sha256(salt || convert_to(replace(payload, '77', '78'), 'UTF8')) WHERE event = E", .changeChanged
    ),
    ("DELETE FROM row_change WHERE event = E", .changeMissing),
    (
      "INSERT INTO row_change SELECT event, 2, payload, salt, leaf, xact FROM row_change WHERE event = E", .changeAdded
    ),
    ("UPDATE audit_detail SET text = 'nothing happened' WHERE event = E", .detailChanged),
    ("DELETE FROM audit_detail WHERE event = E", .detailChanged),
    (
      "UPDATE audit_seal s SET prev = sha256('x'), "
        + "hash = audit_hash(s.chain, s.seq, sha256('x'), s.leaf) WHERE event = E",
      .orderChanged
    ),
    (
      "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_prev; "
        + "UPDATE audit_seal s SET prev = p.prev, hash = audit_hash(s.chain, s.seq, p.prev, s.leaf) "
        + "FROM audit_seal p WHERE s.event = E AND p.chain = s.chain AND p.seq = s.seq - 1", .chainForked
    ),
  ]

  @Test("is named by its class", arguments: matrix.indices)
  func named(index: Int) async throws {
    let (sql, expected) = Self.matrix[index]
    let db = try await TestDatabase.make()
    let event = try await change(db)
    try await plant(sql, on: event, db)
    let verification = try await db.ledger.verify(by: db.system())
    #expect(verification.result == .tampered)
    #expect(verification.breaks.contains { $0.breakClass == expected }, "\(verification.breaks)")
    #expect(verification.firstBreak?.chain == World.acmeHealth.id.uuid)
    #expect(verification.firstBreak?.tenant == "acme-health")
    // The same is found wherever a stretch of seals ends and the next begins.
    for sealsAtOnce in [1, 2, 7] {
      let again = try await db.ledger.verify(by: db.system(), sealsAtOnce: sealsAtOnce)
      #expect(again.breaks == verification.breaks && again.chains == verification.chains)
      #expect(again.events > verification.events)
    }
  }

  /// What somebody does, and all that verification says of it: classes, and how far behind the seal of `E`; `nil` for
  /// what has no seal.
  static let exact: [(sql: String, told: [Told])] = [
    // A second event under a sealed id, in another month, and in the same second with another body.
    (second("at + interval '40 days'", "body"), [Told(.eventUnsealed, nil)]),
    (second("at + interval '1 second'", "replace(body, '200', '201')"), [Told(.eventUnsealed, nil)]),
    ("UPDATE audit_event SET leaf = sha256('x') WHERE id = E", [Told(.eventChanged, 0)]),
    ("UPDATE audit_event SET at = 'infinity' WHERE id = E", [Told(.columnDiffers, 0)]),
    ("UPDATE audit_seal SET hash = sha256('x') WHERE event = E", [Told(.sealChanged, 0)]),
    ("DELETE FROM audit_event WHERE id = E", [Told(.eventMissing, 0), Told(.changeAdded, 0)]),
    (fork(from: 2), [Told(.chainForked, 2), Told(.orderChanged, 3)]),
    (fork(from: 3), [Told(.chainForked, 3)]),
  ]

  /// A break without what differs from run to run.
  struct Told: Hashable {
    let breakClass: BreakClass
    let place: Int?

    init(_ breakClass: BreakClass, _ place: Int?) {
      self.breakClass = breakClass
      self.place = place
    }
  }

  private static func second(_ at: String, _ body: String) -> String {
    """
    INSERT INTO audit_event (at, id, chain, body, detail_digest, change_count, change_digest, leaf, xact, action,
      actor_kind, actor_id, subject_id, impersonation_id, request_id, object_type, object_id, outcome)
    SELECT \(at), id, chain, \(body), detail_digest, change_count, change_digest, leaf, xact, action,
      actor_kind, actor_id, subject_id, impersonation_id, request_id, object_type, object_id, outcome
    FROM audit_event WHERE id = E
    """
  }

  /// The seal so many behind that of `E` follows what that one follows.
  private static func fork(from distance: Int) -> String {
    "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_prev; "
      + "UPDATE audit_seal s SET prev = p.prev, hash = audit_hash(s.chain, s.seq, p.prev, s.leaf) "
      + "FROM audit_seal p WHERE p.event = E AND s.chain = p.chain AND s.seq = p.seq + \(distance)"
  }

  @Test("is told once, where and when it is", arguments: exact.indices)
  func told(index: Int) async throws {
    let (sql, told) = Self.exact[index]
    let db = try await TestDatabase.make()
    let event = try await change(db)
    let seqs = try await db.superuser().query(
      .superuser, "SELECT seq FROM audit_seal WHERE event = \(event)", as: Int.self)
    let seq = try #require(seqs.first)
    try await plant(sql, on: event, db)
    for sealsAtOnce in [1_000, 1, 2] {
      let breaks = try await db.ledger.verify(by: db.system(), sealsAtOnce: sealsAtOnce).breaks
      #expect(breaks.map { Told($0.breakClass, $0.seq.map { $0 - seq }) } == told, "\(sql): \(breaks)")
      #expect(breaks.allSatisfy { $0.tenant == "acme-health" })
      let first = try #require(breaks.first)
      if told.first?.place == 0 {
        #expect(first.event == event.uuid && first.at.prefix(19) == World.now.microsecondText.prefix(19))
      }
    }
  }

  @Test("leftovers are all told, however many")
  func leftovers() async throws {
    let db = try await TestDatabase.make()
    let event = try await change(db)
    let count = 10_001
    try await plant(
      """
      INSERT INTO row_change
      SELECT gen_random_uuid(), 1, payload, salt, leaf, xact FROM row_change, generate_series(1, \(count))
      WHERE event = E
      """, on: event, db)
    let breaks = try await db.ledger.verify(by: db.system()).breaks
    #expect(breaks.count == count && breaks.allSatisfy { $0.breakClass == .changeAdded && $0.seq == nil })
  }

  @Test("the part of an access holds by itself, and what lies behind it is not asked")
  func accessPart() async throws {
    let db = try await TestDatabase.make()
    let acting = try await db.enter(World.acmeHealth)
    let id = acting.impersonation.id
    let own = try await db.ledger.tenant(acting) { tx in
      try await tx.record("test.look")
      return tx.event
    }
    let between = try await change(db)
    try await db.ledger.exit(acting.impersonation, by: acting.signedIn, request: db.facts())
    let behind = try await change(db)
    let look = "UPDATE audit_event SET action = 'case.view' WHERE id = E"
    try await plant(look, on: behind, db)
    for sealsAtOnce in [1_000, 1] {
      let intact = try await db.ledger.verify(.access(id), by: db.system(), sealsAtOnce: sealsAtOnce)
      // The start, the look, the four events of somebody else, the end.
      #expect(intact.result == .intact && intact.chains == 1 && intact.events == 7, "\(intact)")
    }
    try await plant(look, on: own, db)
    try await plant("DELETE FROM audit_event WHERE id = E", on: between, db)
    try await plant(Self.second("at + interval '40 days'", "body"), on: own, db)
    let broken = try await db.ledger.verify(.access(id), by: db.system())
    #expect(
      broken.breaks.map(\.breakClass) == [.columnDiffers, .eventMissing, .changeAdded, .eventUnsealed],
      "\(broken.breaks)")
    #expect(try await db.ledger.verify(by: db.system()).breaks.count == 5)
    await #expect(throws: NothingToVerify.self) {
      try await db.ledger.verify(.access(db.ledger.ids.next(at: World.now)), by: db.system())
    }
  }

  @Test("what was done to one change of many is found")
  func amongMany() async throws {
    let db = try await TestDatabase.make()
    let acts: [(sql: String, expected: BreakClass)] = [
      ("UPDATE row_change SET xact = '1' WHERE event = E AND ordinal = 2", .changeAdded),
      ("UPDATE row_change SET xact = '1' WHERE event = E", .changeAdded),
      ("UPDATE row_change SET ordinal = 1001 WHERE event = E AND ordinal = 1", .changeChanged),
      ("UPDATE row_change SET leaf = substr(leaf, 2) WHERE event = E AND ordinal = 2", .changeChanged),
      ("DELETE FROM row_change WHERE event = E AND ordinal = 2", .changeMissing),
    ]
    for (sql, expected) in acts {
      let event = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute("UPDATE client_user SET title = title || '.'")
        try await tx.record("test.write")
        return tx.event
      }
      try await plant(sql, on: event, db)
      let breaks = try await db.ledger.verify(by: db.system()).breaks.filter { $0.event == event.uuid }
      #expect(breaks.map(\.breakClass) == [expected], "\(sql): \(breaks)")
    }
  }

  @Test("an untouched trail is intact")
  func intact() async throws {
    let db = try await TestDatabase.make()
    _ = try await change(db)
    let verification = try await db.ledger.verify(by: db.system())
    #expect(verification.result == .intact, "\(verification.breaks)")
    #expect(verification.events > 20)
  }

  /// An event with one change and a detail, and a few after it.
  private func change(_ db: TestDatabase) async throws -> ID<AuditEvent> {
    let author = db.system(World.acmeHealth)
    let event = try await db.ledger.tenant(by: author) { tx in
      try await tx.execute("UPDATE tenant_setting SET value = '77' WHERE key = 'cases.default_sla_days'")
      try await tx.record("tenant_setting.set", detail: "30 to 77")
      return tx.event
    }
    for _ in 0..<3 {
      try await db.ledger.tenant(by: author) { tx in try await tx.record("test.look") }
    }
    return event
  }

  private func plant(_ sql: String, on event: ID<AuditEvent>, _ db: TestDatabase) async throws {
    let superuser = db.superuser()
    let triggers = [
      ("audit_event", ["check", "seal", "came", "immutable"]), ("audit_seal", ["immutable"]),
      ("row_change", ["immutable"]), ("audit_detail", ["immutable"]),
    ].flatMap { table, names in names.map { (table, "\(table)_\($0)") } }
    try await superuser.transaction(.superuser) { tx in
      for (table, trigger) in triggers {
        _ = try await tx.execute(SQL(trusted: "ALTER TABLE \(table) DISABLE TRIGGER \(trigger)"))
      }
      for statement in sql.split(separator: ";") {
        let words = statement.replacing(#/= E\b/#, with: "= '\(event)'")
        _ = try await tx.execute(SQL(trusted: String(words)))
      }
      for (table, trigger) in triggers {
        _ = try await tx.execute(SQL(trusted: "ALTER TABLE \(table) ENABLE ALWAYS TRIGGER \(trigger)"))
      }
    }
    await superuser.close()
  }
}
