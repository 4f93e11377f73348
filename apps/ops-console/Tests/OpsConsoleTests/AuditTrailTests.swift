// The pages of the audit trail: who, as whom, what; and how one thing is found among everything.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The audit trail’s pages")
struct AuditTrailTests {
  private typealias Item = [String: Any]

  /// An auditor, who may read everybody's trail.
  private func auditor(_ db: TestDatabase) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(World.auditor)
    return browser
  }

  private func items(_ browser: RouterClient, _ path: String) async throws -> [Item] {
    try #require(try await browser.json(path)["items"] as? [Item])
  }

  @Test("says as whom somebody acted, wherever the trail is not one access’s")
  func asWhom() async throws {
    let db = try await TestDatabase.make()
    let address = try await db.address(of: .complianceOfficer)
    let name = try #require(
      try await db.superuser().query(
        .superuser, "SELECT name FROM client_user WHERE email = \(address)", as: String.self
      ).first)
    let (support, access) = try await RouterClient.inside(db, as: address)
    #expect(try await support.get(access + "/cases").status == 200)
    let reader = try await auditor(db)
    for page in ["/audit/events", "/audit/tenants/acme-health"] {
      let body = try await reader.get(page).body
      #expect(body.contains("Jordan Doyle</strong> as <span dir=\"auto\" title="), "\(page)")
      #expect(body.contains("</span> viewed the case list"), "\(page)")
      let look = try #require(try await items(reader, page).first { $0["action"] as? String == "view.case.list" })
      #expect(look["subject_name"] as? String == name && look["subject"] is String)
    }
    // An access's own timeline says it once, above.
    let timeline = try await support.get("/audit/accesses/" + access.dropFirst(3)).body
    #expect(timeline.contains("viewed the case list") && !timeline.contains("</strong> as <span"))
  }

  @Test("says what followed from an act, with links where the reader may go, and what else is known of it")
  func effects() async throws {
    let db = try await TestDatabase.make()
    let (support, access) = try await RouterClient.inside(db)
    let dead = try #require(try await items(support, access + "/debug/jobs?state=dead").first?["id"] as? String)
    let retry: KeyValuePairs<String, String> = ["act": "retry", "state": "dead", "count": "1"]
    #expect(try await support.post(access + "/debug/jobs/bulk", retry).status == 303)
    let here = "/audit/accesses/" + access.dropFirst(3)
    let step = try #require(try await items(support, here).first { $0["action"] as? String == "job.bulk" })
    #expect(step["effects"] as? [[String: String]] == [["type": "job", "id": dead, "text": "retry"]])
    #expect(step["route"] as? String == "job.bulk" && step["method"] as? String == "POST")
    #expect(step["ip"] as? String == "127.0.0.1" && step["session"] is String && step["release"] is String)
    let own = try await support.get(here).body
    #expect(own.contains("<a href=\"\(access)/debug/jobs/\(dead)\">job "))
    #expect(own.contains("<summary>Details</summary>") && own.contains("job.bulk"))
    // Somebody else's workspace is not the reader's to enter.
    let reader = try await auditor(db)
    let theirs = try await reader.get(here).body
    #expect(theirs.contains(dead.suffix(7) + "</span>: <span") && !theirs.contains("\(access)/debug"))
  }

  @Test("begins where its address is cut short, and who opens the sign-in is promised no page that is not there")
  func beginning() async throws {
    let db = try await TestDatabase.make()
    #expect(try await RouterClient(db).get("/sign-in").body.contains("read the audit trail"))
    #expect(try await !RouterClient(db).get("/sign-in").body.contains("review accesses"))
    #expect(try await auditor(db).get("/audit").location == "/audit/events")
  }

  @Test("names the staff people whose pages were looked at, and one’s own without a name")
  func staffNamed() async throws {
    let db = try await TestDatabase.make()
    let admin = try RouterClient(db)
    try await admin.signIn(World.admin)
    let people = try await db.superuser().query(
      .superuser, "SELECT id FROM staff WHERE email IN (\(World.support), \(World.admin))", as: ID<Staff>.self)
    #expect(people.count == 2)
    for id in people { #expect(try await admin.get("/staff/\(id)").status == 200) }
    let page = try await auditor(db).get("/audit/events?action=view.staff.show").body
    #expect(page.contains("viewed their own staff page") && !page.contains("the staff page of staff"))
    #expect(page.firstMatch(of: /viewed the staff page of <span title="[^"]+">Jordan Doyle</) != nil)
  }

  /// Somebody looks at a case as a client user, and an auditor has that step before them.
  private func look(_ db: TestDatabase) async throws -> (reader: RouterClient, step: Item) {
    let (support, access) = try await RouterClient.inside(db, as: try await db.address(of: .complianceOfficer))
    let id = try #require(try await items(support, access + "/cases?limit=1").first?["id"] as? String)
    #expect(try await support.get(access + "/cases/" + id).status == 200)
    let reader = try await auditor(db)
    let steps = try await items(reader, "/audit/events?action=view.case.show")
    return (reader, try #require(steps.first { ($0["object"] as? Item)?["id"] as? String == id }))
  }

  @Test("finds a step by every member of an event’s body, and by all of them at once")
  func found() async throws {
    let db = try await TestDatabase.make()
    let (reader, step) = try await look(db)
    let event = try #require(step["id"] as? String)
    var filters = [
      "actor=support%40ethico.example", "tenant=acme-health", "action=view.case.show", "outcome=ok", "method=GET",
      "route=case.show", "status=200", "ip=127.0.0.1", "release=test", "object_type=case", "id=" + event,
      "from=2026-11-25", "to=2026-11-25",
    ]
    for name in ["subject", "impersonation", "session", "request"] {
      filters.append("\(name)=\(try #require(step[name] as? String))")
    }
    filters.append("object=\(try #require((step["object"] as? Item)?["id"] as? String))")
    let others = ["actor=Jordan+Doyle", "actor=staff", "action=view.", "tenant=\(World.acmeHealth.id)", "method=get"]
    for filter in filters + others + [filters.joined(separator: "&")] {
      let list = try await reader.json("/audit/events?" + filter)
      let ids = try #require(list["items"] as? [Item], "\(filter)").compactMap { $0["id"] as? String }
      #expect(ids.contains(event), "\(filter)")
      #expect(try #require(list["count"] as? Int, "\(filter)") >= ids.count, "\(filter)")
    }
    #expect(try await items(reader, "/audit/tenants/acme-health?" + filters.joined(separator: "&")).count == 1)
  }

  @Test("leaves out what a filter does not fit, and reads no value as the beginning of another")
  func missed() async throws {
    let db = try await TestDatabase.make()
    let (reader, step) = try await look(db)
    let event = try #require(step["id"] as? String)
    let filters = [
      "actor=admin%40ethico.example", "actor=system", "tenant=borealis-bank", "tenant=platform", "action=case.",
      "outcome=failed", "method=POST", "route=case.sho", "status=500", "ip=127.0.0.10", "release=tes",
      "object_type=report", "to=2026-11-24", "from=2026-11-26", "request=\(event)", "session=\(event)",
      "subject=\(event)", "impersonation=\(event)", "object=\(event)", "effect=\(event)",
    ]
    for filter in filters {
      let steps = try await items(reader, "/audit/events?" + filter)
      #expect(!steps.contains { $0["id"] as? String == event }, "\(filter)")
    }
  }

  @Test("finds an act by what followed from it")
  func effect() async throws {
    let db = try await TestDatabase.make()
    let (support, access) = try await RouterClient.inside(db)
    let dead = try #require(try await items(support, access + "/debug/jobs?state=dead").first?["id"] as? String)
    let retry: KeyValuePairs<String, String> = ["act": "retry", "state": "dead", "count": "1"]
    #expect(try await support.post(access + "/debug/jobs/bulk", retry).status == 303)
    let steps = try await items(try await auditor(db), "/audit/events?effect=" + dead)
    #expect(steps.map { $0["action"] as? String } == ["job.bulk"])
  }

  @Test(
    "says which filter it does not understand, keeps what was typed, and looks for nothing",
    arguments: [
      ("actor", "nobody@ethico.example"), ("tenant", "no-such-client"), ("action", "Case Assign"), ("outcome", "fine"),
      ("subject", "42"), ("impersonation", "42"), ("session", "42"), ("request", "42"), ("id", "42"),
      ("ip", "localhost"), ("method", "G3T"), ("status", "9000"), ("object_type", "Case!"), ("from", "2026-02-31"),
      ("to", "tomorrow"), ("route", String(repeating: "x", count: 201)),
    ])
  func misunderstood(field: String, text: String) async throws {
    let db = try await TestDatabase.make()
    let reader = try await auditor(db)
    let typed = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
    let address = "/audit/events?release=kept-too&only=refusals&\(field)=\(typed)"
    let page = try await reader.get(address)
    #expect(page.status == 422 && page.body.contains("href=\"#f-\(field)\""))
    #expect(page.body.contains("value=\"\(text)\"") && page.body.contains("value=\"kept-too\""))
    #expect(page.body.contains("name=\"only\" value=\"refusals\"") && !page.body.contains("class=\"timeline\""))
    let problem = try await reader.get(address, accept: "application/json")
    #expect(try problem.gist == "422 invalid")
    let errors = try #require(try problem.json()["errors"] as? [Item])
    #expect(errors.map { $0["field"] as? String } == [field])
    let refusals = try await items(reader, "/audit/events?action=view.audit.events&outcome=failed")
    #expect(refusals.count == 2)
  }

  @Test("a first day after the last is no span of time")
  func inverted() async throws {
    let db = try await TestDatabase.make()
    let page = try await auditor(db).get("/audit/events?from=2026-11-25&to=2026-11-24")
    #expect(page.status == 422 && page.body.contains("This day is before the first one."))
  }

  @Test("reaches back a week where each event is looked at, and says so; further when asked, or when an index answers")
  func reach() async throws {
    let db = try await TestDatabase.make()
    let (_, step) = try await look(db)
    let event = try #require(step["id"] as? String)
    db.clock.advance(seconds: 30 * 86_400)
    let reader = try await auditor(db)
    func finds(_ filter: String) async throws -> Bool {
      try await items(reader, "/audit/events?" + filter).contains { $0["id"] as? String == event }
    }
    #expect(try await !finds("route=case.show"))
    let page = try await reader.get("/audit/events?route=case.show").body
    #expect(page.contains("without a first day they reach back 7 days"))
    #expect(try await finds("route=case.show&from=2026-11-25"))
    #expect(try await finds("route=case.show&to=2026-11-25"))
    let object = try #require((step["object"] as? Item)?["id"] as? String)
    for filter in [
      "id=" + event, "impersonation=\(step["impersonation"] ?? "")", "request=\(step["request"] ?? "")",
      "session=\(step["session"] ?? "")&route=case.show", "tenant=acme-health&object=" + object,
    ] {
      #expect(try await finds(filter), "\(filter)")
    }
    let dated = try await reader.get("/audit/events?request=\(step["request"] ?? "")").body
    #expect(dated.contains("the id says when it began"))
  }

  @Test("looks a week on from when a request began, and leads to what a job did long after it was ordered")
  func orderedAhead() async throws {
    let db = try await TestDatabase.make()
    let ordered: ID<Request> = db.ledger.ids.next(at: World.now)
    db.clock.advance(seconds: 30 * 86_400)
    let job = Author(
      .system("job"), tenant: World.acmeHealth.id,
      request: RequestFacts(id: ordered, ip: nil, method: "JOB", route: "job.run"))
    try await db.ledger.tenant(by: job) { tx in try await tx.record("attestation.overdue") }
    let reader = try await auditor(db)
    for place in ["/audit/events", "/audit/tenants/acme-health"] {
      let here = "\(place)?action=attestation.overdue&request=\(ordered)"
      #expect(try await items(reader, here).isEmpty)
      let page = try await reader.get(here).body
      let further = String(try #require(page.firstMatch(of: /href="([^"]+)">look until now/)).output.1)
      #expect(further.contains("action=attestation.overdue") && further.contains("from=2026-"))
      let steps = try await items(reader, further.replacing("&amp;", with: "&"))
      #expect(steps.map { $0["request"] as? String } == [ordered.description])
    }
    let recent: ID<Request> = db.ledger.ids.next(at: World.now.addingTimeInterval(29 * 86_400))
    let page = try await reader.get("/audit/events?request=\(recent)").body
    #expect(page.contains("the id says when it began") && !page.contains("look until now"))
  }

  @Test("keeps the filters from page to page and from kind to kind, and each has a chip that takes it away")
  func carried() async throws {
    let db = try await TestDatabase.make()
    _ = try await look(db)
    let reader = try await auditor(db)
    let here = "/audit/events?action=auth.&limit=1"
    let page = try await reader.get(here).body
    #expect(page.contains("<a href=\"/audit/events?only=refusals&amp;action=auth.\">Refusals</a>"))
    #expect(page.contains("Action: auth.</span>") && page.contains("<a href=\"/audit/events\">Clear filters</a>"))
    var seen: [String] = []
    var after: String? = ""
    while let position = after {
      let list = try await reader.json(here + position)
      seen += try #require(list["items"] as? [Item]).compactMap { $0["id"] as? String }
      after = (list["next"] as? String).map { "&after=" + $0 }
    }
    let count = try await reader.json("/audit/events?action=auth.")["count"] as? Int
    #expect(seen.count > 1 && Set(seen).count == seen.count && count == seen.count)
    let next = try #require(try await reader.json(here)["next"] as? String)
    #expect(try await reader.get("/audit/events?action=view.&limit=1&after=" + next).status == 400)
  }

  @Test("a step’s details lead to all that says the same, for those who may read the trail alone")
  func details() async throws {
    let db = try await TestDatabase.make()
    let (reader, step) = try await look(db)
    let session = try #require(step["session"] as? String)
    let page = try await reader.get("/audit/events?action=view.case.show").body
    #expect(page.contains("<a href=\"/audit/events?session=\(session)\">"))
    #expect(page.contains("<a href=\"/audit/tenants/acme-health\" dir=\"auto\">Acme Health</a>"))
    let (support, access) = try await RouterClient.inside(db)
    let own = try await support.get("/audit/accesses/" + access.dropFirst(3)).body
    #expect(own.contains("<dt dir=\"auto\">Sign-in</dt>") && !own.contains("/audit/events?session="))
  }
}
