// Employees, org units and what a client sets up, through the routes: what is done, what each rule refuses, what the
// trail says.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

/// A support person inside Acme.
private struct Desk {
  let db: TestDatabase
  let browser: RouterClient
  let access: String

  init(as role: ClientRole? = nil) async throws {
    db = try await TestDatabase.make()
    browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let address = if let role { try await db.address(of: role) } else { "" }
    let entered = try await browser.post("/t/acme-health/enter", ["as": address])
    access = String(try #require(entered.location).dropLast())
  }

  func items(_ page: String) async throws -> [[String: Any]] {
    try await browser.json(access + page)["items"] as? [[String: Any]] ?? []
  }

  func post(_ page: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> RouterClient.Reply {
    try await browser.post(access + page, fields)
  }

  /// The same, as a program that reads what it is told.
  func gist(_ page: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> String {
    try await browser.post(access + page, fields, accept: "application/json").gist
  }

  /// Whether a page has these words.
  func says(_ words: String, on page: String) async throws -> Bool {
    try await browser.get(access + page).body.contains(words)
  }

  /// Of the events of the support person at Acme about these tables, what was done and how many rows it changed.
  func acts(_ tables: String...) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT e.action || ' ' || e.change_count FROM audit_event e JOIN staff s ON s.id::text = e.actor_id
      WHERE e.object_type = ANY(\(tables)) AND e.chain = \(World.acmeHealth.id) AND s.email = \(World.support)
        AND e.impersonation_id IS NOT NULL AND e.outcome = 'ok' AND e.action NOT LIKE 'view.%'
      ORDER BY e.at, e.id
      """, as: String.self)
  }

  /// The constraint that stops a statement of Acme's own role, outside the program.
  func obstacle(_ statement: SQL) async throws -> String? {
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let error = await #expect(throws: PostgresError.self) {
      try await db.database.transaction(.tenant, settings) { tx in _ = try await tx.execute(statement) }
    }
    return error?.constraint
  }

  func ask(_ query: SQL) async throws -> [String] {
    try await db.superuser().query(.superuser, query, as: String.self)
  }
}

@Suite("Employees and org units")
struct EmployeeTests {
  @Test("employees are listed a page at a time, added, edited, ended and taken back, each an event")
  func life() async throws {
    let desk = try await Desk()
    let list = try await desk.browser.json(desk.access + "/people/employees?limit=200")
    #expect(list["count"] as? Int == 2_400)
    let next = try #require(list["next"] as? String)
    let second = try await desk.items("/people/employees?limit=200&after=\(next)")
    let names = (try await desk.items("/people/employees?limit=200") + second).compactMap { $0["id"] as? String }
    #expect(Set(names).count == 400)
    #expect(try await desk.items("/people/employees?q=10047").count == 1)
    let unit = try #require(try await desk.items("/people/units").first { $0["kind"] as? String == "department" })
    let unitID = try #require(unit["id"] as? String)
    let added = try await desk.post(
      "/people/employees",
      ["number": "N-1", "name": "Zoë <b>", "email": "Zoe@acme-health.example", "unit": unitID, "_key": "k"])
    #expect(added.status == 303)
    let page = "/people/employees/" + String(try #require(added.location?.split(separator: "/").last?.prefix(36)))
    #expect(try await desk.browser.get(desk.access + page).body.contains("Zoë &lt;b&gt;"))
    #expect(
      try await desk.items("/people/employees?q=zoe&unit=\(unitID)").first?["email"] as? String
        == "zoe@acme-health.example")
    for (version, verb) in [(1, "end"), (2, "reactivate")] {
      #expect(try await desk.post(page + "/" + verb, ["version": String(version)]).status == 303)
    }
    #expect(try await desk.gist(page + "/reactivate", ["version": "3"]) == "409 bad_transition")
    #expect(try await desk.post(page + "/edit", ["number": "N-2", "name": "Zoë", "version": "3"]).status == 303)
    let stale = try await desk.post(page + "/edit", ["number": "N-3", "name": "Typed", "version": "3"])
    #expect(stale.status == 409 && stale.body.contains("Typed") && stale.body.contains("N-2"))
    let history = try await desk.browser.get(desk.access + page).body
    #expect(history.contains("4 changes") && !history.contains("folded"))
    let twice = try await desk.post("/people/employees", ["number": "N-2", "name": "Kept name", "email": "no"])
    #expect(twice.status == 422 && twice.body.contains("Kept name"))
    let taken = try await desk.post("/people/employees", ["number": "N-2", "name": "B"])
    #expect(taken.status == 422 && taken.body.contains("has the number N-2"))
    #expect(
      try await desk.acts("employee") == [
        "employee.add 1", "employee.end 1", "employee.reactivate 1", "employee.edit 1",
      ])
  }

  @Test("units stand below larger ones, move with what is below them, and stay while something is in them")
  func units() async throws {
    let desk = try await Desk()
    let units = try await desk.items("/people/units")
    let divisionID = try #require(units.first { $0["kind"] as? String == "division" }?["id"] as? String)
    let used = try #require(units.first { $0["kind"] as? String == "department" })
    let usedID = try #require(used["id"] as? String)
    let added = try await desk.post("/people/units", ["name": "Night shift", "kind": "team", "parent": usedID])
    let id = String(try #require(added.location?.split(separator: "/").last?.prefix(36)))
    #expect(
      try await desk.post("/people/units", ["name": "Kept", "kind": "division", "parent": usedID]).body
        .contains("below a larger unit"))
    #expect(try await desk.post("/people/units/\(id)/rename", ["name": "Late shift", "version": "1"]).status == 303)
    #expect(try await desk.post("/people/units/\(id)/move", ["parent": divisionID, "version": "2"]).status == 303)
    #expect(try await desk.gist("/people/units/\(usedID)/retire", ["version": "1"]) == "409 in_use")
    #expect(try await desk.gist("/people/units/\(divisionID)/retire", ["version": "1"]) == "409 in_use")
    #expect(try await desk.gist("/people/units/\(id)/retire", ["version": "1"]) == "409 stale")
    #expect(try await desk.says("It holds 0 employees and 0 units", on: "/people/units/\(id)"))
    #expect(try await desk.post("/people/units/\(id)/retire", ["version": "3"]).status == 303)
    let refused = try await desk.post("/people/employees", ["number": "N-9", "name": "A", "unit": id])
    #expect(refused.status == 422 && refused.body.contains("unit that is in use"))
    #expect(
      try await desk.acts("org_unit") == [
        "org_unit.add 1", "org_unit.rename 1", "org_unit.move 1", "org_unit.retire 1",
      ])
    let uuid = UUID(uuidString: id)
    let parent = UUID(uuidString: usedID)
    #expect(try await desk.obstacle("UPDATE org_unit SET retired_at = now() WHERE id = \(parent)") == "org_unit_in_use")
    #expect(try await desk.obstacle("UPDATE employee SET org_unit_id = \(uuid)") == "employee_unit")
    #expect(
      try await desk.obstacle("UPDATE org_unit SET parent_id = \(parent) WHERE kind = 'division'") == "org_unit_place")
    #expect(try await desk.obstacle("UPDATE org_unit SET kind = 'team' WHERE id = \(parent)") == "org_unit_kind_kept")
  }

  @Test("another client's are not found, and a role that may not manage people cannot change them")
  func others() async throws {
    let desk = try await Desk(as: .investigator)
    let foreign = try await desk.ask(
      "SELECT id::text FROM employee WHERE tenant_id = \(World.borealisBank.id) ORDER BY id LIMIT 1")
    let id = try #require(foreign.first)
    #expect(try await desk.browser.get(desk.access + "/people/employees/\(id)").status == 404)
    #expect(try await desk.browser.get(desk.access + "/people/employees").status == 200)
    let refused = try await desk.post("/people/employees", ["number": "1", "name": "A"])
    #expect(refused.status == 403)
    #expect(try await desk.post("/settings/domains", ["name": "a.example"]).status == 403)
    #expect(try await desk.browser.get(desk.access + "/settings/sign-in").status == 403)
    #expect(try await desk.post("/settings/sign-in/reveal").status == 403)
    let all = try await Desk()
    #expect(try await all.gist("/people/employees/\(id)/end", ["version": "1"]) == "404 not_found")
  }

  @Test(
    "the navigation leads to what the role may open, and to nothing else",
    arguments: [ClientRole.employee, .manager, .investigator, .complianceOfficer])
  func navigation(role: ClientRole) async throws {
    let desk = try await Desk(as: role)
    let page = try await desk.browser.get(desk.access + "/").body
    let rail = try #require(page.firstMatch(of: /<nav class="rail"[\s\S]*?<\/nav>/))
    let paths = rail.output.matches(of: /href="(\/i\/[^"]+)"/).map { String($0.output.1) }
    #expect(paths.count > 3)
    // The debug view leads on to its first tab.
    for path in paths { #expect(try await [200, 303].contains(desk.browser.get(path).status), "\(path)") }
    for area in ["cases", "people"] {
      let may = try await desk.browser.get("\(desk.access)/\(area)").status == 200
      #expect(may == paths.contains("\(desk.access)/\(area)"), "\(area)")
    }
  }

  @Test("neither face of a page counts what the role may not look into")
  func counts() async throws {
    let employee = try await Desk(as: .employee)
    let told = try await employee.browser.json(employee.access + "/")
    #expect(Set(told.keys) == ["acting", "published_policies"])
    #expect(try await employee.items("/settings/categories").allSatisfy { $0["open_cases"] == nil })
    #expect(try await !employee.browser.get(employee.access + "/settings/categories").body.contains("Open cases"))
    let all = try await Desk()
    #expect(try await all.browser.json(all.access + "/").keys.count == 12)
    #expect(try await all.items("/settings/categories").allSatisfy { $0["open_cases"] is Int })
  }
}

@Suite("What a client sets up")
struct ClientSetupTests {
  @Test("categories are added, routed, ordered and retired; one with open cases stays")
  func categories() async throws {
    let desk = try await Desk()
    let page = "/settings/categories"
    let before = try await desk.items(page).compactMap { $0["code"] as? String }
    #expect(before.count == 12 && before.first == "RET")
    let second = try #require(try await desk.items(page)[1]["id"] as? String)
    #expect(try await desk.post(page + "/\(second)/move", ["direction": "up"]).status == 303)
    let after = try await desk.items(page).compactMap { $0["code"] as? String }
    #expect(after == [before[1], before[0]] + before[2...])
    #expect(try await desk.gist(page + "/\(second)/move", ["direction": "up"]) == "422 invalid")
    let version = String(try await desk.browser.json(desk.access + page + "/\(second)")["version"] as? Int ?? 0)
    #expect(try await desk.gist(page + "/\(second)/retire", ["version": version]) == "409 in_use")
    let lead = try #require(
      try await desk.ask(
        """
        SELECT id::text FROM client_user
        WHERE tenant_id = \(World.acmeHealth.id) AND role = 'triage_lead' AND state = 'active' LIMIT 1
        """
      ).first)
    let manager = try #require(
      try await desk.ask(
        """
        SELECT id::text FROM client_user
        WHERE tenant_id = \(World.acmeHealth.id) AND role IN ('manager', 'employee') LIMIT 1
        """
      ).first)
    let wrong = try await desk.post(
      page, ["name": "Kept", "code": "RET", "severity": "low", "days": "9", "lead": manager])
    #expect(wrong.status == 422 && wrong.body.contains("who may work on cases") && wrong.body.contains("Kept"))
    let added = try await desk.post(
      page, ["name": "Sanctions", "code": "sanc", "severity": "high", "days": "14", "lead": lead])
    let id = String(try #require(added.location?.split(separator: "/").last?.prefix(36)))
    let edit: KeyValuePairs = [
      "name": "Sanctions", "code": "SAN", "severity": "high", "days": "21", "lead": lead, "parent": second,
    ]
    let edited = try await desk.browser.post(
      desk.access + page + "/\(id)/edit", list: edit.map { ($0.key, $0.value) } + [("version", "1")])
    #expect(edited.status == 303)
    let stale = try await desk.browser.post(
      desk.access + page + "/\(id)/edit", list: edit.map { ($0.key, $0.value) } + [("version", "1")])
    #expect(stale.status == 409)
    #expect(try await desk.says("0 open cases are in it", on: page + "/\(id)"))
    #expect(try await desk.post(page + "/\(id)/retire", ["version": "2"]).status == 303)
    #expect(
      try await desk.acts("category") == ["category.move 2", "category.add 1", "category.edit 1", "category.retire 1"])
    let used = UUID(uuidString: second)
    let retired = UUID(uuidString: id)
    #expect(try await desk.obstacle("UPDATE category SET retired_at = now() WHERE id = \(used)") == "category_in_use")
    #expect(
      try await desk.obstacle("UPDATE \"case\" SET category_id = \(retired) WHERE status = 'open'") == "case_category")
  }

  @Test("the directory finds a client by its domains, and no longer by one that is retired")
  func domains() async throws {
    let desk = try await Desk()
    let page = "/settings/domains"
    #expect(try await desk.post(page, ["name": "https://a.example/x"]).status == 422)
    let added = try await desk.post(page, ["name": "Clinic.Example"])
    let clinic = String(try #require(added.location?.split(separator: "/").last?.prefix(36)))
    #expect(try await desk.post(page, ["name": "clinic.example"]).body.contains("a domain of this client already"))
    let known: SQL = "SELECT array_to_string(domains, ' ') FROM tenant_directory WHERE slug = 'acme-health'"
    #expect(try await desk.ask(known) == ["acme-health.example"])
    let verified = try #require(try await desk.items(page).first { $0["verified"] != nil }?["id"] as? String)
    #expect(try await desk.gist(page + "/\(verified)/retire", ["version": "7"]) == "409 stale")
    // Of the verified one, and of the one just added.
    #expect(try await desk.says("no longer found by it; 0 verified domains stay.", on: page + "/\(verified)"))
    #expect(try await desk.says("no longer found by it; 1 verified domain stays.", on: page + "/\(clinic)"))
    #expect(try await desk.post(page + "/\(verified)/retire", ["version": "1"]).status == 303)
    #expect(try await desk.ask(known) == [""])
    #expect(try await desk.acts("domain") == ["domain.add 1", "domain.retire 1"])
  }

  @Test("the secret of a sign-in is shown by a reveal alone, and never stands in the trail")
  func signIn() async throws {
    let desk = try await Desk()
    let page = "/settings/sign-in"
    let secret = "s3cret-" + "of-this-test"
    let wrong = try await desk.post(
      page, ["issuer": "http://login.example", "client_id": "kept-id", "client_secret": secret, "version": "1"])
    #expect(wrong.status == 422 && wrong.body.contains("kept-id") && !wrong.body.contains(secret))
    #expect(wrong.body.contains("Write the new client secret again"))
    let saved = try await desk.post(
      page, ["issuer": "https://login.example", "client_id": "portal", "client_secret": secret, "version": "1"])
    #expect(saved.status == 303)
    #expect(
      try await desk.post(page, ["issuer": "https://id.example", "client_id": "portal", "version": "2"]).status == 303)
    #expect(
      try await desk.gist(page, ["issuer": "https://x.example", "client_id": "p", "version": "2"]) == "409 stale")
    #expect(try await desk.browser.json(desk.access + page)["client_secret"] as? String == "«secret»")
    #expect(try await !desk.browser.get(desk.access + page).body.contains(secret))
    let revealed = try await desk.post(page + "/reveal")
    #expect(revealed.status == 200 && revealed.body.contains(secret))
    #expect(try await desk.post(page + "/retire", ["version": "3"]).status == 303)
    #expect(
      try await desk.acts("sso_setting") == [
        "sso_setting.edit 1", "sso_setting.edit 1", "reveal.secret 0", "sso_setting.retire 1",
      ])
    let traces = try await desk.ask(
      """
      SELECT payload FROM row_change WHERE payload LIKE '%sso_setting%' AND payload LIKE '%' || \(secret) || '%'
      UNION ALL SELECT body FROM audit_event WHERE body LIKE '%' || \(secret) || '%'
      UNION ALL SELECT text FROM audit_detail WHERE text LIKE '%' || \(secret) || '%'
      """)
    #expect(traces.isEmpty)
    #expect(
      try await desk.ask("SELECT payload FROM row_change WHERE payload LIKE '%«secret»%issuer%' LIMIT 1").count == 1)
    #expect(
      try await desk.ask("SELECT has_column_privilege('portal_tenant', 'sso_setting', 'client_secret', 'SELECT')::text")
        == ["false"])
  }

  @Test("a brand's colour stands out from white, to the hundredth", arguments: [("#767676", 303), ("#777777", 422)])
  func colour(_ colour: String, _ status: Int) async throws {
    let desk = try await Desk()
    let reply = try await desk.post("/settings/branding", ["name": "Acme", "colour": colour, "version": "1"])
    #expect(reply.status == status)
    #expect(status == 303 || reply.body.contains("#777777 stands out from white by 4.47:1: text needs at least 4.5:1"))
  }

  @Test("a logo is what its bytes say, no larger than it may be, and comes back as it was sent")
  func logo() async throws {
    let desk = try await Desk()
    let page = desk.access + "/settings/branding"
    func send(_ name: String, _ bytes: [UInt8]) async throws -> RouterClient.Reply {
      try await desk.browser.upload(page + "/logo", ["version": "1"], file: (name, bytes))
    }
    #expect(try await send("logo.png", Array("<svg>".utf8)).body.contains("is not a PNG, JPEG or WebP picture"))
    #expect(try await send("logo.png", png(2_049, 10)).body.contains("2,049 × 10 pixels"))
    let large = try await send("logo.png", png(10, 10) + [UInt8](repeating: 0, count: 524_288))
    #expect(large.status == 422 && large.body.contains("at most 512 KiB"))
    #expect(try await send("logo.gif", webp(300, 20)).status == 303)
    let shown = try await desk.browser.get(page + "/logo")
    #expect(shown.bytes == webp(300, 20) && shown.headers[.contentType] == "image/webp")
    let logo = try await desk.browser.json(page)["logo"] as? [String: Any]
    #expect(logo?["width"] as? Int == 300 && logo?["height"] as? Int == 20)
    #expect(try await send("logo.jpg", jpg(40, 30)).status == 409)
    let jpgReply = try await desk.browser.upload(page + "/logo", ["version": "2"], file: ("logo.jpg", jpg(40, 30)))
    #expect(jpgReply.status == 303)
    #expect(try await desk.acts("branding") == ["branding.logo 1", "branding.logo 1"])
    #expect(try await desk.obstacle("UPDATE branding_logo SET content = '\\x00'") == "branding_logo_digest")
  }

  private func png(_ width: Int, _ height: Int) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(width, 4) + big(height, 4)
      + [8, 2, 0, 0, 0]
  }

  private func jpg(_ width: Int, _ height: Int) -> [UInt8] {
    [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 0, 0xFF, 0xFF, 0xC0, 0, 11, 8] + big(height, 2)
      + big(width, 2) + [1, 1, 0x11, 0]
  }

  private func webp(_ width: Int, _ height: Int) -> [UInt8] {
    Array("RIFF".utf8) + [22, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0]
      + big(width - 1, 3).reversed() + big(height - 1, 3).reversed()
  }

  /// The highest byte first.
  private func big(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(number >> ($0 * 8) & 255) }
  }

  @Test("a kind of record is kept a month to thirty years, set and cleared, by the page and by the database")
  func retention() async throws {
    let desk = try await Desk()
    let page = "/settings/retention"
    for days in ["29", "10951", "ten"] {
      let reply = try await desk.post(page + "/report", ["report": days, "version": "1"])
      #expect(reply.status == 422 && reply.body.contains("value=\"\(days)\""), "\(days)")
    }
    #expect(try await desk.post(page + "/report", ["report": "30", "version": "1"]).status == 303)
    #expect(try await desk.gist(page + "/report", ["report": "40", "version": "1"]) == "409 stale")
    #expect(try await desk.post(page + "/report", ["clear": "1", "version": "2"]).status == 303)
    #expect(try await desk.post(page + "/employee", ["employee": "365", "version": "0"]).status == 303)
    #expect(
      try await desk.acts("retention_rule") == [
        "retention_rule.set 1", "retention_rule.clear 1", "retention_rule.set 1",
      ])
    #expect(try await desk.obstacle("UPDATE retention_rule SET days = 29") == "retention_rule_days")
  }
}
