// The rail: only what exists and the person may open, outside a client and inside one.

import Access
import EthicoTypes
import Foundation
import TestSupport
import Testing

@Suite("The rail")
struct NavigationTests {
  /// The addresses that the rail of a page leads to, in their order.
  private func rail(_ body: String) throws -> [String] {
    let nav = try #require(body.firstMatch(of: #/(?s)<nav class="rail".*?<\/nav>/#))
    return nav.output.matches(of: #/href="([^"]*)"/#).map { String($0.output.1) }
  }

  private static let everybody = ["/", "/tenants", "/tickets"]

  @Test(
    "outside a client has what each preset may open, and all of that answers",
    arguments: [
      (World.supportL1, everybody), (World.supportL2, everybody), (World.support, everybody),
      (World.implementation, everybody), (World.auditor, everybody + ["/audit/events"]),
      (
        World.admin,
        everybody + ["/audit/events", "/staff", "/platform/flags", "/platform/jobs", "/platform/errors"]
      ),
    ])
  func outside(email: String, places: [String]) async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    #expect(try await rail(browser.get("/").body) == places)
    for place in places {
      let reply = try await browser.get(place)
      #expect(reply.status == 200 && reply.body.contains("aria-current=\"page\""), "\(place)")
    }
    let others = ["/audit/events", "/staff", "/platform/flags", "/platform/jobs", "/platform/errors"]
    for place in others where !places.contains(place) {
      #expect(try await browser.get(place).status == 403, "\(place)")
    }
  }

  private static let areas = [
    "", "search", "cases", "reports", "policies", "campaigns", "disclosures", "people", "settings",
  ]

  @Test(
    "inside a client has its areas, the debug view for whoever may look behind, and the way out",
    arguments: [(World.supportL1, ["debug"]), (World.support, ["debug"]), (World.implementation, [])])
  func inside(email: String, behind: [String]) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db, by: email)
    let ours = ["/audit/accesses/" + access.dropFirst(3), "/", "/tenants"]
    let places = (Self.areas + behind).map { access + "/" + $0 } + ours
    #expect(try await rail(browser.get(access + "/").body) == places)
    for place in places { #expect(try await browser.get(place).status < 400, "\(place)") }
    if behind.isEmpty { #expect(try await browser.get(access + "/debug").status == 403) }
  }

  @Test(
    "as somebody of the client has what they may open there, and nothing that refuses",
    arguments: [
      ClientRole.systemAdmin, .complianceOfficer, .triageLead, .investigator, .policyAuthor, .departmentAdmin, .manager,
      .employee,
    ])
  func subject(role: ClientRole) async throws {
    let db = try await TestDatabase.make()
    let address = try await db.address(of: role)
    let (browser, access) = try await RouterClient.inside(db, as: address)
    let places = try await rail(browser.get(access + "/").body)
    for place in places { #expect(try await browser.get(place).status < 400, "\(role): \(place)") }
    for area in Self.areas.dropFirst() where !places.contains(access + "/" + area) {
      #expect(try await browser.get(access + "/" + area).status == 403, "\(role): \(area)")
    }
  }
}
