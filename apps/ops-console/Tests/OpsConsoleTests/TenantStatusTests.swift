// A client's status through the routes: set with a reason, closed with its slug typed, and what a closing does to
// who is inside.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The status of a client")
struct TenantStatusTests {
  private typealias Fields = KeyValuePairs<String, String>

  private static let page = "/platform/tenants/acme-health"

  /// The browser of who operates the platform.
  private func desk(_ db: TestDatabase) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    return browser
  }

  private func events(_ db: TestDatabase, _ action: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', outcome, actor_kind, chain::text) FROM audit_event
      WHERE action = \(action) AND at >= \(World.now) ORDER BY at
      """, as: String.self)
  }

  @Test("is set by who operates the platform, with a reason, and told with since when, by whom and why")
  func set() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db)
    #expect(try await browser.get("/t/acme-health").body.contains("href=\"\(Self.page)\""))
    let before = try await browser.json(Self.page)
    #expect(before["status"] as? String == "live" && before["version"] as? Int == 1 && before["by"] == nil)
    #expect(before["next"] as? [String] == ["onboarding", "suspended", "closed"])
    let fields: Fields = ["status": "suspended", "reason": "Invoices are overdue.", "version": "1"]
    let first = try await browser.post(Self.page, fields)
    #expect(first.status == 303 && first.location == Self.page + "?done=set")
    #expect(try await browser.post(Self.page, fields).status == 303)
    #expect(try await events(db, "tenant.status") == ["ok staff \(World.acmeHealth.id)"])
    let now = try await browser.json(Self.page)
    #expect(now["status"] as? String == "suspended" && now["version"] as? Int == 2)
    #expect(now["by"] as? String == "Alex Kim")
    let step = try #require((now["history"] as? [[String: Any]])?.first)
    #expect(step["before"] as? String == "live" && step["after"] as? String == "suspended")
    #expect(step["words"] as? String == "Acme Health: Invoices are overdue.")
    let shown = try await browser.get(Self.page + "?done=set").body
    for words in ["Acme Health is suspended now.", "Invoices are overdue.", "Alex Kim", "nobody inside"] {
      #expect(shown.contains(words), "\(words)")
    }
    #expect(try await browser.get("/t/acme-health").body.contains("Suspended"))
    let (_, access) = try await RouterClient.inside(db)
    #expect(try await browser.get(Self.page).body.contains("Ends 1 access and shuts the workspace of Acme Health"))
    #expect(!access.isEmpty)
  }

  @Test("is nobody's to set without the fleet's capability, and there is no page of a client that there is not")
  func capability() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    #expect(try await browser.get(Self.page, accept: "application/json").gist == "403 capability")
    let fields: Fields = ["closing_reason": "They have left us.", "slug": "acme-health", "version": "1"]
    let refused = try await browser.post(Self.page + "/close", fields, accept: "application/json")
    #expect(try refused.gist == "403 capability")
    #expect(!(try await browser.get("/t/acme-health").body.contains(Self.page)))
    let operating = try await desk(db)
    #expect(try await operating.json(Self.page)["status"] as? String == "live")
    #expect(try await operating.get("/platform/tenants/nobody").status == 404)
    #expect(try await operating.post("/platform/tenants/nobody/close", fields).status == 404)
  }

  /// A form that cannot be accepted, and the fields that are named for it.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let act: String
    let fields: [(String, String)]
    let named: [String]
  }

  static let wrong = [
    Wrong(
      testDescription: "nothing chosen, and a reason too short", act: "",
      fields: [("reason", "too short")], named: ["status", "reason"]),
    Wrong(
      testDescription: "closed by the form of other statuses", act: "",
      fields: [("status", "closed"), ("reason", "They have left us.")], named: ["status"]),
    Wrong(
      testDescription: "closed with another slug", act: "/close",
      fields: [("closing_reason", "They have left us."), ("slug", "acme")], named: ["slug"]),
    Wrong(
      testDescription: "closed without a reason", act: "/close",
      fields: [("closing_reason", ""), ("slug", "acme-health")], named: ["closing_reason"]),
  ]

  @Test("is not set by a form that cannot be accepted, which comes back as it was typed", arguments: wrong)
  func invalid(_ wrong: Wrong) async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db)
    let sent = wrong.fields + [("version", "1")]
    let reply = try await browser.post(Self.page + wrong.act, list: sent)
    #expect(reply.status == 422)
    for field in wrong.named { #expect(reply.body.contains("href=\"#f-\(field)\""), "\(field)") }
    for (name, typed) in wrong.fields where name != "status" && !typed.isEmpty {
      #expect(reply.body.contains(typed), "\(name)")
    }
    let told = try await browser.post(Self.page + wrong.act, list: sent, accept: "application/json")
    #expect(try told.gist == "422 invalid")
    #expect(try await browser.json(Self.page)["status"] as? String == "live")
    let refusal = "failed staff \(World.acmeHealth.id)"
    #expect(try await events(db, "tenant.status") == [refusal, refusal])
  }

  @Test("is not set over a newer one or by a move that there is not, and what was typed is still there")
  func conflicts() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db)
    let live: Fields = ["status": "live", "reason": "They are live for long.", "version": "1"]
    #expect(try await browser.post(Self.page, live, accept: "application/json").gist == "409 already")
    let trial: Fields = ["status": "trial", "reason": "They want to try again.", "version": "1"]
    #expect(try await browser.post(Self.page, trial, accept: "application/json").gist == "409 bad_transition")
    let first: Fields = ["status": "suspended", "reason": "Invoices are overdue.", "version": "1"]
    #expect(try await browser.post(Self.page, first).status == 303)
    let late: Fields = ["closing_reason": "Their contract ran out.", "slug": "acme-health", "version": "1"]
    let stale = try await browser.post(Self.page + "/close", late)
    #expect(stale.status == 409 && stale.body.contains("This client was changed while you worked on it."))
    #expect(stale.body.contains("Their contract ran out.") && stale.body.contains("value=\"acme-health\""))
    #expect(try await browser.post(Self.page + "/close", late, accept: "application/json").gist == "409 stale")
    #expect(try await browser.json(Self.page)["status"] as? String == "suspended")
  }

  @Test("that becomes closed puts out who is inside and lets nobody in, until it is set again")
  func closing() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db)
    let (theirs, access) = try await RouterClient.inside(db)
    let fields: Fields = ["closing_reason": "Their contract ran out.", "slug": "acme-health", "version": "1"]
    let closed = try await browser.post(Self.page + "/close", fields)
    #expect(closed.status == 303 && closed.location == Self.page + "?done=closed")
    #expect(try await events(db, "impersonation.end") == ["ok staff \(World.acmeHealth.id)"])

    let gone = try await theirs.get(access + "/cases")
    #expect(gone.status == 410 && gone.body.contains("was closed, and your access ended with it"))
    #expect(gone.body.contains("by Alex Kim") && gone.body.contains("See the client"))
    #expect(!gone.body.contains("Enter again"))
    let told = try await theirs.get(access + "/cases", accept: "application/json")
    let body = try told.json()
    #expect(try told.gist == "410 access_ended" && body["kind"] as? String == "tenant_closed" && body["enter"] == nil)
    #expect(try await theirs.post("/t/acme-health/enter", accept: "application/json").gist == "409 tenant_closed")
    let timeline = try await theirs.get("/audit/accesses/" + access.dropFirst(3)).body
    #expect(timeline.contains("Alex Kim</strong> ended the access by closing the client"))
    #expect(try await browser.get("/t/acme-health").body.contains("This client has left us."))
    #expect(!(try await browser.get(Self.page).body.contains("Close client")))

    let again: Fields = ["status": "live", "reason": "They signed for another year.", "version": "2"]
    #expect(try await browser.post(Self.page, again).status == 303)
    #expect(try await theirs.get(access + "/").body.contains("Enter again"))
    #expect(try await theirs.post("/t/acme-health/enter").status == 303)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("that is closed leads nowhere from an access whose own row does not say that it ended")
  func closedWithoutEnd() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let timeline = "/audit/accesses/" + access.dropFirst(3)
    #expect(try await browser.get(timeline).body.contains("Back into the workspace"))
    let superuser = db.superuser()
    _ = try await superuser.execute(.superuser, "ALTER TABLE tenant DISABLE TRIGGER tenant_audit_update")
    _ = try await superuser.execute(
      .superuser, "UPDATE tenant SET status = 'closed' WHERE id = \(World.acmeHealth.id)")
    let page = try await browser.get(timeline).body
    #expect(page.contains("Ended as the client was closed") && !page.contains("Back into the workspace"))
  }
}
