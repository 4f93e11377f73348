// Tickets through the routes: added, worked on, and led in by.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Tickets")
struct TicketTests {
  private typealias Fields = KeyValuePairs<String, String>

  private static let words: Fields = [
    "tenant": "acme-health", "subject": "Lead has left: reassign RPT-2026-00012", "priority": "high",
    "requester": "admin@acme-health.example", "source": "zendesk", "external_id": "70001",
    "url": "https://desk.example/tickets/70001", "_key": "k1",
  ]

  private func written(_ browser: RouterClient, _ words: Fields = words) async throws -> String {
    let added = try await browser.post("/tickets", words)
    #expect(added.status == 303)
    return String(try #require(added.location?.split(separator: "?").first))
  }

  @Test("is added once, whether by key or by its number elsewhere")
  func once() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let first = try await written(browser)
    let second = try await written(browser)
    #expect(first == second)
    let plain: Fields = ["tenant": "acme-health", "subject": "A question", "priority": "low", "_key": "k2"]
    let third = try await written(browser, plain)
    let fourth = try await written(browser, plain)
    #expect(third == fourth && third != first)
    let events = try await db.superuser().query(
      .superuser, "SELECT chain::text FROM audit_event WHERE action = 'ticket.add' AND object_id IS NOT NULL",
      as: String.self)
    let acme = World.acmeHealth.id.description
    #expect(events == [acme, acme])
    let taken = try await browser.post(
      "/tickets",
      [
        "tenant": "borealis-bank", "subject": "Another", "priority": "low", "source": "zendesk", "external_id": "70001",
      ])
    #expect(taken.status == 409 && taken.body.contains("of Acme Health."))
  }

