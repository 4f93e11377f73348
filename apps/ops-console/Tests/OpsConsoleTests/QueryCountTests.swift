// How often a page asks the database: a bar for the directory, and one for every page of a workspace.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import TestSupport
import Testing
import Web

@Suite("Round trips to the database")
struct QueryCountTests {
  @Test("of the directory are at most 4")
  func directory() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    for path in ["/tenants", "/tenants?q=acme", "/tenants?q=acme+helth"] {
      let (reply, trips) = try await counting(db) { try await browser.get(path) }
      #expect(reply.status == 200)
      #expect(trips > 0 && trips <= 4, "\(path): \(trips)")
    }
  }

  @Test("of every page of a workspace are at most 8, the access, the transaction and the event among them")
  func workspace() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let disclosures = try await browser.json(access + "/disclosures?limit=1")["items"] as? [[String: Any]]
    let disclosure = try #require(disclosures?.first?["id"] as? String)
    let file = (name: "plan.pdf", bytes: Array("%PDF-1.7\n".utf8))
    #expect(try await browser.upload("\(access)/disclosures/\(disclosure)/attachments", file: file).status == 303)
    let routes = OpsConsole.routes(try RouterClient.console(db), provider: nil).table
    var counted = 0
    for route in routes where route.isInside && route.method == .get && !route.isCatchAll {
      let values = try await db.address(of: route, in: World.acmeHealth)
      // The one page that is nothing without a question.
      let query = route.name == "job.bulk_form" ? "?act=retry&state=dead" : ""
      let path = route.path(values).replacing("/i/{impersonation}", with: access) + query
      let (reply, trips) = try await counting(db) { try await browser.get(path) }
      #expect(reply.status < 400, "\(route.path): \(reply.status)")
      #expect(trips > 0 && trips <= 8, "\(route.path): \(trips)")
      counted += 1
    }
    #expect(counted > 40)
  }

  private func counting(
    _ db: TestDatabase, _ act: () async throws -> RouterClient.Reply
  ) async throws -> (RouterClient.Reply, Int) {
    let before = db.database.roundTrips
    let reply = try await act()
    return (reply, db.database.roundTrips - before)
  }
}
