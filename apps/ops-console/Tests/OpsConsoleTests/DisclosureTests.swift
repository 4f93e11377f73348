// Disclosures through the routes: written down, taken up, decided, reopened, and let expire by the clock alone.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Jobs
import Logging
import OpsConsole
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("Disclosures")
struct DisclosureTests {
  private static let draft: KeyValuePairs = [
    "employee": "10045", "kind": "gift", "title": "Wine from a vendor", "body": "Two bottles at the end of the year.",
    "amount": "1,120.5", "currency": "EUR",
  ]

  private func inside(_ db: TestDatabase, subject: ClientRole? = nil) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    var address = ""
    if let subject { address = try await db.address(of: subject) }
    let entered = try await browser.post("/t/acme-health/enter", ["as": address])
    return (browser, String(try #require(entered.location).dropLast()))
  }

  /// A disclosure in that state, with its version.
  private func some(_ state: String, _ browser: RouterClient, _ access: String) async throws -> (String, String) {
    let list = try await browser.json(access + "/disclosures?state=\(state)&limit=1")
    let item = try #require((list["items"] as? [[String: Any]])?.first)
    return (
      access + "/disclosures/" + (try #require(item["id"] as? String)), String(try #require(item["version"] as? Int))
    )
  }

  @Test("are written down, reviewed, decided and reopened, each step an event with actor and client")
  func lifeOfOne() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let added = try await browser.post(access + "/disclosures", Self.draft)
    #expect(added.status == 303)
    let page = String(try #require(added.location?.split(separator: "?").first))
    let found = try await browser.json(page)
    #expect((found["reference"] as? String)?.hasPrefix("DSC-2026-") == true && found["state"] as? String == "submitted")
    #expect((found["value"] as? [String: Any])?["amount_minor"] as? Int == 112_050)
    #expect(try await browser.post(page + "/review", ["version": "1"]).status == 303)
    let decided = try await browser.post(
      page + "/decide",
      ["verdict": "conditions", "decision": "Goes to the raffle.", "until": "2030-01-31", "version": "2"])
    #expect(decided.status == 303)
    let conditions = try await browser.get(page)
    #expect(conditions.body.contains("31 Jan 2030") && conditions.body.contains("value=\"2030-01-31\""))
    #expect(
      try await browser.post(page + "/decide", ["verdict": "approved", "decision": "Done so.", "version": "3"]).status
        == 303)
    #expect(try await browser.post(page + "/reopen", ["version": "4"]).status == 303)
    let after = try await browser.json(page)
    #expect(after["state"] as? String == "under_review" && after["decision"] as? String == "Done so.")
    let shown = try await browser.get(page)
    #expect(shown.body.contains("Goes to the raffle.") && shown.body.contains("1,120.50 EUR"))
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT e.action FROM audit_event e JOIN staff s ON s.id::text = e.actor_id
      WHERE e.object_id = \(page.split(separator: "/").last.map(String.init)) AND e.change_count = 1
        AND e.chain = \(World.acmeHealth.id) AND s.email = \(World.support) AND e.impersonation_id IS NOT NULL
      ORDER BY e.at
      """, as: String.self)
    #expect(
      events == [
        "disclosure.create", "disclosure.review", "disclosure.decide", "disclosure.decide", "disclosure.reopen",
      ])
  }

  @Test("take no step that the table does not name, by the page or by the database")
  func badTransitions() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let tries: [(state: String, verb: String, fields: KeyValuePairs<String, String>)] = [
      ("submitted", "decide", ["verdict": "approved", "decision": "Too early."]), ("submitted", "reopen", [:]),
      ("under_review", "review", [:]), ("approved", "review", [:]), ("rejected", "review", [:]),
      ("approved", "decide", ["verdict": "rejected", "decision": "Not so."]), ("conditions", "reopen", [:]),
      ("expired", "reopen", [:]), ("rejected", "decide", ["verdict": "approved", "decision": "After all."]),
    ]
    for attempt in tries {
      let (page, version) = try await some(attempt.state, browser, access)
      var fields = attempt.fields.map { ($0.key, $0.value) }
      fields.append(("version", version))
      let reply = try await browser.post(page + "/" + attempt.verb, list: fields, accept: "application/json")
      #expect(try reply.gist == "409 bad_transition", "\(attempt.state) \(attempt.verb)")
    }
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    for (from, to) in [("submitted", "approved"), ("expired", "under_review"), ("conditions", "rejected")] {
      let error = await #expect(throws: PostgresError.self) {
        try await db.database.transaction(.tenant, settings) { tx in
          _ = try await tx.execute(
            "UPDATE disclosure SET state = \(to), decision = 'abc', decided_at = now() WHERE state = \(from)")
        }
      }
      #expect(error?.constraint == "disclosure_move", "\(from) → \(to)")
    }
  }

  @Test("what cannot be accepted comes back with what was typed")
  func invalid() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let reply = try await browser.post(
      access + "/disclosures",
      ["employee": "Nobody At All", "kind": "gift", "title": "<b>Kept</b>", "body": "words", "amount": "many"])
    #expect(reply.status == 422 && reply.body.contains("&lt;b&gt;Kept&lt;/b&gt;"))
    #expect(reply.body.contains("Write an amount"))
    let unknown = try await browser.post(
      access + "/disclosures", ["employee": "Nobody At All", "kind": "gift", "title": "T", "body": "words"])
    #expect(unknown.status == 422 && unknown.body.contains("No employee has that number"))
    let (page, version) = try await some("under_review", browser, access)
    let short = try await browser.post(
      page + "/decide", ["verdict": "approved", "decision": "ok", "until": "2020-01-01", "version": version])
    #expect(short.status == 422 && short.body.contains("at least 3 characters"))
    #expect(short.body.contains("a day that is still to come") && short.body.contains("2020-01-01"))
  }

  @Test("a stale decision changes nothing and loses nothing; the same form sent twice decides once")
  func staleAndDouble() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let (page, version) = try await some("under_review", browser, access)
    let form: KeyValuePairs = ["verdict": "rejected", "decision": "First.", "version": version, "_key": "d1"]
    let one = try await browser.post(page + "/decide", form)
    let two = try await browser.post(page + "/decide", form)
    #expect(one.status == 303 && one.location == two.location)
    let late = try await browser.post(
      page + "/decide", ["verdict": "approved", "decision": "Typed late.", "version": version])
    #expect(late.status == 409 && late.body.contains("Typed late.") && late.body.contains("First."))
    #expect(try await browser.json(page)["state"] as? String == "rejected")
  }

  @Test("run out at their moment for everybody who looks, and the clock writes down each")
  func expiry() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let (page, version) = try await some("under_review", browser, access)
    let day = World.now.addingTimeInterval(86_400).formatted(.iso8601.year().month().day())
    let decided = try await browser.post(
      page + "/decide", ["verdict": "approved", "decision": "Until tomorrow.", "until": day, "version": version])
    #expect(decided.status == 303)
    #expect(try await browser.json(page)["state"] as? String == "approved")
    db.clock.advance(seconds: 2 * 86_400)
    try await browser.signIn(World.support)
    let late = try await browser.json(page)
    #expect(late["state"] as? String == "expired")
    let reopened = try await browser.post(
      page + "/reopen", ["version": String(late["version"] as? Int ?? 0)], accept: "application/json")
    #expect(try reopened.gist == "409 bad_transition")
    let worker = Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    while try await worker.turn() {}
    let stored = try await db.superuser().query(
      .superuser,
      """
      SELECT d.state || ' by ' || e.actor_kind FROM disclosure d JOIN audit_event e ON e.object_id = d.id::text
      WHERE d.id::text = \(page.split(separator: "/").last.map(String.init)) AND e.action = 'disclosure.expire'
      """, as: String.self)
    #expect(stored == ["expired by system"])
    let said = try await db.superuser().query(
      .superuser, "SELECT result FROM job WHERE kind = 'disclosure.expire' AND state = 'succeeded'", as: String.self)
    #expect(said == ["1 disclosure has expired."])
  }

  @Test("are not found from another client, and closed to roles that may not")
  func others() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let foreign = try await db.superuser().query(
      .superuser, "SELECT id::text FROM disclosure WHERE tenant_id = \(World.borealisBank.id) LIMIT 1", as: String.self)
    let id = try #require(foreign.first)
    #expect(try await browser.get(access + "/disclosures/\(id)").status == 404)
    #expect(try await browser.post(access + "/disclosures/\(id)/decide", ["verdict": "x"]).status == 404)
    let (asManager, closed) = try await inside(db, subject: .manager)
    #expect(try await asManager.get(closed + "/disclosures").status == 403)
    #expect(try await !asManager.get(closed + "/").body.contains("/disclosures"))
    let (asInvestigator, readable) = try await inside(db, subject: .investigator)
    #expect(try await asInvestigator.get(readable + "/disclosures").status == 200)
    #expect(try await asInvestigator.get(readable + "/disclosures/new").status == 403)
    #expect(try await asInvestigator.post(readable + "/disclosures", Self.draft).status == 403)
  }

  @Test("the list is filtered by its address and goes on where it ended")
  func list() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let all = try await browser.json(access + "/disclosures?limit=100")
    #expect(all["count"] as? Int == 150)
    let rest = try await browser.json(access + "/disclosures?limit=100&after=\(try #require(all["next"] as? String))")
    #expect((rest["items"] as? [Any])?.count == 50 && rest["next"] == nil)
    let gifts = try await browser.json(access + "/disclosures?kind=gift&state=approved&limit=200")
    let items = try #require(gifts["items"] as? [[String: Any]])
    let kinds = Set(items.compactMap { $0["kind"] as? String })
    let states = Set(items.compactMap { $0["state"] as? String })
    #expect(kinds == ["gift"] && states == ["approved"])
    #expect(try await browser.get(access + "/disclosures?q=zzzzzz").body.contains("Nothing matches"))
    #expect(try await browser.get(access + "/disclosures?after=x").status == 400)
  }
}
