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
  /// Looks and changes, in turns of twelve.
  private static let steps = isLong ? 504 : 60

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

  @Test("of looks and changes by turns the client's own portal sees the changes alone, without a name, as nobody's own")
  func seen() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let officer = try await db.address(of: .complianceOfficer)
    let entered = try await browser.post("/t/acme-health/enter", ["as": officer])
    let access = String(try #require(entered.location).dropLast())
    let list = try await browser.json(access + "/cases?status=open&limit=20")
    let cases = try #require(list["items"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    let looks = ["/", "/cases", "/people", "/reports", "/policies", "/campaigns", "/disclosures", "/settings"]
    var before = try await rows(db)
    for step in 0..<Self.steps {
      let page = access + "/cases/" + cases[step * 7 % cases.count]
      let changed: Set<String>
      switch step % 12 {
      case 3:
        changed = ["note"]
        let form: KeyValuePairs = ["body": "Note \(step)", "visibility": "team"]
        #expect(try await browser.post(page + "/notes", form).status == 303)
      case 7:
        changed = ["case_message"]
        let form: KeyValuePairs = ["message": "Message \(step)", "direction": "to_reporter"]
        #expect(try await browser.post(page + "/messages", form).status == 303)
      case 11:
        changed = ["case"]
        let version = try #require(try await browser.json(page)["version"] as? Int)
        let form: KeyValuePairs = [
          "title": "Title \(step)", "summary": "", "severity": "low", "version": "\(version)",
        ]
        #expect(try await browser.post(page + "/edit", form).status == 303)
      default:
        changed = []
        let address = step.isMultiple(of: 2) ? page : access + looks[step * 5 % looks.count]
        #expect(try await browser.get(address).status == 200)
      }
      let after = try await rows(db)
      for (table, rows) in after {
        let fresh = rows.subtracting(before[table] ?? [])
        #expect(fresh.count == (changed.contains(table) ? 1 : 0), "\(step) \(table)")
        #expect(fresh.allSatisfy { !$0.contains("Jordan") && !$0.contains("staff:") }, "\(step) \(table)")
        if changed.contains(table), table != "case" {
          let own = try await officerID(db, officer)
          #expect(fresh.allSatisfy { !$0.contains(own) }, "\(step) \(table)")
        }
      }
      before = after
    }
  }

  private func officerID(_ db: TestDatabase, _ email: String) async throws -> String {
    let found = try await db.superuser().query(
      .superuser, "SELECT id::text FROM client_user WHERE email = \(email) AND tenant_id = \(World.acmeHealth.id)",
      as: String.self)
    return try #require(found.first)
  }

  /// A digest of every table that the portal's role may read of Acme.
  private func portal(_ db: TestDatabase) async throws -> [String] {
    try await rows(db).map { "\($0) \($1.sorted())" }.sorted()
  }

  /// Every row, by table, with the columns that the portal's role may read of Acme.
  private func rows(_ db: TestDatabase) async throws -> [String: Set<String>] {
    let portal = db.pool(of: .portal)
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let tables = [
      "tenant", "client_user", "case", "note", "report", "case_assignment", "tenant_setting", "category", "policy",
      "policy_version", "campaign", "attestation", "attestation_act",
      "disclosure", "investigation", "case_message", "attachment",
    ]
    let rows = try await portal.transaction(.portal, settings) { tx in
      var rows: [String: Set<String>] = [:]
      for table in tables {
        let columns = try await tx.query(
          """
          SELECT quote_ident(column_name::text) FROM information_schema.column_privileges
          WHERE grantee = 'portal_tenant' AND table_name = \(table) ORDER BY column_name
          """, as: String.self)
        let row = "SELECT concat_ws('|', \(columns.joined(separator: ", "))) FROM \"\(table)\""
        rows[table] = Set(try await tx.query(SQL(trusted: row), as: String.self))
      }
      return rows
    }
    await portal.close()
    return rows
  }
}
