// The pages of the audit trail: who, as whom, what; and how one thing is found among everything.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The audit trail’s pages")
struct AuditTrailTests {
  private typealias Item = [String: Any]

  /// An auditor, who may read everybody's trail.
  private func auditor(_ db: TestDatabase) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(World.auditor)
    return browser
  }

  private func items(_ browser: RouterClient, _ path: String) async throws -> [Item] {
    try #require(try await browser.json(path)["items"] as? [Item])
  }

  @Test("says as whom somebody acted, wherever the trail is not one access’s")
  func asWhom() async throws {
    let db = try await TestDatabase.make()
    let address = try await db.address(of: .complianceOfficer)
    let name = try #require(
      try await db.superuser().query(
        .superuser, "SELECT name FROM client_user WHERE email = \(address)", as: String.self
      ).first)
    let (support, access) = try await RouterClient.inside(db, as: address)
    #expect(try await support.get(access + "/cases").status == 200)
    let reader = try await auditor(db)
    for page in ["/audit/events", "/audit/tenants/acme-health"] {
      let body = try await reader.get(page).body
      #expect(body.contains("Jordan Doyle</strong> as <span dir=\"auto\" title="), "\(page)")
      #expect(body.contains("</span> viewed the case list"), "\(page)")
      let look = try #require(try await items(reader, page).first { $0["action"] as? String == "view.case.list" })
      #expect(look["subject_name"] as? String == name && look["subject"] is String)
    }
    // An access's own timeline says it once, above.
    let timeline = try await support.get("/audit/accesses/" + access.dropFirst(3)).body
    #expect(timeline.contains("viewed the case list") && !timeline.contains("</strong> as <span"))
  }

  @Test("says what followed from an act, with links where the reader may go, and what else is known of it")
  func effects() async throws {
    let db = try await TestDatabase.make()
    let (support, access) = try await RouterClient.inside(db)
    let dead = try #require(try await items(support, access + "/debug/jobs?state=dead").first?["id"] as? String)
    let retry: KeyValuePairs<String, String> = ["act": "retry", "state": "dead", "count": "1"]
    #expect(try await support.post(access + "/debug/jobs/bulk", retry).status == 303)
    let here = "/audit/accesses/" + access.dropFirst(3)
    let step = try #require(try await items(support, here).first { $0["action"] as? String == "job.bulk" })
    #expect(step["effects"] as? [[String: String]] == [["type": "job", "id": dead, "text": "retry"]])
    #expect(step["route"] as? String == "job.bulk" && step["method"] as? String == "POST")
    #expect(step["ip"] as? String == "127.0.0.1" && step["session"] is String && step["release"] is String)
    let own = try await support.get(here).body
    #expect(own.contains("<a href=\"\(access)/debug/jobs/\(dead)\">job "))
    #expect(own.contains("<summary>Details</summary>") && own.contains("POST job.bulk"))
    // Somebody else's workspace is not the reader's to enter.
    let reader = try await auditor(db)
    let theirs = try await reader.get(here).body
    #expect(theirs.contains(dead.suffix(7) + "</span>: <span") && !theirs.contains("\(access)/debug"))
  }
}
