// Two clients at once through the whole stack on a small pool: neither ever sees a word of the other.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Canaries")
struct CanaryTests {
  private static let canaries = [(World.acmeHealth, "canary-alpha"), (World.borealisBank, "canary-beta")]

  private static let isLong = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] != nil
  /// What each of eight people asks for.
  private static let requests = isLong ? 12_500 : 125

  /// Every word of a client that its pages show, marked.
  private func mark(_ db: TestDatabase) async throws {
    for (client, canary) in Self.canaries {
      try await db.ledger.tenant(by: db.system(client)) { tx in
        try await tx.execute("UPDATE \"case\" SET title = \(canary)")
        try await tx.execute("UPDATE client_user SET title = \(canary)")
        try await tx.record("test.mark")
      }
    }
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
      let reply = try await browser.get(access + (number.isMultiple(of: 2) ? "/cases?limit=5" : "/people?limit=5"))
      #expect(reply.status == 200)
      #expect(number % 2 == 1 || reply.body.contains(own))
      #expect(!reply.body.contains(foreign))
    }
  }
}
