// The jobs tab through the routes: found, understood, repaired, each act in the trail; another client's are not there.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import Mail
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The jobs tab")
struct JobTests {
  private typealias Item = [String: Any]

  /// A support person inside a client, and the address of its jobs.
  private func inside(_ db: TestDatabase, _ tenant: Tenant = World.acmeHealth) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/\(tenant.slug)/enter")
    return (browser, try #require(entered.location) + "debug/jobs")
  }

  private func first(_ browser: RouterClient, _ jobs: String, _ filter: String) async throws -> Item {
    let list = try await browser.json(jobs + "?" + filter)
    return try #require((list["items"] as? [Item])?.first)
  }

  private func worker(_ db: TestDatabase) -> Worker {
    Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func events(_ db: TestDatabase, _ action: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.actor_kind, t.slug, e.outcome, u.email)
      FROM audit_event e
      JOIN tenant t ON t.id = e.chain
      LEFT JOIN client_user u ON u.id = e.subject_id
      WHERE e.action = \(action) AND e.impersonation_id IS NOT NULL
      ORDER BY e.at
      """, as: String.self)
  }

  @Test("shows what stands where, and leads to what is wrong")
  func list() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    let root = String(jobs.dropLast("/jobs".count))
    let debug = try await browser.get(root)
    #expect(debug.status == 303 && debug.location == root + "/errors")
    let list = try await browser.json(jobs)
    #expect(list["count"] as? Int == 30)
    let counts = try #require(list["counts"] as? [Item]).map { item in
      ["queue", "state", "count"].map { "\(item[$0] ?? "")" }.joined(separator: " ")
    }
    #expect(Set(counts) == ["mail dead 1", "default running 1", "default succeeded 4", "nightly succeeded 24"])
    #expect(try await first(browser, jobs, "only=stuck")["kind"] as? String == "retention.check")
    #expect(try await first(browser, jobs, "state=dead")["kind"] as? String == "mail.deliver")
    #expect(try await browser.json(jobs + "?kind=tenant.clean")["count"] as? Int == 24)
    let page = try await browser.get(jobs + "?state=dead")
    #expect(page.body.contains("552 5.2.2 The mailbox is full") && page.body.contains("Retry all that match"))
    let reader = try RouterClient(db)
    try await reader.signIn(World.supportL1)
    let theirs = try #require(try await reader.post("/t/acme-health/enter").location)
    let plain = try await reader.get(theirs + "debug/jobs?state=dead")
    #expect(plain.status == 200 && !plain.body.contains("Retry all"))
    var seen: [String] = []
    var after = ""
    repeat {
      let part = try await browser.json(jobs + "?limit=7" + after)
      seen += (part["items"] as? [Item] ?? []).compactMap { $0["id"] as? String }
      after = (part["next"] as? String).map { "&after=" + $0 } ?? ""
    } while !after.isEmpty
    #expect(seen.count == 30 && Set(seen).count == 30)
    #expect(try await browser.get(jobs + "?limit=7&after=nonsense").status == 400)
  }

  @Test("hides arguments until they are revealed, which is an event of its own")
  func reveal() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    let id = try #require(try await first(browser, jobs, "state=dead")["id"] as? String)
    let page = try await browser.get(jobs + "/" + id)
    #expect(page.body.contains("attestation_reminder") && page.body.contains("hidden, 32 bytes"))
    #expect(!page.body.contains("compliance@acme-health.example"))
    #expect(try await !browser.get(jobs + "/" + id, accept: "application/json").body.contains("compliance@"))
    let revealed = try await browser.post(jobs + "/" + id + "/reveal")
    #expect(revealed.status == 200 && revealed.body.contains("compliance@acme-health.example"))
    #expect(try await events(db, "reveal.job_arguments") == ["staff acme-health ok"])
    #expect(try await !browser.get(jobs + "/" + id).body.contains("compliance@"))
  }

  @Test("retries a dead mail honestly: it is tried, nothing is sent, and the page says why")
  func retry() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    let dead = try await first(browser, jobs, "state=dead")
    let here = jobs + "/" + (try #require(dead["id"] as? String))
    let fields: KeyValuePairs<String, String> = ["version": "\(dead["version"] ?? "")", "_key": "k1"]
    let once = try await browser.post(here + "/retry", fields)
    let twice = try await browser.post(here + "/retry", fields)
    #expect(once.status == 303 && twice.location == once.location)
    #expect(try await browser.json(here)["state"] as? String == "queued")
    #expect(try await events(db, "job.retry") == ["staff acme-health ok"])
    let stale = try await browser.post(
      here + "/retry", ["version": "\(dead["version"] ?? "")"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    let misfit = try await browser.post(here + "/retry", ["version": "2"])
    #expect(misfit.status == 409 && misfit.body.contains("does not fit a job that is queued"))
    #expect(try await worker(db).turn())
    let after = try await browser.json(here)
    #expect(after["state"] as? String == "dead" && after["attempts"] as? Int == 9)
    let history = try await browser.get(here)
    #expect(history.body.contains("Jordan Doyle") && history.body.contains("job.retry"))
    #expect(after["last_error"] as? String == "No way to send mail is set up on this console. Nothing was sent.")
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("retries a dead mail where mails are sent: it succeeds, and what was sent is the mail that failed")
  func delivered() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    let folder = URL.temporaryDirectory.appending(path: "mail-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let sender = MailSender(
      from: try #require(MailAddress("no-reply@ethico.example", name: "Ethico")),
      by: try #require(MailRelay(at: folder.absoluteString)))
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let worker = Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds(asking: nil, mailing: sender, logger: logger),
      settings: WorkerSettings(name: "w1"), logger: logger)
    let dead = try await first(browser, jobs, "state=dead")
    let here = jobs + "/" + (try #require(dead["id"] as? String))
    #expect(try await browser.post(here + "/retry", ["version": "\(dead["version"] ?? "")"]).status == 303)
    #expect(try await worker.turn())
    let after = try await browser.json(here)
    #expect(after["state"] as? String == "succeeded" && after["attempts"] as? Int == 9)
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path()).first)
    #expect(after["result"] as? String == "Written to the folder of OPS_MAIL_RELAY as \(file).")
    let mail = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    #expect(mail.contains("To: Compliance office <compliance@acme-health.example>\r\n"))
    #expect(try await !browser.get(here).body.contains("compliance@acme-health.example"))
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("takes a stuck job from its worker, and it is done")
  func stuck() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    let stuck = try await first(browser, jobs, "only=stuck")
    let here = jobs + "/" + (try #require(stuck["id"] as? String))
    #expect(try await worker(db).turn() == false)
    let page = try await browser.get(here)
    #expect(page.body.contains("Take it and try again") && page.body.contains("51 of 151"))
    // What stands still has no rate, and no time is left to it.
    #expect(!page.body.contains("51 of 151 ·"))
    let link = "href=\"\(jobs)?queue=default&amp;only=stuck\""
    #expect(try await browser.get(jobs).body.contains(link))
    #expect(try await browser.post(here + "/retry", ["version": "\(stuck["version"] ?? "")"]).status == 303)
    #expect(try await worker(db).turn())
    let done = try await browser.json(here)
    #expect(done["state"] as? String == "succeeded")
    let result = try #require(done["result"] as? String)
    #expect(result.hasSuffix("closed cases are older than 10 years. Nothing was deleted."))
    #expect(try await browser.json(jobs + "?only=stuck")["count"] as? Int == 0)
    #expect(try await !browser.get(jobs).body.contains(link))
  }

  @Test("follows the staff person’s capabilities, whatever the subject")
  func subject() async throws {
    let db = try await TestDatabase.make()
    let employee = try await db.superuser().query(
      .superuser,
      """
      SELECT email FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role IN ('employee', 'manager') AND state = 'active' LIMIT 1
      """, as: String.self)
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter", ["as": try #require(employee.first)])
    let jobs = try #require(entered.location) + "debug/jobs"
    let stuck = try await first(browser, jobs, "only=stuck")
    let cancelled = try await browser.post(
      jobs + "/\(stuck["id"] ?? "")/cancel", ["version": "\(stuck["version"] ?? "")"])
    #expect(cancelled.status == 303)
    #expect(try await events(db, "job.cancel") == ["staff acme-health ok \(employee[0])"])
    #expect(try await browser.json(jobs + "/\(stuck["id"] ?? "")")["state"] as? String == "cancelled")
    let access = String(try #require(entered.location).dropFirst("/i/".count).dropLast())
    let changes = try await browser.json("/audit/accesses/\(access)?only=changes")
    #expect((changes["items"] as? [Item] ?? []).contains { $0["action"] as? String == "job.cancel" })
    _ = try await browser.post("/i/\(access)/exit")
    #expect(try await browser.json("/exited/\(access)")["changes"] as? Int == 1)
  }

  @Test("never shows or touches a job of another client, nor a word of its arguments")
  func canary() async throws {
    let db = try await TestDatabase.make()
    let foreign: ID<JobRecord> = try await db.ledger.tenant(by: db.system(World.borealisBank)) { tx in
      try await tx.order(
        MailDelivery(template: "canary-b", language: "en", to: "canary@borealis-bank.example", name: "Canary"))
    }
    let (browser, jobs) = try await inside(db)
    for path in ["", "?state=queued", "?kind=mail.deliver", "?queue=mail&limit=200", "/bulk?act=cancel&queue=mail"] {
      let page = try await browser.get(jobs + path)
      #expect(page.status == 200 && !page.body.contains("canary") && !page.body.contains(foreign.description))
    }
    #expect(try await browser.get(jobs + "/\(foreign)").status == 404)
    for act in ["reveal", "retry", "run-now", "cancel"] {
      let reply = try await browser.post(jobs + "/\(foreign)/\(act)", ["version": "1"])
      #expect(reply.status == 404 && !reply.body.contains("canary"), "\(act)")
    }
    let cancelled = try await browser.post(
      jobs + "/bulk", ["act": "cancel", "kind": "mail.deliver", "count": "1"], accept: "application/json")
    #expect(try cancelled.gist == "409 stale")
    let state = try await db.superuser().query(
      .superuser, "SELECT state FROM job WHERE id = \(foreign)", as: String.self)
    #expect(state == ["queued"])
    let denied = try await db.superuser().query(
      .superuser,
      "SELECT count(*) FROM audit_event WHERE action = 'access.denied' AND object_id = \(foreign.description)",
      as: Int.self)
    #expect(denied == [5])
  }

  @Test("of the platform are looked after by whoever operates it, on the platform's chain")
  func platform() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.ledger.platformJobs(by: db.system()) { tx in try await tx.order(AuditVerify()) }
    let (support, jobs) = try await inside(db)
    #expect(try await support.get(jobs + "/\(id)").status == 404)
    #expect(try await support.get("/platform/jobs").status == 403)
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    #expect(try await browser.get("/platform/jobs").body.contains("audit.verify"))
    let foreign = try await first(support, jobs, "state=dead")["id"] as? String
    #expect(try await browser.get("/platform/jobs/\(foreign ?? "")").status == 404)
    let stale = try await browser.post("/platform/jobs/\(id)/cancel", ["version": "7"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    #expect(try await browser.post("/platform/jobs/\(id)/cancel", ["version": "1"]).status == 303)
    #expect(try await browser.json("/platform/jobs/\(id)")["state"] as? String == "cancelled")
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', actor_kind, outcome) FROM audit_event
      WHERE action = 'job.cancel' AND chain = \(Chain.platform) ORDER BY at
      """, as: String.self)
    #expect(events == ["staff conflict", "staff ok"])
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }
}
