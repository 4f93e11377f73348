// Campaigns through the routes: planned, asked in one statement, followed by the clock, worked on for employees.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing
import Web

@Suite("Campaigns")
struct CampaignTests {
  private typealias Fields = KeyValuePairs<String, String>

  /// A published policy's id.
  private func policy(_ browser: RouterClient, _ access: String) async throws -> String {
    let list = try await browser.json(access + "/policies?q=Code+of+Conduct&status=published")
    return try #require((list["items"] as? [[String: Any]])?.first?["id"] as? String)
  }

  private func units(_ db: TestDatabase, _ name: String) async throws -> String {
    let found = try await db.superuser().query(
      .superuser, "SELECT id FROM org_unit WHERE tenant_id = \(World.acmeHealth.id) AND name = \(name)", as: UUID.self)
    return try #require(found.first).uuidString.lowercased()
  }

  /// Plans a campaign due in 30 days.
  private func plan(
    _ browser: RouterClient, _ access: String, audience: Fields, key: String = "plan"
  ) async throws -> String {
    let due = ClockDay.text(World.now.addingTimeInterval(30 * 86_400))
    let fields: [(String, String)] =
      [
        ("name", "Winter code"), ("policy", try await policy(browser, access)), ("kind", "checkbox"), ("due", due),
        ("_key", key),
      ] + audience.map { ($0.key, $0.value) }
    let added = try await browser.post(access + "/campaigns", list: fields)
    #expect(added.status == 303, "\(added.body)")
    return String(try #require(added.location?.split(separator: "?").first))
  }

  private func version(_ browser: RouterClient, _ path: String) async throws -> String {
    String(try #require(try await browser.json(path)["version"] as? Int))
  }

  private func move(_ browser: RouterClient, _ campaign: String, to next: String) async throws -> RouterClient.Reply {
    try await browser.post(
      campaign + "/move", ["to": next, "version": try await version(browser, campaign)], accept: "application/json")
  }

  /// An active campaign of one department, and its attestations.
  private func active(
    _ db: TestDatabase, _ browser: RouterClient, _ access: String
  ) async throws -> (campaign: String, items: [(id: String, version: Int)]) {
    let campaign = try await plan(
      browser, access, audience: ["audience": "units", "units[]": try await units(db, "Radiology")])
    #expect(try await move(browser, campaign, to: "active").status == 303)
    let list = try await browser.json(campaign + "/attestations?limit=200")
    let items = try #require(list["items"] as? [[String: Any]]).compactMap { item in
      (item["id"] as? String).map { (id: $0, version: item["version"] as? Int ?? 0) }
    }
    return (campaign, items)
  }

  private func progress(_ browser: RouterClient, _ campaign: String) async throws -> [String: Any] {
    try #require(try await browser.json(campaign)["progress"] as? [String: Any])
  }

  @Test("asks everybody in one statement and one event, however many they are")
  func activation() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let campaign = try await plan(browser, access, audience: ["audience": "all"])
    #expect(try await plan(browser, access, audience: ["audience": "all"]) == campaign)
    #expect(try await progress(browser, campaign)["asked"] as? Int == 0)
    let activated = try await move(browser, campaign, to: "active")
    #expect(activated.status == 303)
    #expect(try await progress(browser, campaign)["asked"] as? Int == 2_400)
    let counts = try await db.superuser().query(
      .superuser,
      """
      SELECT e.change_count || ' ' || (SELECT count(*) FROM usage_event u
        WHERE u.kind = 'attestation_assigned' AND u.impersonation = e.impersonation_id)
      FROM audit_event e WHERE e.action = 'campaign.move'
      """, as: String.self)
    #expect(counts == ["2401 2400"])
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("asks a unit with those below it, or who is listed; who is unknown is named")
  func audiences() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let clinics = try await plan(
      browser, access, audience: ["audience": "units", "units[]": try await units(db, "Clinics")])
    #expect((try await browser.json(clinics)["audience"] as? [String: Any])?["members"] as? Int == 600)
    let listed = try await plan(
      browser, access, audience: ["audience": "list", "employees": "10045\n10046, 10047"], key: "list")
    #expect((try await browser.json(listed)["audience"] as? [String: Any])?["members"] as? Int == 3)
    let unknown = try await browser.post(
      access + "/campaigns", ["name": "N", "audience": "list", "employees": "10045 nobody@x.example"])
    #expect(unknown.status == 422 && unknown.body.contains("the number or address nobody@x.example"))
    for field in ["policy", "kind", "due"] { #expect(unknown.body.contains("href=\"#f-\(field)\""), "\(field)") }
  }

  @Test("is offered to start by itself once it has a day to come, and named with it")
  func startDay() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let dayless = try await plan(browser, access, audience: ["audience": "all"])
    let plain = try await browser.get(dayless)
    #expect(plain.body.contains("Give it a start day first") && plain.body.contains("href=\"\(dayless)/edit\""))
    #expect(!plain.body.contains("Schedule: starts by itself"))
    let soon = World.now.addingTimeInterval(5 * 86_400)
    let planned = try await plan(
      browser, access, audience: ["audience": "all", "starts": ClockDay.text(soon)], key: "soon")
    let offered = try await browser.get(planned)
    #expect(offered.body.contains("Schedule: starts by itself on \(ClockFace.dayOfUTC(soon))"))
    #expect(!offered.body.contains("Give it a start day first"))
    #expect(try await move(browser, planned, to: "scheduled").status == 303)
  }

