// Finding a client: by name, domain, number, with a typo, in the order people expect.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The directory")
struct DirectoryTests {
  private func find(_ words: String, in db: TestDatabase) async throws -> [DirectoryEntry] {
    let (_, signedIn) = try await db.signIn(World.support)
    return try await db.ledger.directory(DirectoryQuery(words: words), for: signedIn.staff.id).entries
  }

  @Test(
    "finds Acme by what people know of it",
    arguments: [
      "acme", "ACME", "Acme Health", "health acme", "acme-health", "acme-health.example", "admin@acme-health.example",
      "0193a5c0-0000-7000-8000-000000000001", "C-20000", "C20000", "c 20000", "ac", "acme helth", "acmee",
      "https://acme-health.example/login", "HTTPS://www.Acme-Health.example:443?a=b#c", "http://acme-health.example",
      "https://anna@acme-health.example/", "+180055500000", "1-800-555-00000",
    ])
  func acme(words: String) async throws {
    let db = try await TestDatabase.make()
    let found = try await find(words, in: db)
    #expect(found.first?.tenant.slug == "acme-health")
  }

  @Test("puts the exact match first and says why each matches")
  func order() async throws {
    let db = try await TestDatabase.make()
    #expect(try await find("acme-health", in: db).first?.match == .exact)
    #expect(try await find("acme", in: db).first?.match == .start)
    #expect(try await find("health", in: db).contains { $0.tenant.slug == "acme-health" && $0.match == .word })
  }

  @Test(
    "finds nobody for words that nobody has, and takes patterns as words",
    arguments: ["zzzzqqqq", "%", "_", "\\", "'; --"])
  func nobody(words: String) async throws {
    let db = try await TestDatabase.make()
    #expect(try await find(words, in: db).isEmpty)
  }

  @Test("a near name is half right at least")
  func near() async throws {
    let db = try await TestDatabase.make()
    #expect(try await find("borelais bank", in: db).first?.tenant.slug == "borealis-bank")
  }

  @Test("a near name that the filters ask for is found behind any number of nearer ones that they do not")
  func nearFiltered() async throws {
    let db = try await TestDatabase.make()
    _ = try await db.superuser().execute(
      .superuser,
      """
      INSERT INTO tenant_directory (tenant_id, slug, name, name_folded, status, tier, industry, employee_count,
        timezone, default_language, folded)
      SELECT gen_random_uuid(), slug, name, lower(name), status, 'smb', 'other', 10, 'UTC', 'en',
        ' ' || lower(name) || ' '
      FROM (
        SELECT 'quarry-' || n, 'Quarrymen ' || n, 'live' FROM generate_series(1, 25) AS n
        UNION ALL
        SELECT 'quarry-gone', 'Quarryman', 'suspended'
      ) AS made (slug, name, status)
      """)
    let (_, signedIn) = try await db.signIn(World.support)
    let every = DirectoryQuery(words: "quarrymenn")
    let nearest = try await db.ledger.directory(every, for: signedIn.staff.id)
    #expect(nearest.entries.count == 20 && !nearest.entries.contains { $0.tenant.slug == "quarry-gone" })
    let suspended = DirectoryQuery(words: "quarrymenn", statuses: [.suspended])
    let found = try await db.ledger.directory(suspended, for: signedIn.staff.id)
    #expect(found.entries.map(\.tenant.slug) == ["quarry-gone"])
  }

  @Test("pages through every client once")
  func pages() async throws {
    let db = try await TestDatabase.make()
    let (_, signedIn) = try await db.signIn(World.support)
    var query = DirectoryQuery(limit: 2)
    var seen: [String] = []
    for _ in 0..<5 {
      let page = try await db.ledger.directory(query, for: signedIn.staff.id)
      #expect(page.count == 6)
      seen += page.entries.map(\.tenant.slug)
      guard let next = page.next else { break }
      query.after = next
    }
    #expect(seen.count == 6 && Set(seen).count == 6)
  }
}
