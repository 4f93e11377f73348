// What the clock does to a client's records by itself: on its day, once, whatever people did in between.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import OpsConsole
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("The clock")
struct ClockTests {
  private typealias Item = [String: Any]

  private static let day: TimeInterval = 86_400

  private func worker(_ db: TestDatabase, _ name: String = "w1") -> Worker {
    Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: name),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Lets days pass, and two workers do together what is due then.
  private func pass(days: Double, _ db: TestDatabase, _ browser: RouterClient) async throws {
    db.clock.advance(seconds: days * Self.day)
    try await work(db)
    try await browser.signIn(World.support)
  }

  private func work(_ db: TestDatabase) async throws {
    async let other: Void = drain(worker(db, "w2"))
    try await drain(worker(db))
    try await other
  }

  private func drain(_ worker: Worker) async throws {
    while try await worker.turn() {}
  }

  /// A campaign of three employees that starts in two days and is due in ten; scheduled unless the test does that.
  private func plan(
    _ browser: RouterClient, _ access: String, key: String = "plan", thenMove next: String? = "scheduled"
  ) async throws -> String {
    let policies = try await browser.json(access + "/policies?q=Code+of+Conduct&status=published")
    let policy = try #require((policies["items"] as? [Item])?.first?["id"] as? String)
    let added = try await browser.post(
      access + "/campaigns", list: try await fields(policy: policy, startsIn: 2) + [("_key", key)])
    let campaign = String(try #require(added.location?.split(separator: "?").first))
    if let next { #expect(try await move(browser, campaign, to: next).status == 303) }
    return campaign
  }

  @Test("does by a job, at once, what a campaign does to more than somebody waits for: asks, reminds, closes")
  func many() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let superuser = db.superuser()
    let statements: [SQL] = [
      "ALTER TABLE employee DISABLE TRIGGER USER",
      """
      INSERT INTO employee (tenant_id, id, number, name, changed_at, changed_by)
      SELECT \(World.acmeHealth.id), gen_random_uuid(), 'L' || n, 'Person ' || n, now(), 'system:test'
      FROM generate_series(1, 3600) AS n
      """,
      "ALTER TABLE employee ENABLE TRIGGER USER",
    ]
    for statement in statements { _ = try await superuser.execute(.superuser, statement) }
    await superuser.close()
    let policies = try await browser.json(access + "/policies?q=Code+of+Conduct&status=published")
    let policy = try #require((policies["items"] as? [Item])?.first?["id"] as? String)
    let due = ClockDay.text(World.now.addingTimeInterval(10 * Self.day))
    let added = try await browser.post(
      access + "/campaigns",
      ["name": "Everybody", "policy": policy, "kind": "checkbox", "audience": "all", "due": due, "_key": "plan"])
    let campaign = String(try #require(added.location?.split(separator: "?").first))
    #expect(try await move(browser, campaign, to: "active").status == 303)
    #expect(try await browser.json(campaign)["status"] as? String == "scheduled")
    try await work(db)
    #expect(try await browser.json(campaign)["status"] as? String == "active")
    #expect(try await states(browser, campaign).values.reduce(0, +) == 6_000)
    let version = try #require(try await browser.json(campaign)["version"] as? Int)
    for key in ["first", "second"] {
      let reminded = try await browser.post(campaign + "/remind", ["version": "\(version)", "_key": key])
      #expect(reminded.location?.hasSuffix("?done=reminding") == true, "\(reminded.body)")
    }
    #expect(try await browser.get(campaign).body.contains("Reminders are being noted by a job"))
    try await work(db)
    #expect(try await !browser.get(campaign).body.contains("Reminders are being noted by a job"))
    #expect(try await reminders(db, campaign) == [6_000])
    #expect(try await move(browser, campaign, to: "cancelled").status == 303)
    let page = try await browser.get(campaign)
    #expect(page.body.contains("6,000 open attestations are being closed by a job"))
    #expect(try await states(browser, campaign)["skipped"] == nil)
    try await work(db)
    #expect(try await states(browser, campaign)["skipped"] == 6_000)
    #expect(try await !browser.get(campaign).body.contains("being closed by a job"))
    let closed = try await events(db, "campaign.close")
    #expect(closed == ["system ok 6000 Everybody: 6,000 attestations"])
    // Support did it: that is no use of the client's.
    let withdrawn = try await uses(db, campaign)
    #expect(withdrawn == ["attestation_withdrawn 6000 t"])
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  /// How many reminders the attestations of the campaign have.
  private func reminders(_ db: TestDatabase, _ campaign: String) async throws -> [Int] {
    try await db.superuser().query(
      .superuser,
      "SELECT sum(reminders) FROM attestation WHERE campaign_id::text = \(String(campaign.suffix(36)))", as: Int.self)
  }

  /// What was withdrawn, and whether under an access.
  private func uses(_ db: TestDatabase, _ campaign: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', u.kind, count(*), u.impersonation IS NOT NULL) FROM usage_event u
      JOIN attestation a ON a.tenant_id = u.tenant_id AND a.id = u.object_id
      WHERE a.campaign_id::text = \(String(campaign.suffix(36))) AND u.kind = 'attestation_withdrawn'
      GROUP BY u.kind, u.impersonation IS NOT NULL
      """, as: String.self)
  }

  private func fields(policy: String, startsIn days: Double) async throws -> [(String, String)] {
    [
      ("name", "Winter code"), ("policy", policy), ("kind", "checkbox"), ("audience", "list"),
      ("employees", "10045 10046 10047"), ("starts", ClockDay.text(World.now.addingTimeInterval(days * Self.day))),
      ("due", ClockDay.text(World.now.addingTimeInterval(10 * Self.day))),
    ]
  }

  private func move(_ browser: RouterClient, _ campaign: String, to next: String) async throws -> RouterClient.Reply {
    let version = try #require(try await browser.json(campaign)["version"] as? Int)
    return try await browser.post(campaign + "/move", ["to": next, "version": "\(version)"])
  }

  private func states(_ browser: RouterClient, _ campaign: String) async throws -> [String: Int] {
    let progress = try #require(try await browser.json(campaign)["progress"] as? Item)
    return progress["states"] as? [String: Int] ?? [:]
  }

  /// The events of that kind by the system, with the words kept beside them.
  private func events(_ db: TestDatabase, _ action: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.actor_kind, e.outcome, e.change_count, d.text)
      FROM audit_event e
      JOIN tenant t ON t.id = e.chain AND t.slug = 'acme-health'
      JOIN job j ON j.tenant_id = e.chain AND j.id = e.request_id
      LEFT JOIN audit_detail d ON d.event = e.id
      WHERE e.action = \(action) AND e.impersonation_id IS NULL
      ORDER BY e.at
      """, as: String.self)
  }

  private func results(_ db: TestDatabase, _ kind: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(': ', j.state, COALESCE(j.result, a.error))
      FROM job j
      LEFT JOIN job_attempt a ON a.tenant_id = j.tenant_id AND a.job_id = j.id AND a.number = j.attempts
      WHERE j.tenant_id = \(World.acmeHealth.id) AND j.kind = \(kind)
      ORDER BY j.run_at, j.finished_at
      """, as: String.self)
  }

  @Test("starts a scheduled campaign on its day and no earlier, once with two workers and whoever asks again")
  func start() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let campaign = try await plan(browser, access)
    let planned = try await browser.get(campaign)
    #expect(planned.body.contains("starts by itself ") && planned.body.contains(", by itself"))
    try await pass(days: 1, db, browser)
    #expect(try await browser.json(campaign)["status"] as? String == "scheduled")
    try await pass(days: 1.5, db, browser)
    #expect(try await browser.json(campaign)["status"] as? String == "active")
    #expect(try await states(browser, campaign) == ["pending": 3])
    #expect(try await browser.get(campaign).body.contains("By itself"))
    // As after a crash of the worker that had done it.
    _ = try await db.superuser().execute(
      .superuser,
      """
      INSERT INTO job (tenant_id, id, kind, queue, arguments, effect_key, tries, attempts_left, run_at)
      SELECT tenant_id, gen_random_uuid(), kind, queue, arguments, effect_key, tries, tries, run_at
      FROM job WHERE kind = 'campaign.start'
      """)
    try await work(db)
    #expect(
      try await events(db, "campaign.start")
        == ["system ok 4 Winter code: started on its day, 3 attestations"])
    #expect(
      try await results(db, "campaign.start")
        == ["succeeded: Started: 3 employees are asked.", "succeeded: Nothing to do: the campaign is active."])
    let job = try await browser.get(access + "/debug/jobs?kind=campaign.start")
    #expect(job.body.contains("campaign.start"))
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("begins what was scheduled as the client's use, unless Ethico scheduled it", arguments: [true, false])
  func use(isEthico: Bool) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let campaign = try await plan(browser, access)
    let id = String(campaign.suffix(36))
    if !isEthico {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute("UPDATE campaign SET name = 'Of the client' WHERE id::text = \(id)")
        try await tx.record("test.edit")
      }
    }
    try await pass(days: 2.5, db, browser)
    let counted = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', u.kind, count(*),
        CASE WHEN u.impersonation::text = \(String(access.suffix(36))) THEN 'inside' END)
      FROM usage_event u
      WHERE u.object_id::text = \(id)
        OR u.object_id IN (SELECT a.id FROM attestation a WHERE a.campaign_id::text = \(id))
      GROUP BY u.kind, u.impersonation
      ORDER BY u.kind
      """, as: String.self)
    let whose = isEthico ? " inside" : ""
    #expect(counted == ["attestation_assigned 3\(whose)", "feature_used 1\(whose)"])
  }

  @Test("follows a day that is moved, and leaves alone what was cancelled or begun by hand")
  func movedAndCancelled() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let moved = try await plan(browser, access)
    let found = try await browser.json(moved)
    let policy = try #require((found["policy"] as? Item)?["id"] as? String)
    let edited = try await browser.post(
      moved + "/edit",
      list: try await fields(policy: policy, startsIn: 5) + [("version", "\(found["version"] ?? "")")])
    #expect(edited.status == 303, "\(edited.body)")
    let cancelled = try await plan(browser, access, key: "cancelled")
    #expect(try await move(browser, cancelled, to: "cancelled").status == 303)
    let begun = try await plan(browser, access, key: "begun")
    #expect(try await move(browser, begun, to: "active").status == 303)
    try await pass(days: 3, db, browser)
    #expect(try await browser.json(moved)["status"] as? String == "scheduled")
    #expect(try await browser.json(cancelled)["status"] as? String == "cancelled")
    #expect(try await states(browser, begun) == ["pending": 3])
    #expect(try await events(db, "campaign.start").isEmpty)
    try await pass(days: 3, db, browser)
    #expect(try await browser.json(moved)["status"] as? String == "active")
    #expect(try await events(db, "campaign.start").count == 1)
  }

