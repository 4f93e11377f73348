// Staff through the routes: invited, granted to, taken from, locked, and what an administrator may not do.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Staff")
struct StaffTests {
  private typealias Fields = KeyValuePairs<String, String>

  /// An administrator's browser, and the page of somebody.
  private func desk(_ db: TestDatabase, of email: String = World.support) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    return (browser, try await page(of: email, browser))
  }

  private func page(of email: String, _ browser: RouterClient) async throws -> String {
    let list = try await browser.json("/staff?q=" + email)
    let items = try #require(list["items"] as? [[String: Any]])
    return "/staff/" + (try #require(items.first?["id"] as? String))
  }

  private func events(_ db: TestDatabase, _ action: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', outcome, actor_kind, chain::text) FROM audit_event
      WHERE action = \(action) AND at >= \(World.now) ORDER BY at
      """, as: String.self)
  }

  private static let platform = "00000000-0000-0000-0000-000000000000"

  @Test("is invited once, and each field that cannot be accepted is named")
  func invite() async throws {
    let db = try await TestDatabase.make()
    let (browser, _) = try await desk(db)
    let words: Fields = [
      "email": "Nia.Obi@ethico.example", "name": "Nia Obi", "reports_to": "", "timezone": "Africa/Lagos",
    ]
    let first = try await browser.post("/staff", words)
    let second = try await browser.post("/staff", words)
    #expect(first.status == 303 && first.location == second.location)
    let taken = try await browser.post(
      "/staff", ["email": "nia.obi@ethico.example", "name": "Another", "timezone": "UTC"], accept: "application/json")
    #expect(try taken.gist == "409 email_taken")
    let bad = try await browser.post("/staff", ["email": "nia", "name": "", "reports_to": "x", "timezone": "Mars"])
    #expect(bad.status == 422)
    for field in ["email", "name", "reports_to", "timezone"] {
      #expect(bad.body.contains("href=\"#f-\(field)\""), "\(field)")
    }
    let list = try await browser.json("/staff?state=invited&q=nia")
    #expect(list["count"] as? Int == 1)
    #expect(try await events(db, "staff.invite").filter { $0.hasPrefix("ok") } == ["ok staff \(Self.platform)"])
  }

  @Test("may do what is granted from the next request on, and no longer what is taken")
  func grantAndTake() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await desk(db, of: World.supportL1)
    let theirs = try RouterClient(db)
    try await theirs.signIn(World.supportL1)
    #expect(try await theirs.get("/audit/events").status == 403)
    let grant: Fields = ["what": "capability:audit.read", "rationale": "Quarterly check.", "until": ""]
    #expect(try await browser.post(page + "/grant", grant).status == 303)
    #expect(try await browser.post(page + "/grant", grant).status == 303)
    #expect(try await theirs.get("/audit/events").status == 200)
    let again: Fields = ["what": "capability:audit.read", "rationale": "Another reason.", "until": ""]
    #expect(try await browser.post(page + "/grant", again, accept: "application/json").gist == "409 already_granted")

    let entered = try await theirs.post("/t/acme-health/enter")
    let access = String(try #require(entered.location).dropLast())
    let shown = try await browser.get(page)
    #expect(shown.body.contains("Take, ends 1 access") && shown.body.contains("Quarterly check."))
    let file = try await browser.json(page)
    let grants = try #require(file["grants"] as? [[String: Any]])
    let act = try #require(grants.first { $0["capability"] as? String == "support.act" }?["id"] as? String)
    #expect(try await browser.post(page + "/take", ["grant": act]).status == 303)
    #expect(try await theirs.get(access + "/", accept: "application/json").gist == "403 capability")
    #expect(try await browser.post(page + "/take", ["grant": act]).status == 303)
    #expect(try await events(db, "staff.take") == ["ok staff \(Self.platform)"])
    #expect(try await events(db, "impersonation.end") == ["ok staff \(World.acmeHealth.id)"])
    let regrant: Fields = ["what": "preset:support_l1", "rationale": "Back again.", "until": "2026-12-31"]
    #expect(try await browser.post(page + "/grant", regrant).status == 303)
    #expect(try await theirs.get(access + "/").status == 410)
  }

  @Test(
    "a grant needs a known thing, a reason and a day to come",
    arguments: [
      ("what", ["what": "capability:world.rule", "rationale": "because", "until": ""]),
      ("what", ["what": "preset:kings", "rationale": "because", "until": ""]),
      ("rationale", ["what": "capability:audit.read", "rationale": "no", "until": ""]),
      ("until", ["what": "capability:audit.read", "rationale": "because", "until": "2020-01-01"]),
      ("until", ["what": "capability:audit.read", "rationale": "because", "until": "2026-02-31"]),
    ])
  func invalidGrant(field: String, words: [String: String]) async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await desk(db)
    let reply = try await browser.post(
      page + "/grant",
      ["what": words["what"] ?? "", "rationale": words["rationale"] ?? "", "until": words["until"] ?? ""])
    #expect(reply.status == 422 && reply.body.contains("href=\"#f-\(field)\""))
    #expect(reply.body.contains("value=\"\(words["rationale"] ?? "")\""))
    #expect(try await events(db, "staff.grant") == ["failed staff \(Self.platform)"])
  }

  @Test("nobody grants to, locks or deactivates themselves, and the last administrator stays")
  func oneself() async throws {
    let db = try await TestDatabase.make()
    let (browser, me) = try await desk(db, of: World.admin)
    let grant: Fields = ["what": "preset:support", "rationale": "I want to.", "until": ""]
    #expect(try await browser.post(me + "/grant", grant, accept: "application/json").gist == "403 own_grant")
    #expect(try await browser.post(me + "/unlock", accept: "application/json").gist == "403 own_grant")
    let lock: Fields = ["reason": "Ten characters and more."]
    #expect(try await browser.post(me + "/lock", lock, accept: "application/json").gist == "403 own_account")
    #expect(try await browser.post(me + "/deactivate", accept: "application/json").gist == "403 own_account")
    let take: Fields = ["preset": "admin"]
    #expect(try await browser.post(me + "/take", take, accept: "application/json").gist == "409 last_admin")
    #expect(try await events(db, "staff.grant") == ["denied staff \(Self.platform)"])
    #expect(try await events(db, "staff.take") == ["conflict staff \(Self.platform)"])
    #expect(try await browser.get(me).body.contains("Another administrator can."))
    let unknown = "/staff/0193a5c0-0000-7000-8000-00000000ffff"
    #expect(try await browser.get(unknown).status == 404)
    #expect(try await browser.post(unknown + "/grant", grant).status == 404)
  }

  @Test("is locked with a reason and told so, unlocked, deactivated and brought back; each move once")
  func states() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await desk(db)
    let theirs = try RouterClient(db)
    try await theirs.signIn(World.support)
    #expect(try await browser.post(page + "/lock", ["reason": "too short", "version": "1"]).status == 422)
    let reason: Fields = ["reason": "Laptop reported lost.", "version": "1"]
    #expect(try await browser.post(page + "/lock", reason).status == 303)
    #expect(try await browser.post(page + "/lock", reason).status == 303)
    #expect(try await theirs.get("/", accept: "application/json").gist == "403 locked")
    #expect(try await browser.get(page).body.contains("Laptop reported lost."))
    let other: Fields = ["reason": "Some other reason.", "version": "2"]
    #expect(try await browser.post(page + "/lock", other, accept: "application/json").gist == "409 bad_transition")
    #expect(
      try await browser.post(page + "/reactivate", ["version": "2"], accept: "application/json").gist
        == "409 bad_transition")
    #expect(try await browser.post(page + "/unlock", ["version": "1"], accept: "application/json").gist == "409 stale")
    #expect(try await browser.post(page + "/unlock", ["version": "2"]).status == 303)
    #expect(try await theirs.get("/", accept: "application/json").gist == "401 sign_in")
    #expect(try await browser.post(page + "/deactivate", ["version": "3"]).status == 303)
    #expect(try await browser.post(page + "/deactivate", ["version": "3"]).status == 303)
    #expect(try await browser.post(page + "/lock", other, accept: "application/json").gist == "409 bad_transition")
    #expect(try await browser.post(page + "/reactivate", ["version": "4"]).status == 303)
    let file = try await browser.json(page)
    let person = file["person"] as? [String: Any]
    #expect(person?["state"] as? String == "active" && (person?["capabilities"] as? [String])?.isEmpty == true)
    for action in ["staff.lock", "staff.unlock", "staff.deactivate", "staff.reactivate"] {
      #expect(try await events(db, action).filter { $0.hasPrefix("ok") } == ["ok staff \(Self.platform)"], "\(action)")
    }
    let history = try await browser.get(page).body
    #expect(history.contains("staff.lock") && history.contains("staff.deactivate"))
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("sign-ins and accesses are ended one by one")
  func presence() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await desk(db)
    let one = try RouterClient(db)
    try await one.signIn(World.support)
    let two = try RouterClient(db)
    try await two.signIn(World.support)
    let entered = try await two.post("/t/acme-health/enter")
    let access = String(try #require(entered.location).dropLast())
    let file = try await browser.json(page)
    let signIns = try #require(file["sign_ins"] as? [[String: Any]])
    #expect(signIns.count == 2 && signIns.allSatisfy { $0["ip"] as? String == "127.0.0.1" })
    let oldest = try #require(signIns.last?["id"] as? String)
    #expect(try await browser.post(page + "/end-sign-ins", ["sign_in": oldest]).status == 303)
    #expect(try await one.get("/", accept: "application/json").gist == "401 sign_in")
    #expect(try await two.get("/").status == 200)
    let ending = page + "/accesses/" + access.dropFirst(3) + "/end"
    #expect(try await browser.post(ending).status == 303)
    #expect(try await browser.post(ending).status == 303)
    let gone = try await two.get(access + "/")
    let timeline = try await two.get("/audit/accesses/" + access.dropFirst(3)).body
    #expect(timeline.contains("Alex Kim</strong> ended the access"))
    #expect(gone.status == 410 && gone.body.contains("by Alex Kim") && gone.body.contains("/t/acme-health/enter"))
    #expect(try await browser.post(page + "/end-sign-ins").status == 303)
    #expect(try await two.get("/", accept: "application/json").gist == "401 sign_in")
    #expect(try await events(db, "staff.end_sign_ins").count == 2)
  }

  @Test("a preset is changed for what is granted from then on, and a stale form changes nothing")
  func preset() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await desk(db, of: World.auditor)
    let path = "/staff/presets/auditor"
    let seen = "audit.read audit.review migration.read tenant.read"
    let change: Fields = [
      "seen": seen, "capabilities[]": "audit.read", "capabilities[]": "audit.review", "capabilities[]": "debug.read",
    ]
    #expect(try await browser.post(path, change).status == 303)
    #expect(try await browser.post(path, change).status == 303)
    let stale = try await browser.post(path, ["seen": seen, "capabilities[]": "audit.read"])
    #expect(
      stale.status == 409 && stale.body.contains("Stored now: audit.read, audit.review, debug.read, tenant.read."))
    #expect(
      try await browser.post(path, ["seen": seen, "capabilities[]": "world.rule"], accept: "application/json").gist
        == "422 invalid")
    let held = try await browser.json(page)["person"] as? [String: Any]
    #expect(held?["capabilities"] as? [String] == ["audit.read", "audit.review", "migration.read", "tenant.read"])
    // Of staff: the preset of implementation came with a migration, which has its own event.
    #expect(
      try await events(db, "staff.preset").filter { $0.hasPrefix("ok") && !$0.hasPrefix("ok system") }
        == ["ok staff \(Self.platform)"])
    #expect(try await browser.get("/staff/presets/kings").status == 404)
  }

  @Test("are listed in pages by name, and a cursor of another list is refused")
  func pages() async throws {
    let db = try await TestDatabase.make()
    let (browser, _) = try await desk(db)
    var names: [String] = []
    var path: String? = "/staff?limit=5"
    while let page = path {
      let list = try await browser.json(page)
      let items = try #require(list["items"] as? [[String: Any]])
      names += items.compactMap { $0["name"] as? String }
      path = (list["next"] as? String).map { "/staff?limit=5&after=" + $0 }
      #expect(list["count"] as? Int == 14)
    }
    #expect(names.count == 14 && names == names.sorted())
    let next = try #require(try await browser.json("/staff?limit=5")["next"] as? String)
    #expect(try await browser.get("/staff?state=active&after=" + next).status == 400)
    let counts = try await [StaffState.locked, .deactivated, .invited].asyncMap { state in
      try await browser.json("/staff?state=\(state.rawValue)")["count"] as? Int
    }
    #expect(counts == [1, 1, 1])
  }
}

extension Array {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
