// Ids that are somebody else's, in every address that takes an id: they answer as ids of nothing do.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import TestSupport
import Testing
import Web

@Suite("Ids of others")
struct ForeignIDTests {
  /// The id of nothing.
  private static let unknown = "0193a5c0-0000-7000-8000-00000000ffff"
  private static let faces = ["text/html", "application/json"]
  /// What most acts ask for, so that none ends at an empty field before it looks for its record.
  private static let fields = [
    ("version", "1"), ("reason", "A test asks."), ("body", "A test asks."), ("title", "A test asks."),
    ("state", "open"), ("confirm", "on"),
  ]

  @Test("of another client's records answer as unknown ones, and leave nothing with that client")
  func records() async throws {
    let db = try await TestDatabase.make()
    let routes = try table(db).filter { $0.isInside && $0.parameters.count > 1 }
    #expect(routes.count > 30)
    _ = try await acme(db)
    let (browser, access) = try await RouterClient.inside(db, "borealis-bank")
    let before = try await events(of: World.acmeHealth, db)
    for route in routes {
      let foreign = try await db.address(of: route, in: World.acmeHealth)
      let ids = foreign.filter { ID<Tenant>($0.value) != nil }.keys.sorted()
      // All of them, and each one below what is the client's own: a file of another client under a case of this one.
      var swaps: [(names: [String], rest: [String: String])] = [(ids, foreign)]
      if ids.count > 1 {
        let own = try await db.address(of: route, in: World.borealisBank)
        swaps += ids.map { ([$0], own) }
      }
      for (names, rest) in swaps where !names.isEmpty {
        let theirs = rest.merging(foreign.filter { names.contains($0.key) }) { $1 }
        let nothing = rest.merging(names.map { ($0, Self.unknown) }) { $1 }
        for face in Self.faces {
          let swapped = try await open(browser, access, route, theirs, face)
          let missing = try await open(browser, access, route, nothing, face)
          #expect(swapped == missing, "\(route.method) \(route.path) \(names) \(face)")
          #expect(swapped.hasPrefix("404 "), "\(route.method) \(route.path) \(names): \(swapped.prefix(200))")
        }
      }
    }
    #expect(try await events(of: World.acmeHealth, db) == before)
  }

  @Test("are found by who stands in that client's workspace")
  func own() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await acme(db)
    for route in try table(db) where route.isInside && route.parameters.count > 1 && route.method == .get {
      let values = try await db.address(of: route, in: World.acmeHealth)
      let answer = try await open(browser, access, route, values, "application/json")
      #expect(answer.hasPrefix("200 "), "\(route.path): \(answer.prefix(200))")
    }
  }

  @Test("of another person's access answer as unknown ones on every route")
  func accesses() async throws {
    let db = try await TestDatabase.make()
    let (_, theirs) = try await RouterClient.inside(db, by: World.supportL1)
    let (browser, _) = try await acme(db)
    for route in try table(db) where route.isInside {
      let values = try await route.isCatchAll ? [:] : db.address(of: route, in: World.acmeHealth)
      for face in Self.faces {
        let swapped = try await open(browser, theirs, route, values, face)
        let missing = try await open(browser, "/i/" + Self.unknown, route, values, face)
        #expect(swapped == missing && swapped.hasPrefix("404 "), "\(route.method) \(route.path) \(face)")
      }
    }
  }

  @Test("of what one person at Ethico has for themselves answer as unknown ones, and do nothing to it")
  func staff() async throws {
    let db = try await TestDatabase.make()
    let (other, access) = try await RouterClient.inside(db, by: World.supportL1)
    let form = try await keptForm(of: World.supportL1, db)
    let theirs = ["impersonation", "access"].reduce(into: ["form": form]) { $0[$1] = String(access.dropFirst(3)) }
    // Of a client's move the client stands in the address; that its ids are nobody else's, test_move_ids.py holds.
    let shared: Set = [
      "slug", "ticket", "preset", "flag", "job", "error", "sample", "batch", "file", "undo", "row", "upload", "code",
      "reconciliation", "entity",
    ]
    let person = try await id(of: World.support, db)
    for route in try table(db) where !route.isInside && !route.parameters.isEmpty {
      let browser = try RouterClient(db)
      try await browser.signIn(db.person(for: route))
      var swapped = ["staff": person]
      for name in route.parameters where swapped[name] == nil && !shared.contains(name) {
        swapped[name] = try #require(theirs[name], "Whose is {\(name)} of \(route.path)?")
      }
      let names = route.parameters.filter { theirs[$0] != nil }
      let missing = swapped.merging(names.map { ($0, Self.unknown) }) { $1 }
      for face in Self.faces where !names.isEmpty {
        let answer = try await open(browser, "", route, swapped, face)
        #expect(try await answer == open(browser, "", route, missing, face), "\(route.method) \(route.path) \(face)")
        #expect(!answer.hasPrefix("200 "), "\(route.method) \(route.path) \(face)")
      }
    }
    #expect(try await other.get(access + "/").status == 200)
    #expect(try await db.database.query(.fleet, "SELECT id::text FROM held_form", as: String.self) == [form])
  }

  /// A person inside Acme, where a disclosure has got a file, as no seeded one has; nothing of Borealis is missing.
  private func acme(_ db: TestDatabase) async throws -> (RouterClient, String) {
    for client in ["borealis-bank", "acme-health"] {
      let (browser, access) = try await RouterClient.inside(db, client)
      let disclosures = try await browser.json(access + "/disclosures")["items"] as? [[String: Any]]
      let id = try #require(disclosures?.first?["id"] as? String, "\(client) has no disclosure")
      let file = (name: "plan.pdf", bytes: Array("%PDF-1.7\n".utf8))
      #expect(try await browser.upload("\(access)/disclosures/\(id)/attachments", file: file).status == 303)
    }
    return try await RouterClient.inside(db)
  }

  /// Status and body without what differs each time: nonces, and ids of requests and of forms.
  private func open(
    _ browser: RouterClient, _ access: String, _ route: RouteDeclaration, _ values: [String: String], _ face: String
  ) async throws -> String {
    let path = route.path(values).replacing("/i/{impersonation}", with: access)
    let reply =
      try await route.method == .get
      ? browser.get(path, accept: face) : browser.post(path, list: Self.fields, accept: face)
    let body = reply.body.replacing(#/nonce="[^"]*"/#, with: "nonce")
      .replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#, with: "id")
    return "\(reply.status) \(body)"
  }

  private func table(_ db: TestDatabase) throws -> [RouteDeclaration] {
    OpsConsole.routes(try RouterClient.console(db), provider: nil).table
  }

  private func events(of tenant: Tenant, _ db: TestDatabase) async throws -> [Int] {
    let superuser = db.superuser()
    defer { Task { await superuser.close() } }
    return try await superuser.query(
      .superuser, "SELECT count(*)::int FROM audit_event WHERE chain = \(tenant.id)", as: Int.self)
  }

  private func id(of email: String, _ db: TestDatabase) async throws -> String {
    let ids = try await db.database.query(.fleet, "SELECT id::text FROM staff WHERE email = \(email)", as: String.self)
    return try #require(ids.first)
  }

  private func keptForm(of email: String, _ db: TestDatabase) async throws -> String {
    let id = "0193a5c0-0000-7000-8000-00000000aaaa"
    let superuser = db.superuser()
    _ = try await superuser.execute(
      .superuser,
      """
      INSERT INTO held_form (id, staff_id, sealed, kept_at)
      SELECT \(id)::uuid, id, '\\x00', \(db.clock.now) FROM staff WHERE email = \(email)
      """)
    await superuser.close()
    return id
  }
}
