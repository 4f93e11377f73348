// The directory's page: what matches, what is only close, and what is said where there is neither.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The directory's page")
struct DirectoryPageTests {
  private func desk(_ db: TestDatabase) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    return browser
  }

  private func times(_ words: String, in body: String) -> Int {
    body.components(separatedBy: words).count - 1
  }

  @Test("names that are only close stand below words that say nothing matched")
  func close() async throws {
    let db = try await TestDatabase.make()
    let body = try await desk(db).get("/tenants?q=acme%20helth").body
    let head = try #require(body.range(of: "Nothing matches “acme helth”"))
    let row = try #require(body.range(of: "href=\"/t/acme-health\""))
    #expect(body.contains("<p>Close to it:</p>") && head.upperBound < row.lowerBound)
    #expect(body.contains("<span class=\"count\">0 clients, "))
    #expect(times("Clear filters", in: body) == 1, "the filter bar's alone")
  }

  @Test("where filters narrow what is close, the same words are offered without them")
  func closeFiltered() async throws {
    let db = try await TestDatabase.make()
    let body = try await desk(db).get("/tenants?q=acme%20helth&status=live").body
    #expect(body.contains("Close to it:") && body.contains("href=\"/tenants?q=acme%20helth\">Clear filters"))
  }

  @Test("where some match and others are close, it says where those begin")
  func both() async throws {
    let db = try await TestDatabase.make()
    _ = try await db.superuser().execute(
      .superuser,
      """
      INSERT INTO tenant_directory (tenant_id, slug, name, name_folded, status, tier, industry, employee_count,
        timezone, default_language, folded)
      SELECT gen_random_uuid(), slug, name, lower(name), 'live', 'smb', 'other', 10, 'UTC', 'en',
        ' ' || lower(name) || ' '
      FROM (VALUES ('mallets', 'Xylophonists'), ('mallet', 'Xylophonist')) AS made (slug, name)
      """)
    let browser = try await desk(db)
    let body = try await browser.get("/tenants?q=xylophonists").body
    let places = try ["href=\"/t/mallets\"", "Close to “xylophonists”", "href=\"/t/mallet\""].map {
      try #require(body.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted() && body.contains("<span class=\"count\">1 client, 1 close"))
    #expect(!body.contains("Nothing matches"))
    let items = try #require(try await browser.json("/tenants?q=xylophonists")["items"] as? [[String: Any]])
    #expect(items.compactMap { $0["match"] as? String } == ["start", "near"])
  }

  @Test("where nothing is close either, it says what was sought and leads back to every client")
  func nothing() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db)
    let sought = try await browser.get("/tenants?q=zzzzqqqq").body
    #expect(sought.contains("data-kind=\"nothing-matches\"") && sought.contains("Nothing matches “zzzzqqqq”"))
    #expect(sought.contains("Try fewer words, or take a filter away.") && !sought.contains("Close to"))
    #expect(times("href=\"/tenants\">Clear filters", in: sought) == 2)
    let filtered = try await browser.get("/tenants?status=closed&tier=plg&industry=government&only=mine").body
    #expect(filtered.contains("Nothing matches these filters"))
    #expect(times("href=\"/tenants\">Clear filters", in: filtered) == 2)
    for chip in ["Closed", "PLG", "Government", "Mine"] { #expect(filtered.contains(">\(chip)</span></a>"), "\(chip)") }
  }
}
