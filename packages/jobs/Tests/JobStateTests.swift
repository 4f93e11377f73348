// The rules of a job's states, in Swift and in SQL, who may see a job, and what is done every night.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Jobs

@Suite("Jobs")
struct JobStateTests {
  @Test("have the same moves in Swift as in SQL")
  func moves() async throws {
    let db = try await TestDatabase.make()
    let stored = try await db.superuser().query(
      .superuser, "SELECT from_state || ' ' || to_state FROM job_state_move ORDER BY 1", as: String.self)
    let known = JobState.allCases.flatMap { from in from.next.map { from.rawValue + " " + $0.rawValue } }.sorted()
    #expect(stored.sorted() == known)
  }

  @Test("are refused every other move by the database, too", arguments: JobState.allCases)
  func refused(from: JobState) async throws {
    let db = try await TestDatabase.make()
    let id = try await db.order(.succeed, room: "x")
    let superuser = db.superuser()
    // Put there as it would stand: the rule is about moves, so it is lifted for a moment.
    for statement in [
      "ALTER TABLE job DISABLE TRIGGER job_state_check",
      "UPDATE job SET state = '\(from.rawValue)'" + Self.columns(of: from) + " WHERE id = '\(id)'",
      "ALTER TABLE job ENABLE TRIGGER job_state_check",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    await superuser.close()
    for to in JobState.allCases where to != from && !from.next.contains(to) {
      let error = await #expect(throws: PostgresError.self, "\(from) to \(to)") {
        try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
          try await tx.execute(
            SQL(trusted: "UPDATE job SET state = '\(to.rawValue)'" + Self.columns(of: to) + " WHERE id = '\(id)'"))
        }
      }
      #expect(error?.constraint == "job_state_move")
    }
    // A job that runs is cancelled only where somebody asked for it.
    guard from == .running else { return }
    let unasked = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute(
          SQL(trusted: "UPDATE job SET state = 'cancelled'" + Self.columns(of: .cancelled) + " WHERE id = '\(id)'"))
      }
    }
    #expect(unasked?.constraint == "job_cancel_asked")
  }

  private static func columns(of state: JobState) -> String {
    switch state {
    case .queued, .retrying: ", finished_at = NULL, worker = NULL, heartbeat_at = NULL, leased_until = NULL"
    case .running: ", finished_at = NULL, worker = 'w', heartbeat_at = now(), leased_until = now()"
    case .succeeded, .dead, .cancelled: ", finished_at = now(), worker = NULL, heartbeat_at = NULL, leased_until = NULL"
    }
  }

  @Test("keep kind, arguments and effect key for ever")
  func fixed() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.order(.succeed, room: "x")
    for column in ["effect_key = gen_random_uuid()", "arguments = '{}'", "kind = 'mail.deliver'"] {
      let error = await #expect(throws: PostgresError.self) {
        try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
          try await tx.execute(SQL(trusted: "UPDATE job SET \(column) WHERE id = '\(id)'"))
        }
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
  }

  @Test("of a client are no business of the fleet's role, which sees only where work waits")
  func roles() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.order(.succeed, room: "canary of Acme")
    for (role, statement) in [
      (PoolRole.fleet, "SELECT count(*) FROM job"), (.fleet, "SELECT count(*) FROM job_attempt"),
      (.fleet, "DELETE FROM job_due"), (.audit, "SELECT count(*) FROM job"), (.audit, "SELECT count(*) FROM job_due"),
      (.tenant, "SELECT count(*) FROM job_due"),
    ] {
      let error = await #expect(throws: PostgresError.self, "\(role): \(statement)") {
        _ = try await db.database.execute(role, SQL(trusted: statement))
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
    let waiting = try await db.database.query(
      .fleet, "SELECT to_jsonb(d)::text FROM job_due d WHERE job_id = \(id)", as: String.self)
    #expect(waiting.count == 1 && !waiting[0].contains("canary"))
    let other = try await db.ledger.tenant(by: db.system(World.borealisBank)) { tx in
      try await JobRecord.find(id, in: tx)
    }
    #expect(other == nil)
  }

  @Test("are counted and listed by index under row-level security, so that five million are as fast as ten thousand")
  func plans() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for statement in [
      "ALTER TABLE job DISABLE TRIGGER USER",
      """
      INSERT INTO job (tenant_id, id, kind, queue, state, effect_key, tries, attempts_left, run_at, finished_at)
      SELECT '\(World.acmeHealth.id)', gen_random_uuid(), 'test.bulk', 'default', 'succeeded', gen_random_uuid(), 3, 0,
        now(), now()
      FROM generate_series(1, 20000)
      """,
      "ANALYZE job",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    await superuser.close()
    let now = db.clock.now
    let queries: [(name: String, sql: SQL)] = [
      ("counts", JobRecord.countsSQL), ("all", JobRecord.pageSQL(JobFilter(), at: now)),
      ("dead", JobRecord.pageSQL(JobFilter(states: [.dead]), at: now)),
      ("kind", JobRecord.pageSQL(JobFilter(kind: "mail.deliver"), at: now)),
    ]
    for (name, sql) in queries {
      let plan = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.query("EXPLAIN \(fragment: sql)", as: String.self)
      }.joined(separator: "\n")
      #expect(!plan.contains("Seq Scan on job j"), "\(name): \(plan)")
      #expect(name == "all" || name == "counts" || plan.contains("Index Cond"), "\(name): \(plan)")
    }
    let counts = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.query("EXPLAIN \(fragment: JobRecord.countsSQL)", as: String.self)
    }.joined(separator: "\n")
    #expect(counts.contains("AND (queue = q.queue) AND (state = s.state)"), "\(counts)")
  }

  @Test("of all clients are counted by index too, and so are clients with dead ones")
  func fleetPlans() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for statement in [
      """
      INSERT INTO job_due (tenant_id, job_id, queue, kind, priority, due_at, state)
      SELECT '\(World.acmeHealth.id)', gen_random_uuid(), 'default', 'test.bulk', 0, now(), 'queued'
      FROM generate_series(1, 20000)
      """,
      """
      INSERT INTO tenant_pulse (tenant_id, jobs_dead, counted_at)
      SELECT gen_random_uuid(), n % 50 / 49, now() FROM generate_series(1, 20000) AS n
      """,
      "ANALYZE job_due, tenant_pulse",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    await superuser.close()
    let dead = try await db.database.query(.fleet, "EXPLAIN \(fragment: FleetJobs.deadSQL)", as: String.self)
    #expect(!dead.contains { $0.contains("Seq Scan on tenant_pulse") }, "\(dead)")
    let fleet = try await db.ledger.fleetJobs()
    #expect(fleet.waiting.contains { $0.count == JobPage.countLimit + 1 })
  }

  @Test("that are done every night are ordered once a turn, by whichever worker comes first, and not when new")
  func schedule() async throws {
    let db = try await TestDatabase.make()
    let kinds = JobKinds(JobKinds.ofThePlatform)
    #expect(try await db.ledger.orderTurns(of: kinds).isEmpty)
    db.clock.advance(seconds: 86_400)
    let ordered = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<4 { group.addTask { try await db.ledger.orderTurns(of: kinds) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(ordered.sorted() == ["audit.verify", "platform.clean", "search.survey", "tenant.pulse"])
    while try await db.worker().turn() {}
    let results = try await db.superuser().query(
      .superuser,
      "SELECT kind || ' ' || state || ' ' || result FROM job WHERE tenant_id = \(Chain.platform) ORDER BY kind",
      as: String.self)
    #expect(results.count == 4 && results[0].hasPrefix("audit.verify succeeded Intact: "))
    #expect(results[1].hasPrefix("platform.clean succeeded "))
    #expect(results[2] == "search.survey succeeded 1 client's index is not current.")
    #expect(results[3].hasPrefix("tenant.pulse succeeded "))
    let event = try await db.superuser().query(
      .superuser,
      """
      SELECT actor_kind || ' ' || actor_id FROM audit_event e
      JOIN job j ON j.id = e.request_id
      WHERE e.action = 'audit.verify' AND e.chain = \(Chain.platform)
      """, as: String.self)
    #expect(event == ["system job"])
  }

  @Test("turn at the minute they say, and a turn slept through is not made up")
  func turns() {
    let midnight = Date(timeIntervalSince1970: 1_795_564_800)
    let nightly = Schedule(kind: "a.b", everyMinutes: 1_440, atMinute: 120)
    #expect(nightly.turn(after: midnight) == midnight.addingTimeInterval(7_200))
    #expect(nightly.turn(after: midnight.addingTimeInterval(7_200)) == midnight.addingTimeInterval(7_200 + 86_400))
    let hourly = Schedule(kind: "a.b", everyMinutes: 60, atMinute: 17)
    let three = midnight.addingTimeInterval(3 * 3_600)
    #expect(hourly.turn(after: three) == three.addingTimeInterval(1_020))
  }

  @Test("a trail that does not hold leaves its check dead, where it is seen")
  func tampered() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for statement in [
      "ALTER TABLE audit_detail DISABLE TRIGGER audit_detail_immutable",
      "UPDATE audit_detail SET text = 'other' WHERE event = (SELECT event FROM audit_detail LIMIT 1)",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    let id = try await db.ledger.tenant(by: db.system().on(.platform)) { tx in try await tx.order(AuditVerify()) }
    #expect(try await db.worker().turn())
    let said = try await superuser.query(
      .superuser,
      "SELECT j.state || ' ' || a.error FROM job j JOIN job_attempt a ON a.job_id = j.id WHERE j.id = \(id)",
      as: String.self)
    #expect(said.count == 1 && said[0].hasPrefix("dead TAMPERED: 1 breaks"), "\(said)")
    await superuser.close()
  }

  @Test("clean up what the machine kept long enough, at clients in whose workspace nobody is too, and nothing else")
  func cleaning() async throws {
    let db = try await TestDatabase.make()
    let (late, expired) = try await db.signIn(World.support)
    db.clock.advance(seconds: 31 * 60)
    try await clean(db)
    guard case .expired = try await db.ledger.signIn(late) else {
      Issue.record("whose form would be kept is not known any more")
      return
    }
    #expect(try await oldSamples(db) == 0)
    db.clock.advance(seconds: 40 * 86_400)
    #expect(try await oldSamples(db) != 0)
    let (token, fresh) = try await db.signIn(World.support)
    try await clean(db)
    let ended = try await db.superuser().query(
      .superuser, "SELECT id FROM staff_session WHERE ended_at = (SELECT max(ended_at) FROM staff_session)",
      as: UUID.self)
    #expect(ended.contains(expired.session.id.uuid) && !ended.contains(fresh.session.id.uuid))
    guard case .signedIn = try await db.ledger.signIn(token) else {
      Issue.record("a sign-in that holds was ended")
      return
    }
    #expect(try await oldSamples(db) == 0)
  }

  private func clean(_ db: TestDatabase) async throws {
    _ = try await db.ledger.tenant(by: db.system().on(.platform)) { tx in try await tx.order(PlatformClean()) }
    while try await db.worker().turn() {}
  }

  /// How many errors are kept that are older than a month.
  private func oldSamples(_ db: TestDatabase) async throws -> Int? {
    try await db.superuser().query(
      .superuser,
      "SELECT count(*) FROM error_sample WHERE at < \(db.clock.now)::timestamptz - interval '30 days'", as: Int.self
    ).first
  }
}
