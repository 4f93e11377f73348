// Two clients at once through the whole stack on a small pool: neither ever sees a word of the other.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Canaries")
struct CanaryTests: SearchSteps {
  private static let canaries = [(World.acmeHealth, "alphacanary"), (World.borealisBank, "betacanary")]

  private static let isLong = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] != nil
  /// What each of eight people asks for.
  private static let requests = isLong ? 12_500 : 125

  /// Every word of a client that its pages show, marked, and found by that mark.
  private func mark(_ db: TestDatabase) async throws {
    for (client, canary) in Self.canaries {
      try await db.ledger.tenant(by: db.system(client)) { tx in
        try await tx.execute("UPDATE \"case\" SET title = \(canary)")
        try await tx.execute("UPDATE client_user SET title = \(canary)")
        try await tx.record("test.mark")
      }
    }
    try await drain(db)
  }

  @Test("interleaved requests of two clients on four connections show each its own words")
  func interleaved() async throws {
    let db = try await TestDatabase.make(pools: 4)
    try await mark(db)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, (client, canary)) in Self.canaries.enumerated() {
        let foreign = Self.canaries[1 - index].1
        for email in [World.support, World.supportL1, World.support, World.supportL1] {
          group.addTask { try await browse(client, as: email, own: canary, foreign: foreign, db) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func browse(
    _ client: Tenant, as email: String, own: String, foreign: String, _ db: TestDatabase
  ) async throws {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    let entered = try await browser.post("/t/\(client.slug)/enter")
    let access = String(try #require(entered.location).dropLast())
    for number in 0..<Self.requests {
      let page = ["/cases?limit=5", "/people?limit=5", "/search?q=\(own)", "/search?q=\(foreign)"][number % 4]
      let isSearch = page.hasPrefix("/search")
      let reply = try await browser.get(access + page, accept: isSearch ? "application/json" : "text/html")
      #expect(reply.status == 200)
      if page.hasSuffix(foreign) {
        // What it was asked for it says again; of that it has nothing.
        #expect(try (reply.json()["items"] as? [Item])?.isEmpty == true)
      } else {
        #expect(page.hasPrefix("/people") || reply.body.contains(own))
        #expect(!reply.body.contains(foreign))
      }
    }
  }
}
