// Home: how it begins for somebody who has not been anywhere, and what it keeps of where somebody was.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Home")
struct HomeTests {
  private typealias Item = [String: Any]

  private func desk(_ db: TestDatabase, _ email: String = World.support) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    return browser
  }

  /// More clients than the world has, by their slugs.
  private func plant(_ count: Int, in db: TestDatabase) async throws -> [String] {
    let slugs = (1...count).map { "planted-\($0)" }
    try await db.ledger.fleet(db.system()) { tx in
      try await tx.execute(
        """
        INSERT INTO tenant (id, slug, name, status, tier, industry)
        SELECT gen_random_uuid(), slug, initcap(slug), 'live', 'smb', 'other'
        FROM unnest(\(slugs)) AS slug
        """)
      try await tx.record("tenant.create")
    }
    return slugs
  }

  private func slugs(_ part: String, _ browser: RouterClient) async throws -> [String] {
    let items = try #require(try await browser.json("/")[part] as? [Item])
    return items.compactMap { $0["slug"] as? String }
  }

  /// What home offers to try, as the addresses of searches.
  private func offered(_ body: String) -> [String] {
    body.matches(of: #/href="(\/tenants\?q=[^"]*)"/#).map { String($0.output.1) }
  }

  @Test("on a first day shows searches that this directory answers, one of them mistyped")
  func firstDay() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    let body = try await browser.get("/").body
    #expect(body.contains("Start with a client"))
    let searches = offered(body)
    #expect(searches.count == 3)
    var matches: [String] = []
    for search in searches {
      let items = try #require(try await browser.json(search)["items"] as? [Item])
      matches.append(try #require(items.first?["match"] as? String, "\(search) finds nothing"))
    }
    #expect(matches.dropLast().allSatisfy { ["exact", "start"].contains($0) } && matches.last == "near")
  }

  @Test("on a first day without clients offers nothing to try")
  func noClients() async throws {
    let db = try await TestDatabase.make()
    _ = try await db.superuser().execute(.superuser, "DELETE FROM tenant_directory")
    let body = try await desk(db, World.supportL2).get("/").body
    #expect(body.contains("Start with a client") && offered(body).isEmpty && !body.contains("Try "))
  }

  @Test("is no first day any more once a client was entered")
  func secondDay() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    #expect(try await browser.post("/t/acme-health/enter").status == 303)
    let body = try await browser.get("/").body
    #expect(!body.contains("Start with a client") && body.contains("Your open accesses"))
  }

  @Test("keeps the eight clients that were entered last, the newest first")
  func recent() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    let planted = try await plant(9, in: db)
    for slug in planted { #expect(try await browser.post("/t/\(slug)/enter").status == 303) }
    // What is open stands on the page, too.
    #expect(try await browser.post("/exit-all").status == 303)
    #expect(try await slugs("recent", browser) == Array(planted.reversed().prefix(8)))
    let body = try await browser.get("/").body
    #expect(body.contains(">Planted-2<") && !body.contains(">Planted-1<"))
    #expect(try await browser.post("/t/\(planted[0])/enter").status == 303)
    #expect(try await slugs("recent", browser) == [planted[0]] + planted.reversed().prefix(7))
    #expect(try await browser.get("/").body.contains(">Planted-1<"))
  }

  @Test("keeps at most twelve pinned clients, in the order in which they were pinned, and says when that is full")
  func pins() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    let planted = try await plant(13, in: db)
    for slug in planted.prefix(12) {
      let reply = try await browser.post("/t/\(slug)/pin", ["pinned": "yes"])
      #expect(reply.status == 303 && reply.location == "/t/\(slug)?done=pinned")
    }
    #expect(try await slugs("pinned", browser) == Array(planted.prefix(12)))
    let full = try await browser.post("/t/\(planted[12])/pin", ["pinned": "yes"], accept: "application/json")
    #expect(try full.gist == "409 pins_full")
    let page = try await browser.post("/t/\(planted[12])/pin", ["pinned": "yes"])
    #expect(page.status == 409 && page.body.contains("You have pinned twelve clients already."))
    #expect(try await browser.post("/t/\(planted[0])/pin", ["pinned": "yes"]).status == 303, "it is one of the twelve")
    #expect(try await browser.post("/t/\(planted[0])/pin", ["pinned": "no"]).status == 303)
    #expect(try await browser.post("/t/\(planted[12])/pin", ["pinned": "yes"]).status == 303)
    #expect(try await slugs("pinned", browser) == Array(planted.dropFirst()))
    #expect(try await browser.get("/").body.contains(">Planted-13<"))
  }

  @Test("offers to leave every workspace at once where more than one is open, and says that it is done")
  func exitAll() async throws {
    let db = try await TestDatabase.make()
    let browser = try await desk(db, World.supportL2)
    #expect(try await browser.post("/t/acme-health/enter").status == 303)
    #expect(!(try await browser.get("/").body.contains("Exit all")))
    #expect(try await browser.post("/t/borealis-bank/enter").status == 303)
    let body = try await browser.get("/").body
    #expect(body.contains("Exit all 2") && body.contains("action=\"/exit-all\""))
    let left = try await browser.post("/exit-all")
    #expect(left.status == 303 && left.location == "/?done=exited_all")
    let after = try await browser.get("/?done=exited_all").body
    #expect(
      after.contains("You have left every workspace.") && after.contains("An access stays open until you leave it."))
    #expect((try await browser.json("/")["open_accesses"] as? [Item])?.isEmpty == true)
  }
}
