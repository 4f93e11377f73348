// Home: how it begins for somebody who has not been anywhere.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Home")
struct HomeTests {
  private typealias Item = [String: Any]

  private func desk(_ db: TestDatabase, _ email: String = World.support) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    return browser
  }

  /// What home offers to try, as the addresses of searches.
  private func offered(_ body: String) -> [String] {
    body.matches(of: #/href="(\/tenants\?q=[^"]*)"/#).map { String($0.output.1) }
  }

  @Test("on a first day shows searches that this directory answers, one of them mistyped")
  func firstDay() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    let body = try await browser.get("/").body
    #expect(body.contains("Start with a client"))
    let searches = offered(body)
    #expect(searches.count == 3)
    var matches: [String] = []
    for search in searches {
      let items = try #require(try await browser.json(search)["items"] as? [Item])
      matches.append(try #require(items.first?["match"] as? String, "\(search) finds nothing"))
    }
    #expect(matches.dropLast().allSatisfy { ["exact", "start"].contains($0) } && matches.last == "near")
  }

  @Test("on a first day without clients offers nothing to try")
  func noClients() async throws {
    let db = try await TestDatabase.make()
    _ = try await db.superuser().execute(.superuser, "DELETE FROM tenant_directory")
    let body = try await desk(db, World.supportL2).get("/").body
    #expect(body.contains("Start with a client") && offered(body).isEmpty && !body.contains("Try "))
  }

  @Test("is no first day any more once a client was entered")
  func secondDay() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    #expect(try await browser.post("/t/acme-health/enter").status == 303)
    let body = try await browser.get("/").body
    #expect(!body.contains("Start with a client") && body.contains("Your open accesses"))
  }
}
