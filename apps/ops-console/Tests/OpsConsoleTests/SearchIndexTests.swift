// The index behind a client's search, as support repairs it: what is missing, indexing again, rebuilding meanwhile.

import Access
import EthicoTypes
import Foundation
import Jobs
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("Search index")
struct SearchIndexTests: SearchSteps {
  private func index(_ browser: RouterClient, _ home: String, _ entity: String) async throws -> Item {
    let items = try await browser.json(home + "debug/search")["items"] as? [Item] ?? []
    return try #require(items.first { $0["entity"] as? String == entity })
  }

  @Test("shows support the three cases that are missing; one is indexed again, a rebuild brings the others")
  func repair() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let before = try await index(browser, home, "case")
    #expect(before["records"] as? Int == 220 && before["missing"] as? Int == 3 && before["found"] as? Int == 217)
    let here = home + "debug/search/case"
    let faults = try #require(try await browser.json(here)["faults"] as? [Item])
    #expect(faults.map { $0["fault"] as? String } == ["missing", "missing", "missing"])
    let checked = try await browser.post(here + "/check")
    #expect(try await browser.get(try #require(checked.location)).body.contains("3 not found"))
    let id = try #require(faults[0]["id"] as? String)
    #expect(try await browser.post(here + "/reindex", ["record": id, "_key": "k"]).status == 303)
    #expect(try await browser.post(here + "/reindex", ["record": "nothing"]).status == 422)
    #expect(try await browser.post(here + "/reindex", ["record": UUID().uuidString]).status == 404)
    #expect(try await index(browser, home, "case")["missing"] as? Int == 2)
    #expect(try await browser.post(here + "/rebuild", ["_key": "r"]).status == 303)
    let second = try await browser.post(here + "/rebuild", [:], accept: "application/json")
    #expect(try second.gist == "409 rebuild_running")
    try await drain(db)
    let after = try await index(browser, home, "case")
    #expect(after["missing"] as? Int == 0 && after["found"] as? Int == 220 && after["generation"] as? Int == 2)
    let left = try await db.superuser().query(
      .superuser,
      """
      SELECT count(*) FROM search_document
      WHERE entity = 'case' AND generation = 1 AND tenant_id = \(World.acmeHealth.id)
      """, as: Int.self)
    #expect(left == [0])
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', action, outcome) FROM audit_event
      WHERE action LIKE 'index.%' AND chain = \(World.acmeHealth.id) AND impersonation_id IS NOT NULL ORDER BY at
      """, as: String.self)
    #expect(
      events == [
        "index.check ok", "index.reindex ok", "index.reindex failed", "index.rebuild ok", "index.rebuild conflict",
      ])
    // What failed changed nothing and is not its history; the check is, though it changed nothing.
    let page = try await browser.get(here).body
    let history = page.components(separatedBy: "class=\"timeline\"").last ?? ""
    let acts = ["index.check", "index.reindex", "index.rebuild"]
    #expect(acts.map { history.components(separatedBy: $0).count - 1 } == [1, 1, 1])
    let access = String(home.dropFirst("/i/".count).dropLast())
    let changes = try #require(try await browser.json("/audit/accesses/\(access)?only=changes")["items"] as? [Item])
    let changed = changes.compactMap { $0["action"] as? String }.filter { $0.hasPrefix("index.") }
    #expect(changed == ["index.reindex", "index.rebuild"])
    _ = try await browser.post("/i/\(access)/exit")
    #expect(try await browser.json("/exited/\(access)")["changes"] as? Int == 2)
    let reader = try RouterClient(db)
    try await reader.signIn(World.supportL1)
    let theirs = try #require(try await reader.post("/t/acme-health/enter").location)
    #expect(try await reader.get(theirs + "debug/search/case").status == 200)
    #expect(try await reader.post(theirs + "debug/search/case/rebuild").status == 403)
  }

  @Test("a second rebuild at the same moment waits for the first one, and is refused")
  func atOnce() async throws {
    let db = try await TestDatabase.make()
    let second = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await SearchIndex.rebuild(.case, in: tx)
      let second = Task { try await write(db, World.acmeHealth) { try await SearchIndex.rebuild(.case, in: $0) } }
      try await somebodyWaits(in: db)
      try await tx.record("test.write")
      return second
    }
    await #expect(throws: IndexRefusal.rebuildRunning(.case)) { try await second.value }
    let rebuilds = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM job WHERE kind = 'search.rebuild'", as: Int.self)
    #expect(rebuilds == [1])
  }

  /// Comes back when a transaction waits for another one.
  private func somebodyWaits(in db: TestDatabase) async throws {
    let owner = db.superuser()
    let waiting: SQL = """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
      """
    for _ in 0..<500 {
      if try await owner.query(.superuser, waiting, as: Int.self) != [0] { break }
      _ = try await owner.execute(.superuser, "SELECT pg_sleep(0.01)")
    }
    await owner.close()
  }

  @Test("a rebuild whose worker went away behind the switch is finished by the next, and is no failure")
  func finished() async throws {
    let db = try await TestDatabase.make()
    try await write(db, World.acmeHealth) { tx in
      _ = try await tx.order(SearchRebuild(entity: "employee"), uniqueKey: "employee")
    }
    try await drain(db)
    let results = try await db.superuser().query(
      .superuser, "SELECT state || ': ' || result FROM job WHERE kind = 'search.rebuild'", as: String.self)
    #expect(results == ["succeeded: Employees had been rebuilt before; what answers no more is gone."])
  }

  @Test("answers from one generation while the next is filled, and loses nothing that is written meanwhile")
  func generations() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    #expect(try await browser.post(home + "debug/search/case/rebuild", ["_key": "r"]).status == 303)
    let before = try await found(browser, home, "kind=case&q=supplier")
    try await write(db, World.acmeHealth) { tx in
      try await Self.summarize(Self.canary, in: tx)
    }
    try await drain(db)
    #expect(try await found(browser, home, "kind=case&q=" + Self.canary).count == 1)
    #expect(try await found(browser, home, "kind=case&q=supplier").count >= before.count)
    #expect(try await index(browser, home, "case")["generation"] as? Int == 2)
  }
}
