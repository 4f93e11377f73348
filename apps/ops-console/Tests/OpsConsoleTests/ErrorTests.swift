// The errors tab through the routes: a real fault becomes a group and leads to its request, acts are in the trail,
// another client's are not there; and how a client is doing, in the directory.

import Access
import Errors
import EthicoTypes
import Foundation
import Jobs
import Logging
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The errors tab")
struct ErrorTests {
  private typealias Item = [String: Any]

  /// A person inside a client, and the address of its errors.
  private func inside(
    _ db: TestDatabase, _ tenant: Tenant = World.acmeHealth, as email: String = World.support
  ) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    let entered = try await browser.post("/t/\(tenant.slug)/enter")
    return (browser, try #require(entered.location) + "debug/errors")
  }

  private func items(_ browser: RouterClient, _ path: String) async throws -> [Item] {
    try #require(try await browser.json(path)["items"] as? [Item])
  }

  private func big(_ browser: RouterClient, _ errors: String) async throws -> (path: String, item: Item) {
    let found = try #require(try await items(browser, errors + "?place=attestation.list").first)
    return (errors + "/\(found["id"] ?? "")", found)
  }

  private func events(_ db: TestDatabase, _ pattern: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.action, e.actor_kind, t.slug, e.outcome)
      FROM audit_event e
      JOIN tenant t ON t.id = e.chain
      WHERE e.action LIKE \(pattern) AND e.impersonation_id IS NOT NULL
      ORDER BY e.at
      """, as: String.self)
  }

  @Test("shows alike errors together, narrows by the address, and keeps its place")
  func list() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db)
    let (here, item) = try await big(browser, errors)
    #expect(item["total"] as? Int == 142 && item["message"] as? String == "PostgresError 22003: integer out of range")
    let page = try await browser.get(errors)
    #expect(page.body.contains("integer out of range") && page.body.contains("class=\"sparkline\""))
    let samples = try #require(try await browser.json(here)["samples"] as? [Item])
    #expect(samples.count == 100)
    #expect(Set(samples.compactMap { $0["release"] as? String }) == ["0.0.8", "0.0.9", "test"])
    for (filter, place) in [
      ("state=muted", "policy.version"), ("state=regressed", "tenant_setting.set"), ("kind=job", "mail.deliver"),
    ] {
      let found = try await items(browser, errors + "?" + filter)
      #expect(!found.isEmpty && found.allSatisfy { $0["place"] as? String == place }, "\(filter)")
    }
    let none = try await browser.get(errors + "?release=7")
    #expect(none.body.contains("Nothing matches these filters"))
    var seen: [String] = []
    var after = ""
    repeat {
      let part = try await browser.json(errors + "?limit=2" + after)
      seen += (part["items"] as? [Item] ?? []).compactMap { $0["id"] as? String }
      after = (part["next"] as? String).map { "&after=" + $0 } ?? ""
    } while !after.isEmpty
    let count = try #require(try await browser.json(errors)["count"] as? Int)
    #expect(seen.count == count && Set(seen).count == count)
    #expect(try await browser.get(errors + "?limit=2&after=nonsense").status == 400)
  }

  @Test("leads from a fault to its request’s events, and a fault that cannot be noted is a fault all the same")
  func fault() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db)
    let home = String(errors.dropLast("debug/errors".count))
    let superuser = db.superuser()
    _ = try await superuser.execute(.superuser, "ALTER TABLE policy RENAME COLUMN title TO title_gone")
    let failed = try await browser.get(home + "policies")
    #expect(failed.status == 500)
    #expect(try await browser.get(home + "policies", accept: "application/json").gist == "500 fault")
    let group = try #require(try await items(browser, errors + "?place=policy.list").first)
    #expect(group["total"] as? Int == 2 && group["state"] as? String == "open")
    #expect((group["message"] as? String)?.hasPrefix("PostgresError 42703: ") == true)
    let here = errors + "/\(group["id"] ?? "")"
    let page = try await browser.get(here)
    #expect(page.body.contains("Jordan Doyle") && page.body.contains("No. 2"))
    let sample = try await browser.json(here + "/1")
    let told = try #require(sample["events"] as? [Item])
    let words = told.map { event in ["action", "outcome", "status"].map { "\(event[$0] ?? "")" } }
    #expect(words == [["view.policy.list", "failed", "500"]])
    let request = try #require((sample["sample"] as? Item)?["request"] as? String)
    #expect(failed.body.contains(request))
    let shown = try await browser.get(here + "/1")
    #expect(shown.body.contains("view.policy.list") && shown.body.contains("Failed, 500"))
    #expect(try await browser.get(here + "/3").status == 404)

    _ = try await superuser.execute(.superuser, "ALTER TABLE error_hour RENAME TO error_hour_gone")
    #expect(try await browser.get(home + "policies").status == 500)
    _ = try await superuser.execute(.superuser, "ALTER TABLE error_hour_gone RENAME TO error_hour")
    #expect(try await browser.json(here)["total"] as? Int == 2)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("leads from a failed job to it")
  func job() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db)
    let id = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.order(MailDelivery(template: "t", language: "en", to: "jane@doe.example", name: "Jane Doe"))
    }
    let worker = Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(try await worker.turn())
    let group = try #require(try await items(browser, errors + "?kind=job&release=test").first)
    #expect(group["message"] as? String == "No way to send mail is set up on this console. Nothing was sent.")
    let sample = try await browser.get(errors + "/\(group["id"] ?? "")/1")
    let link = errors.replacing("debug/errors", with: "debug/jobs/\(id)")
    #expect(sample.body.contains("href=\"\(link)\""))
    #expect(try await browser.get(link).status == 200)
  }

  @Test("resolves, reopens and mutes: each one event, a stale or misfit act changes nothing")
  func acts() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db)
    let (here, item) = try await big(browser, errors)
    let fields: KeyValuePairs<String, String> = ["version": "\(item["version"] ?? "")", "_key": "k1"]
    let once = try await browser.post(here + "/resolve", fields)
    let twice = try await browser.post(here + "/resolve", fields)
    #expect(once.status == 303 && twice.location == once.location)
    #expect(try await browser.get(try #require(once.location)).body.contains("It is resolved."))
    #expect(try await browser.json(here)["state"] as? String == "resolved")
    let stale = try await browser.post(here + "/mute", ["version": "1", "until": "2026-12-20"])
    #expect(stale.status == 409 && stale.body.contains("while you looked at it"))
    let misfit = try await browser.post(
      here + "/mute", ["version": "2", "until": "2026-12-20"], accept: "application/json")
    #expect(try misfit.gist == "409 bad_transition")
    #expect(try await browser.post(here + "/reopen", ["version": "2"]).status == 303)
    #expect(
      try await events(db, "error.%") == [
        "error.resolve staff acme-health ok", "error.mute staff acme-health conflict",
        "error.mute staff acme-health conflict", "error.reopen staff acme-health ok",
      ])
    let history = try await browser.get(here).body
    #expect(history.contains("error.reopen") && history.contains("Jordan Doyle"))
    let access = String(errors.dropFirst("/i/".count).dropLast("/debug/errors".count))
    _ = try await browser.post("/i/\(access)/exit")
    #expect(try await browser.json("/exited/\(access)")["changes"] as? Int == 2)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("is muted until its day, by the clock, and counted all the while")
  func mute() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db)
    let (here, _) = try await big(browser, errors)
    for day in ["", "2026-02-30", "soon", "2026-11-25", "2027-06-01"] {
      let refused = try await browser.post(here + "/mute", ["version": "1", "until": day])
      #expect(refused.status == 422 && refused.body.contains("Not muted yet"), "\(day)")
    }
    // World.now is in the morning of 25 November 2026.
    #expect(try await browser.post(here + "/mute", ["version": "1", "until": "2026-11-26"]).status == 303)
    #expect(try await browser.json(here)["state"] as? String == "muted")
    #expect(try await items(browser, errors + "?state=muted").count == 2)
    db.clock.advance(seconds: 86_400)
    let (later, again) = try await inside(db)
    let (there, _) = try await big(later, again)
    #expect(try await later.json(there)["state"] as? String == "open")
    #expect(try await items(later, again + "?state=open&place=attestation.list").count == 1)
    #expect(try await later.post(there + "/resolve", ["version": "2"]).status == 303)
  }

  @Test("is read by whoever may debug, and worked on by whoever may write errors")
  func roles() async throws {
    let db = try await TestDatabase.make()
    let (browser, errors) = try await inside(db, as: World.supportL1)
    let (here, _) = try await big(browser, errors)
    let page = try await browser.get(here)
    #expect(page.status == 200 && !page.body.contains("Resolve error") && !page.body.contains("Mute error"))
    let refused = try await browser.post(here + "/resolve", ["version": "1"], accept: "application/json")
    #expect(try refused.gist == "403 capability")
    let (other, foreign) = try await inside(db, World.borealisBank)
    let id = here.split(separator: "/").last.map(String.init) ?? ""
    #expect(try await items(other, foreign).isEmpty)
    for path in [foreign + "/" + id, foreign + "/" + id + "/1"] {
      let reply = try await other.get(path)
      #expect(reply.status == 404 && !reply.body.contains("integer out of range"))
    }
    for act in ["resolve", "reopen", "mute"] {
      let reply = try await other.post(foreign + "/\(id)/\(act)", ["version": "1", "until": "2026-12-20"])
      #expect(reply.status == 404, "\(act)")
    }
    #expect(try await browser.json(here)["state"] as? String == "open")
  }

  @Test("of the platform is looked after by whoever operates it")
  func platform() async throws {
    let db = try await TestDatabase.make()
    let (support, errors) = try await inside(db)
    _ = try await db.superuser().execute(.superuser, "ALTER TABLE ticket RENAME COLUMN subject TO subject_gone")
    #expect(try await support.get("/tickets").status == 500)
    #expect(try await items(support, errors + "?place=ticket.list").isEmpty)
    #expect(try await support.get("/platform/errors").status == 403)
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    let group = try #require(try await items(browser, "/platform/errors").first)
    #expect(group["place"] as? String == "ticket.list")
    let here = "/platform/errors/\(group["id"] ?? "")"
    #expect(try await browser.get(here + "/1").body.contains("Jordan Doyle"))
    #expect(try await support.get(errors + "/\(group["id"] ?? "")").status == 404)
    let stale = try await browser.post(here + "/resolve", ["version": "7"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    #expect(try await browser.post(here + "/resolve", ["version": "1"]).status == 303)
    #expect(try await browser.json(here)["state"] as? String == "resolved")
  }

  @Test("is counted every minute for the directory, which is calm where all is well")
  func pulse() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    func pulse(_ slug: String) async throws -> String {
      let found = try await items(browser, "/tenants?q=" + slug).first?["pulse"] as? Item
      return ["errors_24h", "jobs_dead", "index"].map { "\(found?[$0] ?? "-")" }.joined(separator: " ")
    }
    let before = try await pulse("acme-health")
    #expect(before.hasSuffix(" 1 incomplete") && !before.hasPrefix("0 "))
    #expect(try await pulse("borealis-bank") == "0 0 current")
    let page = try await browser.get("/tenants")
    #expect(page.body.contains("1 dead job") && !page.body.contains("0 errors") && !page.body.contains("0 dead"))
    #expect(try await browser.get("/t/acme-health").body.contains("1 dead job"))
    #expect(try await !browser.get("/t/borealis-bank").body.contains("dead job"))
    _ = try await db.ledger.tenant(by: db.system(World.borealisBank)) { tx in
      try await tx.order(MailDelivery(template: "t", language: "en", to: "jane@doe.example", name: "Jane Doe"))
    }
    let worker = Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(try await worker.turn())
    _ = try await db.ledger.platformJobs(by: db.system()) { tx in try await tx.order(TenantPulseCount()) }
    #expect(try await worker.turn())
    #expect(try await pulse("borealis-bank") == "1 1 current")
    db.clock.advance(seconds: 2 * 86_400)
    try await browser.signIn(World.support)
    _ = try await db.ledger.platformJobs(by: db.system()) { tx in try await tx.order(TenantPulseCount()) }
    #expect(try await worker.turn())
    #expect(try await pulse("acme-health") == "0 1 incomplete")
    #expect(try await pulse("borealis-bank") == "0 1 current")
  }

  @Test("stands beside all open tickets of a client, counted to the last")
  func tickets() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let open = try #require(try await browser.json("/t/acme-health")["open_tickets"] as? Int)
    let card = try await browser.get("/t/acme-health")
    #expect(open > 5 && card.body.contains("\(open) open tickets") && card.body.contains("and \(open - 5) more"))
  }
}
