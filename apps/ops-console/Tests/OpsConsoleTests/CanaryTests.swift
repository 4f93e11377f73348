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

  @Test("a thousand interleaved requests of two clients on four connections show each its own words")
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
    for number in 0..<125 {
      let reply = try await browser.get(access + (number.isMultiple(of: 2) ? "/cases?limit=5" : "/people?limit=5"))
      #expect(reply.status == 200)
      #expect(number % 2 == 1 || reply.body.contains(own))
      #expect(!reply.body.contains(foreign))
    }
  }

  @Test("the client's own portal reads the same before and after a visit that only looks")
  func unseen() async throws {
    let db = try await TestDatabase.make()
    let before = try await portal(db)
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    let access = String(try #require(entered.location).dropLast())
    for page in ["/", "/people", "/settings", "/reports"] { _ = try await browser.get(access + page) }
    for records in ["/cases", "/policies", "/campaigns", "/disclosures"] {
      let list = try await browser.json(access + records + "?limit=20")
      for item in try #require(list["items"] as? [[String: Any]]) {
        _ = try await browser.get(access + records + "/\(item["id"] as? String ?? "")")
      }
    }
    _ = try await browser.post(access + "/exit")
    #expect(try await portal(db) == before)
  }

  /// A digest of every row and column that the portal's role may read of Acme.
  private func portal(_ db: TestDatabase) async throws -> [String] {
    let portal = db.pool(of: .portal)
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let tables = [
      "tenant", "client_user", "case", "note", "report", "case_assignment", "tenant_setting", "category", "policy",
      "policy_version", "campaign", "attestation", "attestation_act",
      "disclosure", "investigation", "case_message", "attachment",
    ]
    let digests = try await portal.transaction(.portal, settings) { tx in
      var digests: [String] = []
      for table in tables {
        let columns = try await tx.query(
          """
          SELECT quote_ident(column_name::text) FROM information_schema.column_privileges
          WHERE grantee = 'portal_tenant' AND table_name = \(table) ORDER BY column_name
          """, as: String.self)
        let row = "SELECT concat_ws('|', \(columns.joined(separator: ", "))) AS r FROM \"\(table)\""
        let digest = try await tx.query(
          SQL(trusted: "SELECT md5(COALESCE(string_agg(r, ',' ORDER BY r), '')) FROM (\(row)) rows"), as: String.self)
        digests += digest.map { "\(table) \(columns.count) \($0)" }
      }
      return digests
    }
    await portal.close()
    return digests
  }
}
