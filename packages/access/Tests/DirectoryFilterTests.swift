// What narrows the directory: a client's tier and industry, its open tickets, and whom it concerns.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Filters of the directory")
struct DirectoryFilterTests {
  /// The slugs that a search leaves, for somebody who has not been anywhere.
  private func slugs(_ query: DirectoryQuery, in db: TestDatabase) async throws -> Set<String> {
    let (_, signedIn) = try await db.signIn(World.supportL2)
    let page = try await db.ledger.directory(query, for: signedIn.staff.id)
    #expect(page.count == page.entries.count)
    return Set(page.entries.map(\.tenant.slug))
  }

  /// Those of which the database says so.
  private func slugs(where condition: SQL, in db: TestDatabase) async throws -> Set<String> {
    Set(
      try await db.superuser().query(
        .superuser, "SELECT t.slug FROM tenant_directory t WHERE \(fragment: condition)", as: String.self))
  }

  @Test("leave the clients of a tier, or of several", arguments: Tier.allCases)
  func tiers(tier: Tier) async throws {
    let db = try await TestDatabase.make()
    let found = try await slugs(DirectoryQuery(tiers: [tier]), in: db)
    #expect(try await slugs(where: "t.tier = \(tier.rawValue)", in: db) == found)
    #expect(!found.isEmpty && found.count < 6 && found.contains("acme-health") == (tier == .enterprise))
    let both = try await slugs(DirectoryQuery(tiers: [tier, .enterprise]), in: db)
    #expect(try await slugs(where: "t.tier IN ('enterprise', \(tier.rawValue))", in: db) == both)
  }

  @Test("leave the clients of an industry, within the words and the tier that are asked for too")
  func industries() async throws {
    let db = try await TestDatabase.make()
    let found = try await slugs(DirectoryQuery(industries: [.healthcare]), in: db)
    #expect(try await slugs(where: "t.industry = 'healthcare'", in: db) == found && found.contains("acme-health"))
    let banks = DirectoryQuery(words: "bank", tiers: [.enterprise], industries: [.financialServices])
    #expect(try await slugs(banks, in: db) == ["borealis-bank"])
    let schools = DirectoryQuery(words: "borealis", industries: [.education])
    #expect(try await slugs(schools, in: db).isEmpty)
  }

  @Test("leave the clients with an open ticket, and no longer once it is closed")
  func openTickets() async throws {
    let db = try await TestDatabase.make()
    let query = DirectoryQuery(only: .openTicket)
    #expect(try await slugs(query, in: db).isSuperset(of: ["acme-health", "borealis-bank"]))
    try await db.ledger.fleet(db.system()) { tx in
      try await tx.execute("UPDATE ticket SET state = 'closed' WHERE tenant_id = \(World.borealisBank.id)")
      try await tx.record("ticket.set")
    }
    let left = try await slugs(query, in: db)
    #expect(left.contains("acme-health") && !left.contains("borealis-bank"))
  }

  @Test("leave what is mine: pinned, entered, or a ticket of mine; and what ended there is mine no more")
  func mine() async throws {
    let db = try await TestDatabase.make()
    let query = DirectoryQuery(only: .mine)
    let (_, sam) = try await db.signIn(World.supportL2)
    #expect(try await slugs(query, in: db).isEmpty)
    try await db.ledger.pin(World.borealisBank, .pinned, by: sam, request: db.facts())
    #expect(try await slugs(query, in: db) == ["borealis-bank"])
    let id = try await db.ledger.enter(
      World.acmeHealth, Entry(kind: .manualSearch), by: sam, request: db.facts("impersonation.start"))
    #expect(try await slugs(query, in: db) == ["acme-health", "borealis-bank"])
    let open = try await db.ledger.openAccesses(of: sam.staff.id)
    #expect(open.map(\.id) == [id])
    for access in open { try await db.ledger.exit(access, by: sam, request: db.facts("impersonation.end")) }
    try await db.ledger.pin(World.borealisBank, .notPinned, by: sam, request: db.facts())
    #expect(try await slugs(query, in: db).isEmpty)
    try await db.ledger.fleet(db.system()) { tx in
      try await tx.execute(
        """
        UPDATE ticket SET assignee_id = \(sam.staff.id), state = 'in_progress'
        WHERE id = (SELECT id FROM ticket WHERE tenant_id = \(World.acmeHealth.id) ORDER BY id LIMIT 1)
        """)
      try await tx.record("ticket.set")
    }
    #expect(try await slugs(query, in: db) == ["acme-health"])
  }

  @Test("a hotline number finds its client, whole or by its end", arguments: ["+1 800 555 00003", "00003"])
  func hotline(words: String) async throws {
    let db = try await TestDatabase.make()
    let owner = try await slugs(where: "'+1 800 555 00003' = ANY(t.lines)", in: db)
    #expect(owner.count == 1)
    #expect(try await slugs(DirectoryQuery(words: words), in: db) == owner)
  }

  @Test(
    "a hotline number finds its client and no other as it is dialled, abroad or at home",
    arguments: [
      "+180055500003", "180055500003", "00180055500003", "80055500003", "080055500003", "1-800-555-00003",
      "(800) 555-00003", "1.800.555.00003", "+1 (0) 800 555 00003", " 555 00003 ",
    ])
  func dialled(words: String) async throws {
    let db = try await TestDatabase.make()
    let owner = try await slugs(where: "'+1 800 555 00003' = ANY(t.lines)", in: db)
    #expect(owner.count == 1)
    #expect(try await slugs(DirectoryQuery(words: words), in: db) == owner)
  }

  @Test(
    "digits that are nobody's number find nobody",
    arguments: ["+280055500003", "180055500003180055500003", "(800) 555-99999", "C20000000"])
  func dialledWrongly(words: String) async throws {
    let db = try await TestDatabase.make()
    #expect(try await slugs(DirectoryQuery(words: words), in: db).isEmpty)
  }

  @Test("a number that a client gives up is found there no longer, and its new one is")
  func movedNumber() async throws {
    let db = try await TestDatabase.make()
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute("UPDATE hotline_line SET number = '0800 123-4567'")
      try await tx.record("test.write")
    }
    #expect(try await slugs(DirectoryQuery(words: "+180055500000"), in: db).isEmpty)
    #expect(try await slugs(DirectoryQuery(words: "08001234567"), in: db) == ["acme-health"])
  }

  @Test("a hotline number is looked up by its index, not in every client")
  func numberPlan() async throws {
    let db = try await TestDatabase.make()
    let number = "80055500003"
    let plan = try await db.superuser().transaction(.superuser) { tx in
      try await tx.execute("SET LOCAL enable_seqscan = off")
      return try await tx.query(
        """
        EXPLAIN SELECT n.tenant_id FROM tenant_directory n
        WHERE directory_numbers(n.lines, n.contract_number) @> ARRAY[\(number)::text]
        """, as: String.self)
    }
    #expect(plan.contains { $0.contains("tenant_directory_numbers") })
  }
}