  @Test("keeps what was typed and names each field that cannot be accepted")
  func invalid() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let bad: Fields = [
      "tenant": "acme-health", "subject": String(repeating: "é", count: 201), "priority": "soon",
      "requester": "nobody", "url": "javascript:alert(1)",
    ]
    let refused = try await browser.post("/tickets", bad)
    #expect(refused.status == 422)
    for field in ["subject", "priority", "requester", "url"] {
      #expect(refused.body.contains("href=\"#f-\(field)\""), "\(field)")
    }
    #expect(refused.body.contains("javascript:alert(1)\""))
    let unknown = try await browser.post(
      "/tickets", ["tenant": "no-such", "subject": "A question", "priority": "low"])
    #expect(unknown.status == 422 && unknown.body.contains("No client has the slug “no-such”."))
  }

  @Test("is set with before and after in its client's trail, and a stale form changes nothing")
  func set() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let ticket = try await written(browser)
    let me = try #require(try await db.ledger.ticketAssignees().first { $0.name == "Jordan Doyle" })
    let saved = try await browser.post(
      ticket, ["state": "in_progress", "priority": "urgent", "assignee": me.id.description, "version": "1"])
    #expect(saved.status == 303)
    let stale = try await browser.post(ticket, ["state": "closed", "priority": "low", "version": "1"])
    let again = try await browser.post(
      ticket, ["state": "in_progress", "priority": "urgent", "assignee": me.id.description, "version": "1"])
    #expect(again.status == 303)
    #expect(stale.status == 409 && stale.body.contains("was changed while you worked on it."))
    let now = try await browser.json(ticket)
    #expect(now["state"] as? String == "in_progress" && now["version"] as? Int == 2)
    let mine = try await browser.json("/tickets?only=mine&priority=urgent")
    #expect(mine["count"] as? Int == 1)
    let payloads = try await db.superuser().query(
      .superuser,
      """
      SELECT c.payload FROM audit_event e JOIN row_change c ON c.event = e.id
      WHERE e.action = 'ticket.set' AND e.chain = \(World.acmeHealth.id)
      """, as: String.self)
    #expect(payloads.count == 1 && payloads[0].contains("\"state\": \"open\"") && payloads[0].contains("in_progress"))
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("can be given only to who works on tickets")
  func assignee() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let ticket = try await written(browser)
    let (_, auditor) = try await db.signIn(World.auditor)
    let refused = try await browser.post(
      ticket, ["state": "open", "priority": "low", "assignee": auditor.staff.id.description, "version": "1"])
    #expect(refused.status == 422 && refused.body.contains("Choose somebody who works on tickets"))
    #expect(try await browser.json(ticket)["version"] as? Int == 1)
    let refusals = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM audit_event WHERE action = 'ticket.set' AND outcome = 'failed'", as: Int.self)
    #expect(refusals == [1])
  }

  @Test("leads in: the requester is proposed, and the access keeps the ticket")
  func entering() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let ticket = try await written(browser)
    let id = String(ticket.dropFirst("/tickets/".count))
    let form = try await browser.get("/t/acme-health/enter?ticket=\(id)")
    #expect(form.body.contains("value=\"admin@acme-health.example\"") && form.body.contains("value=\"\(id)\""))
    let entered = try await browser.post("/t/acme-health/enter", ["ticket": id])
    let home = try await browser.get(try #require(entered.location))
    let number = try #require(try await browser.json(ticket)["number"] as? String)
    #expect(home.body.contains(number))
    // Entered again for it, the trail says so once more; a ticket that is not this client's stays as words.
    _ = try await browser.post("/t/acme-health/enter", ["ticket": id])
    let details = try await db.superuser().query(
      .superuser,
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'impersonation.reenter'
      """, as: String.self)
    #expect(details == [number])
    // Another ticket does not write over the first: whoever comes by it is told so where they land.
    let other = try await written(
      browser, ["tenant": "acme-health", "subject": "A question", "priority": "low", "_key": "k3"])
    let second = try #require(try await browser.json(other)["number"] as? String)
    let same = try await browser.post("/t/acme-health/enter", ["ticket": id])
    #expect(same.location == entered.location)
    let led = try await browser.post("/t/acme-health/enter", ["ticket": String(other.suffix(36))])
    let landing = try #require(led.location)
    #expect(landing == (entered.location ?? "") + "?done=other_ticket")
    let told = try await browser.get(landing)
    #expect(told.body.contains("this access still stands under \(number)") && !told.body.contains(second))
    let access = try #require(entered.location?.split(separator: "/").last.map(String.init))
    #expect(try await browser.get("/audit/accesses/\(access)").body.contains(second))
    _ = try await browser.post("/t/borealis-bank/enter", ["ticket": id])
    let kept = try await db.superuser().query(
      .superuser,
      "SELECT ticket_text FROM impersonation WHERE tenant_id = \(World.borealisBank.id) AND ended_at IS NULL",
      as: String.self)
    #expect(kept == [id])
    // Another client's ticket says nothing here.
    let elsewhere = try await browser.get("/t/borealis-bank/enter?ticket=\(id)")
    #expect(elsewhere.status == 200 && !elsewhere.body.contains(id))
  }

  @Test("goes along when somebody acts as a person from their page, or from the banner")
  func goesAlong() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let id = String(try await written(browser).dropFirst("/tickets/".count))
    let access = try #require(try await browser.post("/t/acme-health/enter", ["ticket": id]).location)
    let items = try await browser.json(access + "people?state=active&role=compliance_officer")["items"]
    let person = try #require((items as? [[String: Any]])?.first)
    let page = "people/\(person["id"] as? String ?? "")"
    let email = try #require(person["email"] as? String)
    let way = "/t/acme-health/enter?ticket=\(id)"
    let theirs = try await browser.get(access + page)
    #expect(theirs.body.contains("href=\"\(way)\"") && theirs.body.contains(">Act as "))
    let there = way + "&as=" + email.replacing("@", with: "%40")
    #expect(theirs.body.contains("href=\"\(there.replacing("&", with: "&amp;"))\""))
    let form = try await browser.get(there)
    #expect(form.body.contains("value=\"\(email)\"") && form.body.contains("value=\"\(id)\""))
    let entered = try await browser.post("/t/acme-health/enter", ["ticket": id, "as": email])
    let asThem = try await browser.get(try #require(entered.location) + page)
    #expect(asThem.status == 200 && !asThem.body.contains(">Act as "))
  }

  /// A link as another system writes it.
  private func link(_ browser: RouterClient, place: String? = nil, ticket: String = "48213") throws -> String {
    let keys = try TicketKeys(parsing: "z1:0123456789abcdef0123456789abcdef")
    let query = TicketLink.sign(
      source: "zendesk", externalID: ticket, tenantSlug: "acme-health", userEmail: nil, place: place,
      at: browser.testDatabase.clock.now, key: "z1", of: keys)
    return "/enter?" + (try #require(query))
  }

  private func known(_ db: TestDatabase) async throws -> (id: String, reference: String) {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT id || ' ' || reference FROM "case" WHERE tenant_id = \(World.acmeHealth.id) ORDER BY reference LIMIT 1
      """, as: String.self)
    let parts = try #require(found.first).split(separator: " ").map(String.init)
    return (parts[0], parts[1])
  }

  @Test("a signed link leads to the record that it names, by its page or its reference")
  func signedPlace() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let (id, reference) = try await known(db)
    let query = try link(browser, place: "cases/\(id)")
    let form = try await browser.get(query)
    #expect(form.body.contains("Verified ticket") && form.body.contains("Entering leads you to the case."))
    #expect(form.body.contains("name=\"open\" value=\"cases/\(id)\""))
    let entered = try await browser.post(
      "/t/acme-health/enter", ["link": String(query.dropFirst("/enter?".count)), "open": "cases/\(id)"])
    let there = try #require(entered.location)
    #expect(there.hasSuffix("/cases/\(id)"))
    #expect(try await browser.get(there).body.contains(reference))
    let byReference = try await browser.get(try link(browser, place: reference))
    #expect(byReference.body.contains("value=\"\(reference)\"") && byReference.body.contains("You are inside already"))
    let again = try await browser.post("/t/acme-health/enter", ["open": reference])
    let search = try #require(again.location)
    #expect(search.hasSuffix("/search?q=\(reference)"))
    #expect(try await browser.get(search).location == there)
  }

  @Test(
    "a link names no record without its signature, nor anything but a record",
    arguments: ["https://example.org", "cases/../settings", "settings", "cases/1"])
  func unsignedPlace(_ place: String) async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let signed = try await browser.get(try link(browser, place: place))
    #expect(signed.body.contains("Verified ticket") && !signed.body.contains("name=\"open\""))
    let (id, reference) = try await known(db)
    for added in ["&open=cases/\(id)", "&open=\(reference)", "&subject=\(reference)"] {
      let altered = try await browser.get(try link(browser) + added)
      #expect(altered.body.contains("Unverified link") && !altered.body.contains("name=\"open\""), "\(added)")
      #expect(altered.body.contains(String(added.dropFirst())))
    }
  }

  @Test("no word of a link that does not hold is lost, on the page before and in the access")
  func unverifiedWords() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let said = (1...80).map { "word\($0)" }.joined(separator: "+")
    let query = "ticket=48213&tenant=acme-health&note=\(said)"
    let form = try await browser.get("/enter?" + query)
    #expect(form.body.contains("Unverified link") && form.body.contains("word1 word2") && form.body.contains("word80"))
    let entered = try await browser.post("/t/acme-health/enter", ["link": query])
    let home = try #require(entered.location)
    let kept = try await db.superuser().query(
      .superuser, "SELECT ticket_text FROM impersonation WHERE ended_at IS NULL", as: String.self)
    #expect(kept == ["ticket=48213, tenant=acme-health, note=" + said.replacing("+", with: " ")])
    let acting = try #require(try await browser.json(home)["acting"] as? [String: Any])
    #expect(acting["ticket"] as? String == kept.first)
    let typed = "about " + String(repeating: "x", count: 300)
    _ = try await browser.post("/t/borealis-bank/enter", ["ticket": typed])
    let other = try await db.superuser().query(
      .superuser,
      "SELECT ticket_text FROM impersonation WHERE tenant_id = \(World.borealisBank.id) AND ended_at IS NULL",
      as: String.self)
    #expect(other == [typed])
    let endless = try await browser.post(
      "/t/borealis-bank/enter", ["ticket": String(repeating: "x", count: 16_385)], accept: "application/json")
    #expect(endless.status == 422 && endless.body.contains("at most 16,384 characters"))
  }

  @Test("a number grows beyond six digits")
  func numbers() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    for (last, number) in [(2_000, "T-002001"), (999_999, "T-1000000"), (1_000_000, "T-1000001")] {
      _ = try await db.superuser().query(.superuser, "SELECT setval('ticket_number', \(last)::bigint)", as: Int.self)
      let ticket = try await written(
        browser, ["tenant": "acme-health", "subject": "A question", "priority": "low", "_key": "\(last)"])
      #expect(try await browser.json(ticket)["number"] as? String == number)
    }
  }

  @Test("offers the records that a ticket's subject names, the first one chosen")
  func offered() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let (id, reference) = try await known(db)
    let ticket = try await written(
      browser,
      [
        "tenant": "acme-health", "subject": "Merge \(reference.lowercased()) into (DSC-2026-00001), RPT-1",
        "priority": "high",
      ])
    let form = try await browser.get("/t/acme-health/enter?ticket=\(ticket.suffix(36))")
    #expect(form.body.contains("The ticket names \(reference), DSC-2026-00001."))
    let chosen = form.body.split(separator: "<input").filter { $0.contains("name=\"open\"") }
    #expect(chosen.count == 3 && chosen.map { $0.contains(" checked") } == [true, false, false])
    let refused = try await browser.post(
      "/t/acme-health/enter", ["ticket": String(ticket.suffix(36)), "open": "", "as": "nobody@example.org"])
    let kept = refused.body.split(separator: "<input").filter { $0.contains("name=\"open\"") }
    #expect(refused.status == 422 && kept.map { $0.contains(" checked") } == [false, false, true])
    let page = try await browser.get(ticket)
    #expect(page.body.contains("Open DSC-2026-00001"))
    #expect(page.body.contains("&amp;open=\(reference)\""))
    let entered = try await browser.post(
      "/t/acme-health/enter", ["ticket": String(ticket.suffix(36)), "open": reference])
    #expect(try await browser.get(try #require(entered.location)).location?.hasSuffix("/cases/\(id)") == true)
  }

  @Test("pages through all of them, each once")
  func pages() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let states = "state=open&state=in_progress&state=waiting_on_client&state=resolved&state=closed"
    var seen: [String] = []
    var after = ""
    repeat {
      let page = try await browser.json("/tickets?\(states)&limit=7\(after)")
      seen += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      after = (page["next"] as? String).map { "&after=" + $0 } ?? ""
    } while !after.isEmpty
    let stored = try await db.superuser().query(.superuser, "SELECT count(*) FROM ticket", as: Int.self)
    #expect(seen.count == stored.first && Set(seen).count == seen.count && seen.count > 7)
    #expect(try await browser.get("/tickets?limit=7&after=nonsense").status == 400)
  }
}
