// Policies through the routes: written, approved by somebody else, published in versions that nobody changes.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Policies")
struct PolicyTests {
  private typealias Fields = KeyValuePairs<String, String>

  private static let words: Fields = [
    "title": "Use of drones", "type": "acceptable_use", "language": "en", "body": Self.text("people"),
    "_key": "k1",
  ]

  private static func text(_ below: String) -> String {
    "Drones are flown by people who are trained for it, and nobody flies over \(below)."
  }

  private func write(_ browser: RouterClient, _ access: String) async throws -> String {
    let added = try await browser.post(access + "/policies", Self.words)
    #expect(added.status == 303)
    return String(try #require(added.location?.split(separator: "?").first))
  }

  private func move(_ browser: RouterClient, _ policy: String, to next: String) async throws -> RouterClient.Reply {
    let version = try #require(try await browser.json(policy)["version"] as? Int)
    return try await browser.post(
      policy + "/move", ["to": next, "version": String(version)], accept: "application/json")
  }

  @Test("is published as version 1, revised beside it, and published as version 2, step by step in the trail")
  func versions() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let policy = try await write(browser, access)
    #expect(try await write(browser, access) == policy)
    for next in ["pending_approval", "approved", "published"] {
      #expect(try await move(browser, policy, to: next).status == 303, "\(next)")
    }
    #expect(try await browser.post(policy + "/revise", ["version": "4"]).status == 303)
    let edited: Fields = [
      "title": "Use of drones", "type": "acceptable_use", "language": "en", "body": Self.text("crowds"),
      "version": "5",
    ]
    #expect(try await browser.post(policy + "/edit", edited).status == 303)
    let beside = try await browser.json(policy)
    #expect((beside["current"] as? [String: Any])?["body"] as? String == Self.text("people"))
    #expect((beside["working"] as? [String: Any])?["body"] as? String == Self.text("crowds"))
    for next in ["pending_approval", "approved", "published"] {
      #expect(try await move(browser, policy, to: next).status == 303, "\(next)")
    }
    let now = try await browser.json(policy)
    #expect((now["current"] as? [String: Any])?["number"] as? Int == 2 && now["working"] is NSNull == false)
    let page = try await browser.get(policy + "/versions/2")
    #expect(page.body.contains("<del>people.</del>") && page.body.contains("<ins>crowds.</ins>"))

    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT action || ' ' || (actor_kind = 'staff' AND impersonation_id IS NOT NULL AND chain = \(World.acmeHealth.id))
      FROM audit_event WHERE object_type = 'policy' AND action NOT LIKE 'view.%' ORDER BY at
      """, as: String.self)
    let moves = Array(repeating: "policy.move true", count: 3)
    #expect(events == ["policy.add true"] + moves + ["policy.revise true", "policy.edit true"] + moves)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }
}
