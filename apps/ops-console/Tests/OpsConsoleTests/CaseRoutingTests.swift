// Cases that go to whom their category names, through the routes.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Routing by category")
struct CaseRoutingTests {
  private typealias Item = [String: Any]

  /// A case that nobody leads, a category that it has not, and somebody active who may lead.
  private func scene(_ cases: Cases) async throws -> (page: String, category: Item, lead: Item) {
    let (page, found) = try await cases.some("stage=new")
    let list = try await cases.browser.json(cases.access + "/settings/categories")
    let category = try #require(
      (list["items"] as? [Item])?.first { $0["name"] as? String != found["category"] as? String })
    let (_, led) = try await cases.some("stage=active")
    return (page, category, try #require(led["lead"] as? Item))
  }

  private func name(_ lead: Item, for category: Item, _ cases: Cases) async throws {
    try await cases.execute(
      """
      UPDATE category SET lead_id = \(ID<Tenant>(lead["id"] as? String ?? ""))
      WHERE id = \(ID<Tenant>(category["id"] as? String ?? ""))
      """)
  }

  private func give(_ category: Item, to page: String, _ cases: Cases) async throws -> Item {
    let now = try await cases.browser.json(page)
    let edited = try await cases.browser.post(
      page + "/edit",
      [
        "title": now["title"] as? String ?? "", "summary": now["summary"] as? String ?? "",
        "severity": now["severity"] as? String ?? "", "category": category["id"] as? String ?? "",
        "version": "\(now["version"] ?? "")",
      ])
    #expect(edited.status == 303, "\(edited.body)")
    return try await cases.browser.json(page)
  }

  @Test("gives a case that nobody leads to whom its new category names; one that is led keeps its lead")
  func routed() async throws {
    let cases = try await Cases()
    let (page, category, lead) = try await scene(cases)
    try await name(lead, for: category, cases)
    let form = try await cases.browser.get(page + "/edit")
    #expect(form.body.contains("· goes to \(lead["name"] ?? "")"))
    let routed = try await give(category, to: page, cases)
    #expect((routed["lead"] as? Item)?["id"] as? String == lead["id"] as? String)
    #expect(routed["stage"] as? String == "assigned")
    let rule = "“\(category["name"] ?? "")” sends its cases to \(lead["name"] ?? "")."
    #expect(routed["routing"] as? String == rule)
    #expect(try await cases.browser.get(page).body.contains("sends its cases to"))
    let told = try await cases.db.superuser().query(
      .superuser,
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'case.edit' AND e.object_id = \(routed["id"] as? String ?? "") AND e.subject_id IS NULL
      """, as: String.self)
    #expect(told.count == 1 && told[0].hasSuffix(rule))
    let (led, before) = try await cases.some("stage=active")
    let after = try await give(category, to: led, cases)
    #expect((after["lead"] as? Item)?["id"] as? String == (before["lead"] as? Item)?["id"] as? String)
    #expect(after["routing"] == nil)
    #expect(try await cases.db.ledger.verify(by: cases.db.system()).result == .intact)
  }

  @Test("leaves a case to nobody where the one named is accused in it or may not lead, and says so", arguments: 0...1)
  func unled(reason: Int) async throws {
    let cases = try await Cases()
    let (page, category, lead) = try await scene(cases)
    try await name(lead, for: category, cases)
    let person = ID<Tenant>(lead["id"] as? String ?? "")
    if reason == 0 {
      let id = try await cases.browser.json(page)["id"] as? String ?? ""
      try await cases.execute(
        """
        INSERT INTO case_party (tenant_id, id, case_id, part, name, user_id)
        VALUES (\(World.acmeHealth.id), \(UUID()), \(ID<Tenant>(id)), 'accused', 'Accused', \(person))
        """)
    } else {
      try await cases.execute("UPDATE client_user SET role = 'employee' WHERE id = \(person)")
    }
    let left = try await give(category, to: page, cases)
    #expect(left["lead"] == nil && left["stage"] as? String == "new")
    let why = try #require(left["routing"] as? String)
    #expect(why.hasSuffix(reason == 0 ? "who is accused in it. Nobody leads it." : "lead a case now. Nobody leads it."))
    let history = try await cases.browser.get(page)
    #expect(history.body.contains("Nobody leads it.") && history.body.contains("Routing"))
  }

  @Test("a category that is retired or another client’s is no choice")
  func unknown() async throws {
    let cases = try await Cases()
    let (page, _, _) = try await scene(cases)
    let foreign = try await cases.db.superuser().query(
      .superuser, "SELECT id::text FROM category WHERE tenant_id = \(World.borealisBank.id) LIMIT 1", as: String.self)
    let now = try await cases.browser.json(page)
    let reply = try await cases.browser.post(
      page + "/edit",
      [
        "title": "Typed", "severity": "low", "category": try #require(foreign.first),
        "version": "\(now["version"] ?? "")",
      ])
    #expect(reply.status == 422 && reply.body.contains("value=\"Typed\"") && reply.body.contains("#f-category"))
  }
}
