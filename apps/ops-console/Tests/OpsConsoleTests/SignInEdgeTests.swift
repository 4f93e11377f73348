// The edges of a sign-in: what comes too often, what comes too late, and staying.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing
import Web

@Suite("The edges of a sign-in")
struct SignInEdgeTests {
  private func refusals(_ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'access.rate_limited' AND e.outcome = 'denied' ORDER BY d.text
      """, as: String.self)
  }

  // MARK: Too often

  @Test("beyond a limit the form is kept, the trail says so once, and the next minute is free again")
  func limits() async throws {
    let db = try await TestDatabase.make()
    db.clock.advance(seconds: 60 - db.clock.now.timeIntervalSince1970.truncatingRemainder(dividingBy: 60))
    let browser = try RouterClient(db, limits: RateLimits(accessStarts: 2, directorySearches: 3, signIns: 10))
    try await browser.signIn(World.support)
    for slug in ["acme-health", "borealis-bank", "acme-health"] {
      #expect(try await browser.post("/t/\(slug)/enter").status == 303)
    }
    let employee = try await db.superuser().query(
      .superuser,
      "SELECT email FROM client_user WHERE tenant_id = \(World.acmeHealth.id) AND state = 'active' LIMIT 1",
      as: String.self)
    let words: KeyValuePairs = ["as": try #require(employee.first), "note": "A note that was typed."]
    for _ in 0..<2 {
      let reply = try await browser.post("/t/acme-health/enter", words)
      #expect(reply.status == 429 && reply.body.contains("A note that was typed."))
      #expect(reply.headers[.retryAfter].flatMap { Int($0) }.map { (55...60).contains($0) } == true)
    }
    for _ in 0..<3 { #expect(try await browser.get("/tenants?q=acme").status == 200) }
    let searched = try await browser.get("/tenants?q=borealis")
    #expect(searched.status == 429 && searched.body.contains("value=\"borealis\""))
    #expect(try await browser.get("/tenants?q=acme", accept: "application/json").gist == "429 rate_limited")
    #expect(try await refusals(db) == ["access_starts", "directory_searches"])
    let another = try RouterClient(db, limits: RateLimits(directorySearches: 3))
    try await another.signIn(World.supportL1)
    #expect(try await another.get("/tenants?q=acme").status == 200)
    db.clock.advance(seconds: 60)
    #expect(try await browser.get("/tenants?q=acme").status == 200)
    #expect(try await browser.post("/t/acme-health/enter", words).status == 303)
  }

  @Test("of one address ten sign-ins a minute begin at the provider; where the person wanted to go is kept")
  func signIns() async throws {
    let db = try await TestDatabase.make()
    let settings = try OIDCSettings(
      issuer: "https://login.example", clientID: "ops", clientSecret: nil, acr: nil,
      redirectURL: "https://ops.example/sign-in/callback")
    let unreachable = HTTPFetch { _ in throw TestFailure() }
    let provider = OIDCProvider(settings: settings, timepiece: db.ledger.timepiece, fetch: unreachable)
    let browser = try RouterClient(db, mode: .production, provider: provider)
    for _ in 0..<10 { #expect(try await browser.post("/sign-in/start", ["return": "/tickets"]).status == 403) }
    for _ in 0..<2 {
      let reply = try await browser.post("/sign-in/start", ["return": "/tickets"])
      #expect(reply.status == 429 && reply.headers[.retryAfter] != nil)
      #expect(reply.body.contains("name=\"return\" value=\"/tickets\""))
    }
    #expect(try await refusals(db) == ["sign_ins"])
  }

  private struct TestFailure: Error {}

  @Test("counting a search costs no query of its own")
  func searchCount() async throws {
    let db = try await TestDatabase.make()
    let (token, _) = try await db.signIn(World.support)
    for expected in 1...3 {
      let (_, spent) = try await db.ledger.signIn(token, spending: .directorySearches)
      #expect(spent == expected)
    }
    #expect(try await db.ledger.signIn(token, spending: nil).spent == nil)
  }

  // MARK: Too late

  /// A person whose sign-in has expired while a note was written; where the note was sent to, and the answer.
  private func late(
    _ db: TestDatabase, body: String = "A long note – with “signs”.", csrf: String? = nil
  ) async throws -> (browser: RouterClient, path: String, reply: RouterClient.Reply) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    let access = String(try #require(entered.location).dropLast())
    let items = try await browser.json(access + "/cases?stage=active&limit=1")["items"] as? [[String: Any]]
    let path = access + "/cases/" + (try #require(items?.first?["id"] as? String)) + "/notes"
    db.clock.advance(seconds: 30 * 60 + 1)
    let reply = try await browser.post(
      path, ["body": body, "visibility": "team", "_key": "late", "_csrf": csrf ?? browser.csrf])
    return (browser, path, reply)
  }

  /// Where the sign-in page leads back to.
  private func back(_ reply: RouterClient.Reply) throws -> String {
    let query = try #require(reply.location?.split(separator: "?").last)
    return try #require(query.dropFirst("return=".count).removingPercentEncoding)
  }

  private func notes(_ db: TestDatabase) async throws -> Int {
    try await db.superuser().query(
      .superuser, "SELECT count(*) FROM note WHERE body LIKE 'A long note%'", as: Int.self
    ).first ?? -1
  }

  @Test("a form that meets an expired sign-in is kept sealed, shown to its person alone, and sent once")
  func keptAndSent() async throws {
    let db = try await TestDatabase.make()
    let (browser, path, reply) = try await late(db)
    #expect(reply.status == 303)
    let held = try back(reply)
    #expect(held.hasPrefix("/held/"))
    let sealed = try await db.superuser().query(
      .superuser, "SELECT position('long note'::bytea IN sealed) FROM held_form", as: Int.self)
    #expect(sealed == [0])
    let other = try RouterClient(db)
    try await other.signIn(World.supportL1)
    #expect(try await other.get(held).status == 404)
    #expect(try await other.post(held + "/discard").status == 404)
    // The seal is bound to its person: a row that is given to somebody else opens for nobody.
    let person = try await db.database.query(
      .fleet, "SELECT id FROM staff WHERE email = \(World.supportL1)", as: ID<Staff>.self)
    let owner = try await db.superuser().query(
      .superuser,
      """
      UPDATE held_form h SET staff_id = \(person.first) FROM held_form was WHERE was.id = h.id RETURNING was.staff_id
      """, as: ID<Staff>.self)
    #expect(try await other.get(held).status == 404)
    _ = try await db.superuser().execute(.superuser, "UPDATE held_form SET staff_id = \(owner.first)")

    try await browser.signIn(World.support)
    #expect(try await browser.get("/me").body.contains(held))
    let page = try await browser.get(held)
    #expect(
      page.status == 200 && page.body.contains("A long note – with “signs”.") && page.body.contains("Acme Health"))
    #expect(page.body.contains("action=\"\(path)\"") && page.body.contains("name=\"_key\" value=\"late\""))
    #expect(try await notes(db) == 0)
    let id = String(held.dropFirst("/held/".count))
    for _ in 0..<2 {
      let sent = try await browser.post(
        path, ["body": "A long note – with “signs”.", "visibility": "team", "_key": "late", "_held": id])
      #expect(sent.status == 303)
    }
    #expect(try await notes(db) == 1)
    #expect(try await browser.get(held).status == 404)
  }

  @Test("a kept form is let go when it is not wanted, and after an hour")
  func discarded() async throws {
    let db = try await TestDatabase.make()
    let (browser, _, reply) = try await late(db)
    try await browser.signIn(World.support)
    let held = try back(reply)
    #expect(try await browser.post(held + "/discard").gist == "303 /")
    #expect(try await browser.get(held).status == 404)
    let (again, _, second) = try await late(db)
    db.clock.advance(seconds: 60 * 60 + 1)
    try await again.signIn(World.support)
    #expect(try await again.get(try back(second)).status == 404)
  }

  @Test("what is forged, too large, or sent by a program or an ended sign-in is not kept")
  func notKept() async throws {
    let db = try await TestDatabase.make()
    let forged = try await late(db, csrf: "forged")
    #expect(try back(forged.reply) == "/")
    let large = try await late(db, body: String(repeating: "x", count: 256 * 1024))
    #expect(try back(large.reply) == "/")
    let crumbs = String(repeating: "&=", count: 100_000) + "&_csrf=" + large.browser.csrf
    #expect(try back(try await large.browser.send(.post, large.path, body: crumbs)) == "/")
    let program = try await large.browser.post(
      large.path, ["body": "A long note", "visibility": "team"], accept: "application/json")
    #expect(try program.gist == "401 sign_in")
    let ended = try RouterClient(db)
    try await ended.signIn(World.support)
    let copy = try ended.copy()
    _ = try await ended.post("/sign-out")
    #expect(try back(try await copy.post("/me/keys", ["keys": "off"])) == "/")
    let kept = try await db.superuser().query(.superuser, "SELECT count(*) FROM held_form", as: Int.self)
    #expect(kept == [0])
  }

  @Test("of a form with a file its words are kept, and its file has to be chosen again in the form that comes next")
  func withFile() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let items = try await browser.json(access + "/cases?stage=active&limit=1")["items"] as? [[String: Any]]
    let path = access + "/cases/" + (try #require(items?.first?["id"] as? String)) + "/attachments"
    db.clock.advance(seconds: 30 * 60 + 1)
    let file = (name: "plan.pdf", bytes: Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 32, count: 300_000))
    let held = try back(try await browser.upload(path, ["caption": "Kept words.", "_key": "late"], file: file))
    #expect(held.hasPrefix("/held/"))
    let sealed = try await db.superuser().query(
      .superuser, "SELECT octet_length(sealed) FROM held_form", as: Int.self)
    #expect(sealed.count == 1 && sealed[0] < 10_000)
    try await browser.signIn(World.support)
    let page = try await browser.get(held).body
    #expect(page.contains("Kept words.") && page.contains("plan.pdf") && page.contains("was not kept"))
    #expect(page.contains("Fill the form in again") && !page.contains("Send now"))
    #expect(try await browser.json(held)["file"] as? String == "plan.pdf")
    let id = String(held.dropFirst("/held/".count))
    let again = try await browser.post(path, ["caption": "Kept words.", "_key": "late", "_held": id])
    #expect(again.status == 422 && again.body.contains("Choose a file."))
    #expect(try await browser.get(held).status == 404)
    #expect(try await browser.upload(path, ["_key": "late"], file: file).status == 303)
  }

  // MARK: Staying

  @Test("staying is a request like any other: half an hour more, and never past twelve hours")
  func stay() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    #expect(try await browser.get("/").body.contains("<stay-signed-in hidden data-idle=\"1800\" data-offer=\"1680\""))
    for _ in 0..<25 {
      db.clock.advance(seconds: 28 * 60)
      #expect(try await browser.post("/me/stay", accept: "application/json").status == 200)
    }
    db.clock.advance(seconds: 28 * 60)
    #expect(try await browser.post("/me/stay", accept: "application/json").gist == "401 sign_in")
  }

  @Test("a person ends their own other sign-ins, never by this way the one in use")
  func ownSignIns() async throws {
    let db = try await TestDatabase.make()
    let here = try RouterClient(db)
    try await here.signIn(World.support)
    let there = try RouterClient(db)
    try await there.signIn(World.support)
    let foreign = try RouterClient(db)
    try await foreign.signIn(World.supportL1)
    let mine = try await here.json("/me")["sign_ins"] as? [[String: Any]]
    let ids = try #require(mine).compactMap { $0["id"] as? String }
    #expect(ids.count == 2)
    let refused = try await here.post("/me/end-sign-ins", ["sign_in": ids[1]], accept: "application/json")
    #expect(try refused.gist == "422 invalid")
    let theirs = try await foreign.json("/me")["sign_ins"] as? [[String: Any]]
    let other = try #require(theirs?.first?["id"] as? String)
    #expect(try await here.post("/me/end-sign-ins", ["sign_in": other]).status == 303)
    #expect(try await foreign.get("/").status == 200)
    #expect(try await here.post("/me/end-sign-ins").status == 303)
    #expect(try await there.get("/", accept: "application/json").gist == "401 sign_in")
    #expect(try await here.get("/").status == 200)
  }
}
