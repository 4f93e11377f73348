// The jobs of all clients in numbers, as whoever operates the platform sees them.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Jobs
import Postgres
import TestSupport
import Testing

@Suite("Jobs of all clients")
struct FleetJobTests {
  private typealias Item = [String: Any]

  private func fleet(_ browser: RouterClient) async throws -> Item {
    try #require(try await browser.json("/platform/jobs")["fleet"] as? Item)
  }

  /// `default queued 3` of what waits.
  private func waiting(_ fleet: Item) throws -> Set<String> {
    let tallies = try #require(fleet["waiting"] as? [Item])
    return Set(tallies.map { "\($0["queue"] ?? "") \($0["state"] ?? "") \($0["count"] ?? "")" })
  }

  @Test("are counted by queue and state as every client has them")
  func counts() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    try await db.ledger.platformJobs(by: db.system()) { tx in _ = try await tx.order(AuditVerify()) }
    let stored = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', queue, state, count(*)) FROM job
      WHERE state IN ('queued', 'retrying') OR state = 'running' AND losses < 2 GROUP BY queue, state
      """, as: String.self)
    #expect(!stored.isEmpty)
    #expect(try await waiting(fleet(browser)) == Set(stored))
    #expect(try await browser.get("/platform/jobs").body.contains("Waiting at all clients"))
  }

  @Test("move from state to state with their job, and go when it is done")
  func moves() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.ledger.platformJobs(by: db.system()) { tx in try await tx.order(AuditVerify()) }
    let due: SQL = "SELECT state FROM job_due WHERE job_id = \(id)"
    #expect(try await db.database.query(.fleet, due, as: String.self) == ["queued"])
    let superuser = db.superuser()
    _ = try await superuser.execute(
      .superuser,
      """
      UPDATE job SET state = 'running', leased_until = now(), heartbeat_at = now(), worker = 'w', started_at = now()
      WHERE id = \(id)
      """)
    #expect(try await db.database.query(.fleet, due, as: String.self) == ["running"])
    _ = try await superuser.execute(
      .superuser,
      """
      UPDATE job SET state = 'succeeded', leased_until = NULL, heartbeat_at = NULL, worker = NULL, finished_at = now()
      WHERE id = \(id)
      """)
    await superuser.close()
    #expect(try await db.database.query(.fleet, due, as: String.self).isEmpty)
  }

  @Test("that are dead lead to their client: its card, and for who may enter the way in")
  func dead() async throws {
    let db = try await TestDatabase.make()
    let stored = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', t.slug, count(*)) FROM job j JOIN tenant t ON t.id = j.tenant_id
      WHERE j.state = 'dead' GROUP BY t.slug
      """, as: String.self)
    #expect(stored.contains { $0.hasPrefix("acme-health ") })
    _ = try await db.database.query(.fleet, "SELECT tenant_pulse_count(\(db.clock.now))", as: Int.self)
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    let told = try await fleet(browser)
    let items = try #require(told["items"] as? [Item])
    #expect(Set(items.map { "\($0["slug"] ?? "") \($0["dead"] ?? "")" }) == Set(stored))
    #expect(told["clients"] as? Int == stored.count)
    #expect(told["dead"] as? Int == items.compactMap { $0["dead"] as? Int }.reduce(0, +))
    let page = try await browser.get("/platform/jobs").body
    #expect(page.contains("href=\"/t/acme-health\"") && !page.contains("href=\"/t/acme-health/enter\""))
    let person = try #require((try await browser.json("/staff?q=jordan")["items"] as? [Item])?.first?["id"] as? String)
    let grant: KeyValuePairs<String, String> = ["what": "capability:fleet.write", "rationale": "Asked.", "until": ""]
    #expect(try await browser.post("/staff/\(person)/grant", grant).status == 303)
    let support = try RouterClient(db)
    try await support.signIn(World.support)
    #expect(try await support.get("/platform/jobs").body.contains("href=\"/t/acme-health/enter\""))
  }
}