  @Test("moves as its states allow, and no other way by HTTP or SQL")
  func moves() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let (campaign, _) = try await active(db, browser, access)
    let id = String(campaign.suffix(36))
    #expect(try await move(browser, campaign, to: "scheduled").gist == "409 bad_transition")
    #expect(try await move(browser, campaign, to: "paused").status == 303)
    #expect(try await move(browser, campaign, to: "completed").gist == "409 bad_transition")
    await refused(db, "campaign_move", "UPDATE campaign SET status = 'completed' WHERE id = '\(id)'")
    await refused(db, "campaign_settled", "UPDATE campaign SET kind = 'signature' WHERE id = '\(id)'")
    #expect(try await move(browser, campaign, to: "active").status == 303)
    #expect(try await move(browser, campaign, to: "completed").status == 303)
    #expect((try await progress(browser, campaign)["states"] as? [String: Int]) == ["expired": 200])
    #expect(try await move(browser, campaign, to: "cancelled").gist == "409 bad_transition")
    let edit = try await browser.post(
      campaign + "/edit", ["name": "X", "version": try await version(browser, campaign)], accept: "application/json")
    #expect(try edit.gist == "409 bad_transition")
  }

  /// A statement that the database refuses by that constraint, whoever writes it.
  private func refused(_ db: TestDatabase, _ constraint: String, _ statement: String) async {
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute(SQL(trusted: statement))
        try await tx.record("test.move")
      }
    }
    #expect(error?.constraint == constraint)
  }

  @Test("the pages offer exactly the moves that the database allows", arguments: ["policies", "campaigns"])
  func sameMoves(records: String) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let table = records == "policies" ? "policy_move" : "campaign_move"
    let allowed = try await db.superuser().query(
      .superuser, SQL(trusted: "SELECT from_status || ' ' || to_status FROM \(table) ORDER BY 1"), as: String.self)
    var offered: Set<String> = []
    var stands: Set<String> = []
    let list = try await browser.json(access + "/\(records)?limit=200")
    for item in try #require(list["items"] as? [[String: Any]]) where !(item["working_status"] is String) {
      guard let status = item["status"] as? String, let id = item["id"] as? String, stands.insert(status).inserted
      else { continue }
      let moves = try await browser.json(access + "/\(records)/\(id)")["moves"] as? [String] ?? []
      offered.formUnion(moves.map { "\(status) \($0)" })
    }
    #expect(offered.sorted() == allowed && stands.count >= 5)
  }

  @Test("on behalf of an employee each act says by whom, as whom and for whom, and is no use of the client's")
  func onBehalf() async throws {
    let db = try await TestDatabase.make()
    let officers = try await db.superuser().query(
      .superuser,
      """
      SELECT email FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role = 'compliance_officer' AND state = 'active' LIMIT 1
      """, as: String.self)
    let (browser, access) = try await RouterClient.inside(db, as: try #require(officers.first))
    let (campaign, items) = try await active(db, browser, access)
    let one = campaign + "/attestations/" + items[0].id
    let acts: [(String, Fields)] = [
      ("remind", [:]), ("refuse", ["refusal": "Not in my language"]),
      ("extend", ["due": ClockDay.text(World.now.addingTimeInterval(60 * 86_400))]), ("complete", ["note": "on paper"]),
    ]
    for (act, fields) in acts {
      let sent = fields.map { ($0.key, $0.value) } + [("version", try await version(browser, one))]
      #expect(try await browser.post(one + "/" + act, list: sent).status == 303, "\(act)")
    }
    let now = try await browser.json(one)
    #expect(now["state"] as? String == "completed" && now["refusal_reason"] as? String == "Not in my language")
    let deeds = try #require(now["acts"] as? [[String: Any]])
    #expect(deeds.compactMap { $0["act"] as? String } == ["complete", "extend", "refuse", "remind"])
    let subject = try #require(deeds[0]["subject"] as? [String: Any])
    #expect(deeds[0]["by"] as? String == "Ethico Support")
    let page = try await browser.get(one)
    #expect(page.body.contains("Ethico Support, as \(try #require(subject["name"] as? String))"))
    #expect(!"\(now.filter { $0.key != "acting" })".contains("Jordan"))
    let again = try await browser.post(
      one + "/complete", ["version": try await version(browser, one)], accept: "application/json")
    #expect(try again.gist == "409 bad_transition")
    await refused(
      db, "attestation_move",
      "UPDATE attestation SET state = 'pending', completed_at = NULL WHERE id = '\(items[0].id)'")
    let owner = db.superuser()
    let error = await #expect(throws: PostgresError.self) {
      _ = try await owner.execute(.superuser, "DELETE FROM attestation_act")
    }
    #expect(error?.constraint == "attestation_act_immutable")
    await owner.close()
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT DISTINCT concat_ws(' ', action, outcome, subject_id IS NOT NULL, impersonation_id IS NOT NULL)
      FROM audit_event WHERE object_id = \(items[0].id) AND action LIKE 'attestation.%' ORDER BY 1
      """, as: String.self)
    #expect(
      events == [
        "attestation.complete conflict t t", "attestation.complete ok t t", "attestation.extend ok t t",
        "attestation.refuse ok t t", "attestation.remind ok t t",
      ])
    let counted = try await db.superuser().query(
      .superuser,
      "SELECT count(*) FROM usage_event WHERE object_id = \(items[0].id)::uuid AND impersonation IS NULL", as: Int.self)
    #expect(counted == [0])
  }

  @Test("is overdue once its day has passed by the clock, can be completed still, and needs a reason to be skipped")
  func overdue() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let (campaign, items) = try await active(db, browser, access)
    db.clock.advance(seconds: 31 * 86_400)
    try await browser.signIn(World.support)
    #expect((try await progress(browser, campaign)["states"] as? [String: Int]) == ["overdue": 200])
    #expect(try await browser.json(campaign + "/attestations?state=overdue")["count"] as? Int == 200)
    let one = campaign + "/attestations/" + items[0].id
    #expect(try await browser.post(one + "/complete", ["version": "1"]).status == 303)
    let path = try await db.superuser().query(
      .superuser,
      """
      SELECT c.payload::jsonb #>> '{after,state}' FROM audit_event e JOIN row_change c ON c.event = e.id
      WHERE e.action = 'attestation.complete' AND c.payload::jsonb ->> 'table' = 'attestation' ORDER BY c.ordinal
      """, as: String.self)
    #expect(path == ["overdue", "completed"])
    let two = campaign + "/attestations/" + items[1].id
    let refused = try await browser.post(two + "/skip", ["version": "1", "reason": "no"])
    #expect(refused.status == 422 && refused.body.contains("href=\"#f-reason\""))
    #expect(try await browser.post(two + "/skip", ["version": "1", "reason": "on leave"]).status == 303)
    let stale = try await browser.post(two + "/extend", ["version": "1"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
  }

  @Test("does the same for many with a result each; what is stale or over is left as it was")
  func many() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let (campaign, items) = try await active(db, browser, access)
    let path = campaign + "/attestations"
    let chosen = items[0..<3].map { ("items[]", "\($0.id):\($0.version)") }
    let skip = [("act", "skip"), ("reason", "left the company"), ("_key", "many")]
    let done = try await browser.post(path, list: chosen + skip, accept: "application/json")
    #expect(try done.status == 200 && done.json()["done"] as? Int == 3)
    #expect(try await browser.post(path, list: chosen + skip, accept: "application/json").status == 303)
    let mixed = try await browser.post(
      path, list: [chosen[0], ("items[]", "\(items[3].id):1"), ("items[]", "\(UUID()):1"), ("act", "remind")],
      accept: "application/json")
    let results = try #require(try mixed.json()["results"] as? [[String: Any]])
    #expect(mixed.status == 207 && results.map { $0["code"] as? String } == ["stale", "ok", "not_found"])
    #expect(try await browser.json(path + "?only=reminded")["count"] as? Int == 1)
    let none = try await browser.post(path, ["act": "skip", "reason": "left"])
    #expect(none.status == 422 && none.body.contains("Select at least one row first."))
    let open = try await browser.json(path + "?state=pending&limit=1")
    let first = try #require((open["items"] as? [[String: Any]])?.first)
    let item = "\(first["id"] as? String ?? ""):\(first["version"] as? Int ?? 0)"
    let unsaid = try await browser.post(path + "?state=pending", ["items[]": item, "act": "skip"])
    #expect(unsaid.status == 422 && unsaid.body.contains("value=\"\(item)\"") && unsaid.body.contains(" checked"))
    #expect(unsaid.body.contains("attestations?state=pending\""))
    let tooMany = (0..<201).map { _ in ("items[]", "\(UUID()):1") }
    #expect(try await browser.post(path, list: tooMany + skip.dropLast()).status == 422)
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', action, outcome, change_count) FROM audit_event
      WHERE object_id = \(String(campaign.suffix(36))) AND action LIKE 'attestation.%' ORDER BY at
      """, as: String.self)
    #expect(Array(events.prefix(2)) == ["attestation.skip ok 6", "attestation.remind ok 2"])
  }

  @Test("a reminder for all is noted with its time, and says that nothing is sent")
  func reminder() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let (campaign, _) = try await active(db, browser, access)
    let reminded = try await browser.post(campaign + "/remind", ["version": try await version(browser, campaign)])
    let page = try await browser.get(try #require(reminded.location))
    #expect(page.body.contains("200 reminders noted. No e-mail is sent from here."))
    #expect(try await browser.json(campaign + "/attestations?only=reminded")["count"] as? Int == 200)
    #expect(try await move(browser, campaign, to: "paused").status == 303)
    let paused = try await browser.post(
      campaign + "/remind", ["version": try await version(browser, campaign)], accept: "application/json")
    #expect(try paused.gist == "409 not_active")
  }

  @Test("another client's campaign and attestation are not found; who may not run campaigns may not")
  func foreign() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let foreign = try await db.superuser().query(
      .superuser,
      """
      SELECT campaign_id || ' ' || id FROM attestation WHERE tenant_id = \(World.borealisBank.id) LIMIT 1
      """, as: String.self)
    let ids = try #require(foreign.first).split(separator: " ").map(String.init)
    let campaign = access + "/campaigns/" + ids[0]
    for path in [campaign, campaign + "/attestations", campaign + "/attestations/" + ids[1]] {
      #expect(try await browser.get(path).status == 404, "\(path)")
    }
    for path in ["/move", "/edit", "/remind", "/attestations", "/attestations/\(ids[1])/complete"] {
      #expect(try await browser.post(campaign + path, ["to": "active", "name": ""]).status == 404, "\(path)")
    }
    let authors = try await db.superuser().query(
      .superuser,
      """
      SELECT email FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role = 'policy_author' AND state = 'active' LIMIT 1
      """, as: String.self)
    let (author, asAuthor) = try await RouterClient.inside(db, as: try #require(authors.first))
    #expect(try await author.get(asAuthor + "/campaigns").status == 200)
    let denied = try await author.post(asAuthor + "/campaigns", ["name": "Mine"], accept: "application/json")
    #expect(try denied.gist == "403 role")
  }
}

/// A day as a form sends it.
enum ClockDay {
  static func text(_ date: Date) -> String {
    String(date.ISO8601Format().prefix(10))
  }
}
