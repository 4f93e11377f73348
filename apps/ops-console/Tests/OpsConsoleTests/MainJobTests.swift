// The main job through the routes: find a client, step in, work on a case, step out, and find every step in the trail.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("The main job")
struct MainJobTests {
  /// A support person inside Acme, and the address of their access.
  private func inside(_ db: TestDatabase) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    #expect(entered.status == 303)
    let home = try #require(entered.location)
    return (browser, String(home.dropLast()))
  }

  private func someCase(_ browser: RouterClient, _ access: String, stage: String = "active") async throws -> [String:
    Any]
  {
    let list = try await browser.json(access + "/cases?stage=\(stage)&limit=5")
    let items = try #require(list["items"] as? [[String: Any]])
    let id = try #require(items.first?["id"] as? String)
    return try await browser.json(access + "/cases/\(id)")
  }

  /// Somebody who does not lead that case yet, and may.
  private func newLead(_ browser: RouterClient, _ access: String, than current: String?) async throws -> String {
    let people = try await browser.json(access + "/people?role=investigator&state=active")
    let others = try await browser.json(access + "/people?role=compliance_officer&state=active")
    let items = (people["items"] as? [[String: Any]] ?? []) + (others["items"] as? [[String: Any]] ?? [])
    return try #require(items.compactMap { $0["id"] as? String }.first { $0 != current })
  }

  @Test("is in the trail step by step, with before and after, and the trail is intact")
  func wholeJob() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let found = try await someCase(browser, access)
    let id = try #require(found["id"] as? String)
    let lead = (found["lead"] as? [String: Any])?["id"] as? String
    let next = try await newLead(browser, access, than: lead)
    let version = try #require(found["version"] as? Int)
    let assigned = try await browser.post(
      access + "/cases/\(id)/assign", ["lead": next, "version": String(version), "_key": "k1"])
    #expect(assigned.status == 303)
    let moved = try await browser.post(
      access + "/cases/\(id)/stage", ["stage": "review", "version": String(version + 1), "_key": "k2"])
    #expect(moved.status == 303)
    let noted = try await browser.post(
      access + "/cases/\(id)/notes", ["body": "Seen.", "visibility": "team", "_key": "k3"])
    #expect(noted.status == 303)
    let left = try await browser.post(access + "/exit")
    #expect(left.status == 303)

    let timeline = try await browser.json("/audit/accesses/" + String(access.dropFirst(3)))
    let items = try #require(timeline["items"] as? [[String: Any]])
    let actions = items.compactMap { $0["action"] as? String }
    #expect(actions.first == "impersonation.start" && actions.last == "impersonation.end")
    for action in ["view.case.list", "view.case.show", "case.assign", "case.stage", "note.add"] {
      #expect(actions.contains(action), "\(action)")
    }
    let change = items.first { $0["action"] as? String == "case.stage" }
    let rows = change?["changes"] as? [[String: Any]]
    let fields = (rows?.first?["fields"] as? [[String: Any]])?.first { $0["name"] as? String == "stage" }
    #expect(fields?["before"] as? String == "active" && fields?["after"] as? String == "review")

    let verification = try await db.ledger.verify(by: db.system())
    #expect(verification.result == .intact)
  }

  @Test(
    "the banner and the frame are on every page inside, its errors too",
    arguments: [
      "/", "/cases", "/people", "/settings", "/nowhere", "/cases/0193a5c0-0000-7000-8000-00000000ffff",
    ])
  func banner(page: String) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let reply = try await browser.get(access + page)
    #expect(reply.body.contains("class=\"access-banner\"") && reply.body.contains("class=\"access-frame\""))
    #expect(reply.body.contains("<title>⚠ Acme Health · "))
  }

  @Test("an access of another person answers as an unknown one")
  func foreignAccess() async throws {
    let db = try await TestDatabase.make()
    let (_, access) = try await inside(db)
    let other = try RouterClient(db)
    try await other.signIn(World.supportL1)
    let foreign = try await other.get(access + "/cases")
    let unknown = try await other.get("/i/0193a5c0-0000-7000-8000-00000000ffff/cases")
    #expect(foreign.status == 404 && unknown.status == 404)
    #expect(stripped(foreign.body) == stripped(unknown.body))
    let refusals = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM audit_event WHERE action = 'access.denied' AND outcome = 'denied'", as: Int.self
    )
    #expect(refusals == [2])
  }

  /// Without what differs from request to request by design: nonces, ids, keys.
  private func stripped(_ body: String) -> String {
    body.replacing(#/nonce="[^"]*"/#, with: "").replacing(#/[0-9a-f]{8}-[0-9a-f-]{27,}/#, with: "")
  }

  @Test("an id of another client is not found, whatever is sent with it")
  func foreignRecord() async throws {
    let db = try await TestDatabase.make()
    let borealis = try await db.superuser().query(
      .superuser, "SELECT id FROM \"case\" WHERE tenant_id = \(World.borealisBank.id) LIMIT 1", as: UUID.self)
    let id = try #require(borealis.first).uuidString.lowercased()
    let (browser, access) = try await inside(db)
    #expect(try await browser.get(access + "/cases/\(id)").status == 404)
    #expect(try await browser.post(access + "/cases/\(id)/assign", ["lead": "x", "version": "1"]).status == 404)
    #expect(try await browser.post(access + "/cases/\(id)/notes", ["body": ""]).status == 404)
    #expect(try await browser.post(access + "/cases/\(id)/edit", ["title": ""]).status == 404)
  }

  @Test("a stale form changes nothing and loses nothing")
  func stale() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let found = try await someCase(browser, access)
    let id = try #require(found["id"] as? String)
    let version = String(try #require(found["version"] as? Int))
    let first = try await browser.post(
      access + "/cases/\(id)/edit", ["title": "First", "summary": "", "severity": "high", "version": version])
    #expect(first.status == 303)
    let second = try await browser.post(
      access + "/cases/\(id)/edit", ["title": "Second", "summary": "typed", "severity": "low", "version": version])
    #expect(second.status == 409)
    #expect(second.body.contains("Second") && second.body.contains("First") && second.body.contains("typed"))
    #expect(try await browser.json(access + "/cases/\(id)")["title"] as? String == "First")
  }

  @Test("the same form sent twice does it once")
  func doubleSubmit() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let found = try await someCase(browser, access)
    let id = try #require(found["id"] as? String)
    let path = access + "/cases/\(id)/notes"
    let before = (found["notes"] as? [Any])?.count ?? 0
    let one = try await browser.post(path, ["body": "once", "visibility": "team", "_key": "same"])
    let two = try await browser.post(path, ["body": "once", "visibility": "team", "_key": "same"])
    #expect(one.status == 303 && two.status == 303 && one.location == two.location)
    let other = try await browser.post(
      path, ["body": "other", "visibility": "team", "_key": "same"], accept: "application/json")
    #expect(other.status == 409)
    #expect(try other.code() == "key_reused")
    let after = try await browser.json(access + "/cases/\(id)")
    #expect((after["notes"] as? [Any])?.count == before + 1)
  }

  @Test("a key is bound to the record it was sent to")
  func keyOfAnother() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let list = try await browser.json(access + "/cases?stage=active&limit=2")
    let ids = try #require(list["items"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    let one = try await browser.post(
      access + "/cases/\(ids[0])/notes", ["body": "n", "visibility": "team", "_key": "bound"])
    let two = try await browser.post(
      access + "/cases/\(ids[1])/notes", ["body": "n", "visibility": "team", "_key": "bound"],
      accept: "application/json")
    #expect(one.status == 303 && two.status == 409)
    #expect(try two.code() == "key_reused")
  }

  @Test("a private note is not told by the case's history")
  func privateNote() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let found = try await someCase(browser, access)
    let id = try #require(found["id"] as? String)
    let noted = try await browser.post(
      access + "/cases/\(id)/notes", ["body": "for my eyes", "visibility": "private"])
    #expect(noted.status == 303)
    let officer = try await db.superuser().query(
      .superuser,
      """
      SELECT email FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role = 'compliance_officer' AND state = 'active' LIMIT 1
      """, as: String.self)
    let entered = try await browser.post("/t/acme-health/enter", ["as": try #require(officer.first)])
    let asOfficer = String(try #require(entered.location).dropLast())
    let page = try await browser.get(asOfficer + "/cases/\(id)")
    #expect(page.status == 200 && !page.body.contains("for my eyes"))
  }

  @Test("who asks for an address at a client leaves a trace")
  func probing() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let probe = try await browser.post("/t/acme-health/enter", ["as": "maybe@acme-health.example"])
    #expect(probe.status == 422)
    let traces = try await db.superuser().query(
      .superuser,
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'impersonation.start' AND e.outcome = 'failed' AND e.chain = \(World.acmeHealth.id)
      """, as: String.self)
    #expect(traces == ["maybe@acme-health.example"])
  }

  @Test("an address of an ended access says so, and leads back in")
  func ended() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    _ = try await browser.post(access + "/exit")
    let page = try await browser.get(access + "/cases")
    #expect(page.status == 410 && page.body.contains("/t/acme-health/enter"))
    let json = try await browser.get(access + "/cases", accept: "application/json")
    #expect(try json.code() == "access_ended")
  }

  @Test("a form without its token, or from another site, is refused")
  func forgery() async throws {
    let db = try await TestDatabase.make()
    let (browser, _) = try await inside(db)
    #expect(try await browser.post("/t/acme-health/enter", ["_csrf": ""]).status == 403)
    #expect(try await browser.post("/t/acme-health/enter", ["_csrf": "wrong"]).status == 403)
    let crossSite = try await browser.post("/t/acme-health/enter", headers: [.secFetchSite: "cross-site"])
    #expect(crossSite.status == 403)
  }

  /// All links and forms of all pages are `tests/security/test_links.py`'s matter.
  @Test("the first links of the main pages lead somewhere")
  func links() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await inside(db)
    let outside = ["/", "/tenants", "/t/acme-health", "/t/acme-health/enter", "/me"]
    for page in outside + ["/", "/cases", "/reports", "/disclosures", "/people", "/settings"].map({ access + $0 }) {
      let body = try await browser.get(page).body
      for match in body.matches(of: #/href="(\/[^"#]*)"/#).prefix(60) {
        let target = String(match.1).replacing("&amp;", with: "&")
        guard !target.hasPrefix("/assets/") else { continue }
        let reply = try await browser.get(target)
        #expect(reply.status < 400, "\(page) → \(target): \(reply.status)")
      }
    }
  }

  @Test("acting as somebody offers what that person may do")
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
    let access = String(try #require(entered.location).dropLast())
    #expect(try await browser.get(access + "/cases").status == 403)
    let nobody = try await browser.post(
      "/t/acme-health/enter", ["as": "nobody@acme-health.example"], accept: "application/json")
    #expect(nobody.status == 422)
    #expect(try nobody.code() == "no_such_user")
  }
}
