// A client's effective configuration: which layer holds, and what setting or clearing it here does to everybody's pages.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("The configuration tab")
struct ConfigurationTests {
  private typealias Item = [String: Any]

  private func inside(_ db: TestDatabase) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    return (browser, try #require(entered.location))
  }

  private func standing(_ browser: RouterClient, _ page: String, _ key: String) async throws -> String {
    let list = try await browser.json(page + "debug/configuration")
    let item = try #require((list["items"] as? [Item])?.first { $0["key"] as? String == key })
    return "\(item["value"] ?? "") \(item["source"] ?? "")"
  }

  @Test("says which layer holds: this client, its tier, the platform, the default")
  func layers() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await inside(db)
    #expect(try await standing(browser, page, "security.second_factor_required") == "true tenant")
    #expect(try await standing(browser, page, "retention.closed_case_years") == "10 tier")
    #expect(try await standing(browser, page, "notifications.digest_hour") == "7 platform")
    #expect(try await standing(browser, page, "intake.languages") == "en default")
    let one = try await browser.get(page + "debug/configuration/retention.closed_case_years")
    #expect(one.body.contains("Tier Enterprise") && one.body.contains("Holds"))
    #expect(try await browser.get(page + "debug/configuration/no.such").status == 404)
    // What the client's own page says is the same.
    let settings = try await browser.json(page + "settings")
    let years = (settings["items"] as? [Item])?.first { $0["key"] as? String == "retention.closed_case_years" }
    #expect(years?["value"] as? String == "10" && years?["default"] as? String == "10")
    // A value that the setting does not take is passed over, not shown as if it held.
    let superuser = db.superuser()
    for statement in [
      "ALTER TABLE setting_layer DISABLE TRIGGER USER",
      "UPDATE setting_layer SET value = 'ten' WHERE layer = 'enterprise'",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    await superuser.close()
    #expect(try await standing(browser, page, "retention.closed_case_years") == "7 platform")
  }

