// Several cases that get another lead by one act, through the routes.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Assigning many cases")
struct CaseAssignManyTests {
  private typealias Item = [String: Any]

  /// Lets what holds for the tier hold at Acme too.
  private func mend(_ cases: Cases) async throws {
    let cleared = try await cases.browser.post(cases.access + "/debug/flags/bulk_operations/clear", ["version": "1"])
    #expect(cleared.status == 303)
  }

  /// Active cases, and somebody who leads none of them.
  private func scene(_ cases: Cases) async throws -> (items: [Item], lead: String) {
    let list = try await cases.browser.json(cases.access + "/cases?limit=7&stage=active")
    let items = try #require(list["items"] as? [Item])
    let leads = items.compactMap { ($0["lead"] as? Item)?["id"] as? String }
    return (items, try #require(try await cases.workers(except: leads).first))
  }

  private func id(_ item: Item) -> String { item["id"] as? String ?? "" }

  /// What the box of a case sends.
  private func box(_ item: Item) -> (String, String) { ("items[]", "\(id(item)):\(item["version"] ?? "")") }

  private func lead(_ item: Item, _ cases: Cases) async throws -> String? {
    (try await cases.browser.json(cases.access + "/cases/" + id(item))["lead"] as? Item)?["id"] as? String
  }

  @Test("gives each that allows it its lead and its event; the others are left, named by their reasons")
  func mixed() async throws {
    let cases = try await Cases()
    try await mend(cases)
    let browser = cases.browser
    let (items, person) = try await scene(cases)
    func page(_ index: Int) -> String { cases.access + "/cases/" + id(items[index]) }
    try await cases.accuse(person, in: id(items[2]))
    let merged = try await browser.post(
      page(3) + "/merge",
      list: [
        ("into", id(items[4])), ("version", "\(items[3]["version"] ?? "")"),
        ("target_version", "\(items[4]["version"] ?? "")"),
      ])
    #expect(merged.status == 303)
    let led = try await browser.post(page(5) + "/assign", ["lead": person, "version": "\(items[5]["version"] ?? "")"])
    #expect(led.status == 303)

    let now = [box(try await browser.json(page(3))), box(items[4]), box(try await browser.json(page(5)))]
    let sent = [box(items[0]), box(items[1]), box(items[2])] + now + [("items[]", "\(UUID()):1"), ("lead", person)]
    let reply = try await browser.post(cases.access + "/cases/assign", list: sent, accept: "application/json")
    let body = try reply.json()
    let results = try #require(body["results"] as? [Item]).map { "\($0["status"] ?? "") \($0["code"] ?? "")" }
    #expect(
      results == [
        "200 ok", "200 ok", "422 conflict", "409 merged", "409 stale", "422 invalid", "404 not_found",
      ])
    #expect(reply.status == 207 && body["done"] as? Int == 2 && body["failed"] as? Int == 5)
    for index in 0...1 { #expect(try await lead(items[index], cases) == person) }
    #expect(try await lead(items[2], cases) == (items[2]["lead"] as? Item)?["id"] as? String)
    #expect(
      try await cases.events("case.assign%") == [
        "case.assign ok 3", "case.assign ok 3", "case.assign ok 3", "case.assign_many ok 0",
      ])
    let history = try await browser.get(page(0)).body
    #expect(history.contains("Case assign"))
    #expect(try await cases.db.ledger.verify(by: cases.db.system()).result == .intact)
  }

  @Test("keeps those selected that were left, as they are now, and says why")
  func left() async throws {
    let cases = try await Cases()
    try await mend(cases)
    let (items, person) = try await scene(cases)
    try await cases.accuse(person, in: id(items[1]))
    let reply = try await cases.browser.post(
      cases.access + "/cases/assign?stage=active", list: [box(items[0]), box(items[1]), ("lead", person)])
    #expect(reply.status == 207 && reply.body.contains("1 of 2 cases assigned"))
    let (_, kept) = box(items[1])
    #expect(reply.body.contains("value=\"\(kept)\"") && reply.body.contains(" checked"))
    #expect(!reply.body.contains("value=\"\(id(items[0])):"))
    #expect(reply.body.contains("is accused in this case.") && reply.body.contains("/cases?stage=active\""))
  }

  @Test("does it once a key, and refuses before any what names no lead or no rows")
  func refusals() async throws {
    let cases = try await Cases()
    try await mend(cases)
    let (items, person) = try await scene(cases)
    let path = cases.access + "/cases/assign"
    let manager = try await cases.db.superuser().query(
      .superuser,
      "SELECT id::text FROM client_user WHERE tenant_id = \(World.acmeHealth.id) AND role = 'manager' LIMIT 1",
      as: String.self)
    for named in ["", manager.first ?? "", UUID().uuidString] {
      let reply = try await cases.browser.post(path, list: [box(items[0]), ("lead", named)])
      #expect(reply.status == 422 && reply.body.contains("href=\"#f-lead\"") && reply.body.contains(" checked"))
    }
    let none = try await cases.browser.post(path, ["lead": person])
    #expect(none.status == 422 && none.body.contains("Select at least one row first."))
    let tooMany = (0..<201).map { _ in ("items[]", "\(UUID()):1") } + [("lead", person)]
    #expect(try await cases.browser.post(path, list: tooMany).status == 422)
    #expect(try await cases.events("case.assign") == [])
    let sent = [box(items[0]), ("lead", person), ("_key", "k")]
    #expect(try await cases.browser.post(path, list: sent).status == 200)
    #expect(try await cases.browser.post(path, list: sent).status == 303)
    #expect(try await cases.events("case.assign") == ["case.assign ok 3"])
  }

  @Test("is there only where the flag is on: off, nothing can be selected and the act is refused")
  func flag() async throws {
    let cases = try await Cases()
    let (items, person) = try await scene(cases)
    let list = cases.access + "/cases?stage=active"
    let sent = [box(items[0]), ("lead", person)]
    #expect(try await !cases.browser.get(list).body.contains("items[]"))
    let refused = try await cases.browser.post(cases.access + "/cases/assign", list: sent, accept: "application/json")
    #expect(try refused.gist == "403 feature_off")
    let page = try await cases.browser.post(cases.access + "/cases/assign", list: sent)
    #expect(page.status == 403 && page.body.contains("Acme Health assigns its cases one by one."))
    #expect(try await lead(items[0], cases) == (items[0]["lead"] as? Item)?["id"] as? String)
    try await mend(cases)
    let offered = try await cases.browser.get(list).body
    #expect(offered.contains("name=\"items[]\" value=\"\(box(items[0]).1)\"") && offered.contains("Assign cases"))
    #expect(try await cases.browser.post(cases.access + "/cases/assign", list: sent).status == 200)
  }
}
