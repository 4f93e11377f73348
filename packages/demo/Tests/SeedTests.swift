// The demo's world: the same one each time, and in it many small clients and a few large ones.

import Access
import EthicoTypes
import Postgres
import TestSupport
import Testing

@testable import Demo

@Suite("The seed")
struct SeedTests {
  /// A digest of each table, but for the trail, whose salts and hashes are of one seeding alone.
  private func digests(_ db: TestDatabase) async throws -> [String] {
    let owner = db.superuser()
    let tables = try await owner.query(
      .superuser,
      """
      SELECT oid::regclass::text FROM pg_class
      WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
        AND relname NOT LIKE 'audit%' AND relname NOT IN ('row_change', 'schema_migration')
      ORDER BY 1
      """, as: String.self)
    let each = tables.map { table in
      """
      SELECT '\(table) ' || count(*) || ' ' || md5(COALESCE(string_agg(r.row, E'\\n' ORDER BY r.row COLLATE "C"), ''))
      FROM (SELECT (to_jsonb(t) - 'token_hash')::text AS row FROM \(table) t) r
      """
    }
    let found = try await owner.query(
      .superuser, SQL(trusted: each.joined(separator: " UNION ALL ") + " ORDER BY 1"), as: String.self)
    await owner.close()
    return found
  }

  @Test("makes the same rows in every table from the same number")
  func same() async throws {
    let one = try await digests(TestDatabase.make())
    let two = try await digests(TestDatabase.seededAnew())
    #expect(one.count > 60 && one.contains { $0.hasPrefix("client_user ") && !$0.hasPrefix("client_user 0 ") })
    for (first, second) in zip(one, two) { #expect(first == second) }
    #expect(one.count == two.count)
  }

  @Test("keeps the two full clients at what the README says of them")
  func full() async throws {
    let db = try await TestDatabase.make()
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', (SELECT count(*) FROM client_user u WHERE u.tenant_id = t.id),
        (SELECT count(*) FROM employee e WHERE e.tenant_id = t.id),
        (SELECT count(*) FROM "case" c WHERE c.tenant_id = t.id),
        (SELECT count(*) FROM disclosure d WHERE d.tenant_id = t.id),
        (SELECT count(*) FROM policy p WHERE p.tenant_id = t.id))
      FROM tenant t
      WHERE t.id IN (\(World.acmeHealth.id), \(World.borealisBank.id))
      ORDER BY t.slug
      """, as: String.self)
    #expect(found == ["40 2400 220 150 60", "18 600 64 36 24"])
  }

  @Test("draws the same volume from the same source, within its bounds", arguments: Tier.allCases)
  func bounds(tier: Tier) {
    for number in 0..<500 {
      let employees = 5 + number * 48
      var one = SplitMix64(seed: UInt64(number))
      var two = one
      let volume = SeedVolume.drawn(tier: tier, employees: employees, using: &one)
      #expect(volume == SeedVolume.drawn(tier: tier, employees: employees, using: &two))
      #expect((5...60).contains(volume.users) && (0...180).contains(volume.cases))
      #expect(volume.employees <= min(90, employees) && (1...14).contains(volume.policies))
      #expect(volume.employees > 0 || volume.disclosures == 0, "who would have disclosed it?")
    }
  }

  @Test("lets small clients report in their own language and English, large ones in every language")
  func languages() {
    #expect(Set(Tales.told(in: "de", worldwide: false).map(\.language)) == ["de", "en"])
    #expect(Set(Tales.told(in: "en", worldwide: false).map(\.language)) == ["en"])
    #expect(Set(Tales.told(in: "en", worldwide: true).map(\.language)).count > 5)
    let known = Set(Tales.categories.map(\.code))
    #expect(Tales.told(in: "en", worldwide: true).allSatisfy { known.contains($0.category) })
  }
}
