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
    _ = try await browser.post("/t/borealis-bank/enter", ["ticket": id])
    let kept = try await db.superuser().query(
      .superuser,
      "SELECT ticket_text FROM impersonation WHERE tenant_id = \(World.borealisBank.id) AND ended_at IS NULL",
      as: String.self)
    #expect(kept == [id])
    // Another client's ticket says nothing here.
    let other = try await browser.get("/t/borealis-bank/enter?ticket=\(id)")
    #expect(other.status == 200 && !other.body.contains(id))
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