  @Test("sets and clears here: checked by type, once, never over somebody else's, with before and after in the trail")
  func setting() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await inside(db)
    let key = "retention.closed_case_years"
    let here = page + "debug/configuration/" + key
    let wrong = try await browser.post(here, [key: "many", "version": "0"])
    #expect(wrong.status == 422 && wrong.body.contains("value=\"many\"") && wrong.body.contains("from 1 to 30"))
    #expect(try await browser.post(here, [key: "12", "version": "0", "_key": "k"]).status == 303)
    #expect(try await browser.post(here, [key: "12", "version": "0", "_key": "k"]).status == 303)
    #expect(try await standing(browser, page, key) == "12 tenant")
    #expect(try await browser.get(here).body.contains("Jordan Doyle"))
    let stale = try await browser.post(here, [key: "13", "version": "0"])
    #expect(stale.status == 409 && stale.body.contains("value=\"13\"") && stale.body.contains("12"))
    #expect(try await browser.post(here + "/clear", ["version": "1"]).status == 303)
    #expect(try await standing(browser, page, key) == "10 tier")
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.action, e.outcome, d.text) FROM audit_event e
      LEFT JOIN audit_detail d ON d.event = e.id
      WHERE e.action LIKE 'tenant_setting.%' AND e.impersonation_id IS NOT NULL AND e.chain = \(World.acmeHealth.id)
      ORDER BY e.at
      """, as: String.self)
    #expect(
      events == [
        "tenant_setting.set failed", "tenant_setting.set ok \(key): 10 → 12", "tenant_setting.set conflict",
        "tenant_setting.clear ok \(key): 12 → 10",
      ])
  }

  @Test("tells of one setting what was set for all clients or for the client’s tier, and of no other tier")
  func layerHistory() async throws {
    let db = try await TestDatabase.make()
    let setting = try #require(Setting.named("retention.closed_case_years"))
    for (tier, value) in [(nil, "8"), (Tier.enterprise, "14"), (.smb, "3")] {
      try await db.ledger.set(setting, to: value, for: tier, by: db.system())
    }
    let (browser, page) = try await inside(db)
    let told = try await browser.get(page + "debug/configuration/" + setting.key).body
    #expect(told.contains("setting_layer.set · for all clients<") && told.contains("<ins dir=\"auto\">8</ins>"))
    #expect(told.contains("setting_layer.set · for all clients of the tier Enterprise"))
    #expect(told.contains("<ins dir=\"auto\">14</ins>") && !told.contains("<ins dir=\"auto\">3</ins>"))
    #expect(try await !browser.get(page + "debug/configuration/intake.languages").body.contains("for all clients<"))
  }

  @Test("is set by whoever may change the configuration, and by nobody else; the layers are the fleet's alone")
  func capability() async throws {
    let db = try await TestDatabase.make()
    let reader = try RouterClient(db)
    try await reader.signIn(World.supportL1)
    let page = try #require(try await reader.post("/t/acme-health/enter").location)
    let here = page + "debug/configuration/intake.languages"
    #expect(try await reader.get(here).body.contains("You cannot change effective configuration"))
    #expect(try await reader.post(here, ["intake.languages": "en", "version": "0"]).status == 403)
    let error = await #expect(throws: PostgresError.self) {
      _ = try await db.database.query(.tenant, "SELECT count(*) FROM setting_layer", as: Int.self)
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("shows what the program runs on, and of a secret only that it is set")
  func program() async throws {
    let db = try await TestDatabase.make()
    let program = [
      ProgramSetting(name: "OPS_X", meaning: "a", value: "plain-x", standing: .environment, kind: .plain),
      ProgramSetting(name: "OPS_Y", meaning: "b; secret", value: nil, standing: .environment, kind: .secret),
    ]
    let browser = try RouterClient(db, program: program)
    try await browser.signIn(World.support)
    let page = try #require(try await browser.post("/t/acme-health/enter").location)
    let body = try await browser.get(page + "debug/configuration").body
    #expect(body.contains("plain-x") && body.contains("set, not shown"))
  }

  @Test("leads from a value to the access in which it was set, and whoever may read the trail to its events")
  func links() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await inside(db)
    let key = "retention.closed_case_years"
    let list = page + "debug/configuration"
    #expect(try await browser.post("\(list)/\(key)", [key: "12", "version": "0"]).status == 303)
    let timeline = "/audit/accesses/" + page.dropFirst("/i/".count).dropLast()
    #expect(try await browser.get(list).body.contains("<a href=\"\(timeline)\">Jordan Doyle</a>"))
    let own = try await browser.get("\(list)/\(key)").body
    #expect(own.contains("<a href=\"\(timeline)\">access</a>") && !own.contains("/audit/events"))

    let admin = try RouterClient(db)
    try await admin.signIn(World.admin)
    let person = try #require((try await admin.json("/staff?q=jordan")["items"] as? [Item])?.first?["id"] as? String)
    let grant: KeyValuePairs<String, String> = ["what": "capability:audit.read", "rationale": "Asked.", "until": ""]
    #expect(try await admin.post("/staff/\(person)/grant", grant).status == 303)
    let events = "/audit/events?tenant=acme-health&object_type=tenant_setting&object=" + key
    #expect(try await browser.get(list).body.contains("<a href=\"\(events.replacing("&", with: "&amp;"))\">"))
    let set = try #require(try await browser.json(events)["items"] as? [Item])
    #expect(set.contains { $0["action"] as? String == "tenant_setting.set" })
    // What a layer says was set on the platform's own chain.
    #expect(try await browser.get(list).body.contains("?tenant=platform&amp;object_type=setting_layer&amp;object="))
    let whole = try await browser.get("\(list)/\(key)").body
    let event = try #require(whole.firstMatch(of: /href="(\/audit\/events\?id=[0-9a-f-]+)">event</)?.output.1)
    let found = try #require(try await browser.json(String(event))["items"] as? [Item])
    #expect(found.map { $0["action"] as? String } == ["tenant_setting.set"])
  }

  @Test("says of a client’s secret how long it is set, and nothing else of it")
  func secretAge() async throws {
    let db = try await TestDatabase.make()
    let (browser, page) = try await inside(db)
    let secret = "s3cret-" + "of-this-test"
    let sent: KeyValuePairs<String, String> = [
      "issuer": "https://login.example", "client_id": "portal", "client_secret": secret, "version": "1",
    ]
    #expect(try await browser.post(page + "settings/sign-in", sent).status == 303)
    db.clock.advance(seconds: 40 * 86_400)
    try await browser.signIn(World.support)
    // What stands beside a secret may change without it.
    let edit: KeyValuePairs<String, String> = ["issuer": "https://id.example", "client_id": "portal", "version": "2"]
    #expect(try await browser.post(page + "settings/sign-in", edit).status == 303)
    db.clock.advance(seconds: 86_400)
    try await browser.signIn(World.support)
    let list = try await browser.get(page + "debug/configuration").body
    #expect(list.contains("Client secret of the sign-in") && list.contains("https://id.example"))
    #expect(list.contains(">41 d</time>") && !list.contains(secret))
    let secrets = try await browser.json(page + "debug/configuration")["secrets"] as? [Item]
    #expect(secrets?.first?["set"] as? String == "2026-11-25T09:46:40Z" && secrets?.first?["value"] == nil)
  }
}
