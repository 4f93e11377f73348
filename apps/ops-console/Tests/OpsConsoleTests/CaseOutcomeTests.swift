// Correcting how a case came out, through the routes and in the database: without opening it again.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("The outcome of a case")
struct CaseOutcomeTests {
  private typealias Item = [String: Any]

  private func correct(_ page: String, to outcome: String, version: Any?, _ cases: Cases) async throws -> String {
    try await cases.browser.post(
      page + "/outcome", ["outcome": outcome, "version": "\(version ?? "")"], accept: "application/json"
    ).gist
  }

  /// Another outcome than the case has.
  private func other(than found: Item) -> String {
    found["outcome"] as? String == "inconclusive" ? "no_violation" : "inconclusive"
  }

  private func uses(_ cases: Cases) async throws -> [Int] {
    try await cases.db.superuser().query(.superuser, "SELECT count(*) FROM usage_event", as: Int.self)
  }

  @Test(
    "is corrected where it stands, closed or archived, which is no use of the product",
    arguments: ["closed", "archived"])
  func corrected(stage: String) async throws {
    let cases = try await Cases()
    let (page, closed) = try await cases.some("stage=closed")
    var found = closed
    if stage == "archived" {
      let moved = try await cases.browser.post(
        page + "/stage", ["stage": "archived", "version": "\(found["version"] ?? "")"])
      #expect(moved.status == 303)
      found = try await cases.browser.json(page)
    }
    let before = try await uses(cases)
    let wanted = other(than: found)
    #expect(try await cases.browser.get(page).body.contains("action=\"\(page)/outcome\""))
    #expect(try await correct(page, to: wanted, version: found["version"], cases) == "303 \(page)")
    let now = try await cases.browser.json(page)
    #expect(now["outcome"] as? String == wanted && now["stage"] as? String == stage)
    #expect(now["closed"] as? String == found["closed"] as? String)
    #expect(now["version"] as? Int == (found["version"] as? Int ?? 0) + 1)
    #expect(try await uses(cases) == before)
    #expect(try await cases.events("case.outcome") == ["case.outcome ok 1"])
    #expect(try await cases.browser.get(page).body.contains("Case outcome"))
    #expect(try await correct(page, to: other(than: now), version: found["version"], cases) == "409 stale")
    #expect(try await correct(page, to: wanted, version: now["version"], cases) == "422 invalid")
    #expect(try await correct(page, to: "merged", version: now["version"], cases) == "422 invalid")
    #expect(try await cases.db.ledger.verify(by: cases.db.system()).result == .intact)
  }

  @Test("is none of a case that is worked on, and stays where the case was merged, as the database says too")
  func refused() async throws {
    let cases = try await Cases()
    let (open, found) = try await cases.some("stage=active")
    #expect(try await !cases.browser.get(open).body.contains("action=\"\(open)/outcome\""))
    #expect(try await correct(open, to: "inconclusive", version: found["version"], cases) == "409 bad_transition")
    let (_, target) = try await cases.some("stage=assigned")
    let merged = try await cases.browser.post(
      open + "/merge",
      [
        "into": target["id"] as? String ?? "", "version": "\(found["version"] ?? "")",
        "target_version": "\(target["version"] ?? "")",
      ])
    #expect(merged.status == 303)
    let version = try await cases.browser.json(open)["version"]
    #expect(try await correct(open, to: "inconclusive", version: version, cases) == "409 merged")
    #expect(try await !cases.browser.get(open).body.contains("action=\"\(open)/outcome\""))
    let error = await #expect(throws: PostgresError.self) {
      try await cases.execute("UPDATE \"case\" SET outcome = 'inconclusive' WHERE merged_into IS NOT NULL")
    }
    #expect(error?.constraint == "case_merged_outcome")
  }
}