  @Test("says on the page and in the job why a campaign could not start")
  func hindered() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let campaign = try await plan(browser, access)
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute(
        "UPDATE employee SET ended_at = \(tx.at) WHERE number IN ('10045', '10046', '10047')")
      try await tx.record("employee.end")
    }
    try await pass(days: 3, db, browser)
    let page = try await browser.get(campaign)
    #expect(page.body.contains("Start is due") && page.body.contains("It did not start by itself. Nobody is in its"))
    let reason = "Nobody is in its audience: edit the campaign, or add employees first."
    #expect(try await results(db, "campaign.start") == ["dead: The campaign did not start. \(reason)"])
    #expect(try await events(db, "campaign.start") == ["system conflict 0 \(reason)"])
  }

  @Test("makes attestations overdue, each at the end of its own day; who gets more time is asked still")
  func overdue() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let campaign = try await plan(browser, access, thenMove: "active")
    let list = try await browser.json(campaign + "/attestations")
    let items = try #require(list["items"] as? [Item]).compactMap { $0["id"] as? String }
    let later = ClockDay.text(World.now.addingTimeInterval(20 * Self.day))
    let extend = campaign + "/attestations/\(items[0])/extend"
    #expect(try await browser.post(extend, ["due": later, "version": "1"]).status == 303)
    try await pass(days: 12, db, browser)
    let stored = try await db.superuser().query(
      .superuser, "SELECT state FROM attestation WHERE campaign_id::text = \(String(campaign.suffix(36))) ORDER BY 1",
      as: String.self)
    #expect(stored == ["overdue", "overdue", "pending"])
    #expect(try await events(db, "attestation.overdue") == ["system ok 2 Winter code: 2 attestations"])
    let again = campaign + "/attestations/\(items[1])/extend"
    #expect(try await browser.post(again, ["due": later, "version": "2"]).status == 303)
    #expect(try await states(browser, campaign) == ["overdue": 1, "pending": 2])
    try await pass(days: 10, db, browser)
    #expect(try await states(browser, campaign) == ["overdue": 3])
    #expect(try await events(db, "attestation.overdue").last == "system ok 1 Winter code: 1 attestation")
    #expect(
      try await results(db, "attestation.overdue")
        == ["succeeded: 2 attestations are overdue.", "succeeded: 1 attestation is overdue."])
  }

  @Test("finds every night, at every client, what nobody has ordered, and orders it once")
  func catchUp() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    for _ in 1...2 {
      _ = try await db.ledger.platformJobs(by: db.system()) { tx in try await tx.order(ClockOrder()) }
      try await work(db)
    }
    let owner = db.superuser()
    let late = try await owner.query(
      .superuser,
      """
      SELECT count(*) FROM attestation
      WHERE state IN ('pending', 'notified', 'in_progress') AND due_at < \(World.now)
      """, as: Int.self)
    let expired = try await owner.query(
      .superuser,
      "SELECT count(*) FROM disclosure WHERE state IN ('approved', 'conditions') AND expires_at <= \(World.now)",
      as: Int.self)
    #expect(late == [0] && expired == [0])
    #expect(try await events(db, "attestation.overdue").count == 1)
    let orders = try await owner.query(
      .superuser, "SELECT result FROM job WHERE kind = 'clock.order' ORDER BY run_at", as: String.self)
    #expect(orders.count == 2 && orders.last == "0 jobs ordered.")
    await owner.close()
    let scheduled = try await browser.json(access + "/campaigns?status=scheduled")
    let campaign = try #require((scheduled["items"] as? [Item])?.first?["id"] as? String)
    try await pass(days: 8, db, browser)
    #expect(try await browser.json(access + "/campaigns/\(campaign)")["status"] as? String == "active")
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }
}
