// The access-control document: every route, and which preset may open it. A change of it is read in review.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import TestSupport
import Testing
import Web

@Suite("Permissions")
struct PermissionTests {
  private typealias Preset = (name: String, capabilities: Set<String>)

  private static let golden = Repository.root + "/docs/permissions.md"

  @Test("are those of docs/permissions.md")
  func document() async throws {
    let db = try await TestDatabase.make()
    let document = render(try table(db), try await presets(db))
    if ProcessInfo.processInfo.environment["OPS_UPDATE_GOLDEN"] == "1" {
      try document.write(toFile: Self.golden, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOfFile: Self.golden, encoding: .utf8)
    #expect(document == kept, "Routes or presets have changed: OPS_UPDATE_GOLDEN=1 bin/test --filter Permissions")
  }

  @Test("hold for every route and preset")
  func live() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    let table = try table(db)
    for preset in try await presets(db) {
      let email = try await person(of: preset, db)
      for route in table {
        // Each time anew: some routes end the sign-in or the access.
        let access = try await arrive(browser, as: email)
        let reply = try await browser.open(route, access)
        let gist = try reply.gist
        if route.isOpen(to: preset.capabilities) {
          let isRefused = ["401 sign_in", "403 capability"].map(route.gist).contains(gist)
          #expect(!isRefused && reply.status < 500, "\(preset.name) \(route.path): \(gist)")
        } else {
          #expect(gist == route.gist("403 capability"), "\(preset.name) \(route.path)")
        }
      }
    }
  }

  @Test("are nobody's without a sign-in that holds, and nothing changes", arguments: Lapse.allCases)
  func lapsed(_ lapse: Lapse) async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    let nobody = try RouterClient(db)
    let table = try table(db)
    for preset in try await presets(db) {
      let email = try await person(of: preset, db)
      let access = try await arrive(browser, as: email)
      let lapsed = try await lapse.happen(to: browser, of: email)
      // A form that comes too late is kept for its person: not a change of anything it would have changed.
      let before = try await kept(db, lapse)
      for route in table where route.access != .anybody {
        for (accept, gist) in lapse.answers(to: route) {
          let reply = try await lapsed.open(route, access, accept: accept)
          let isNamed = reply.body.contains(email)
          #expect(try reply.gist == route.gist(gist) && !isNamed, "\(preset.name) \(route.method) \(route.path)")
        }
      }
      #expect(try await kept(db, lapse) == before)
      for route in table where route.access == .anybody {
        for (accept, _) in lapse.answers(to: route) {
          let reply = try await lapsed.open(route, access, accept: accept)
          let usual = try await nobody.open(route, access, accept: accept)
          #expect(try reply.status < 500 && reply.gist == usual.gist, "\(preset.name) \(route.path)")
        }
      }
    }
  }

  @Test(
    "inside a client are gone with the access, however it ended, and nothing changes", arguments: AccessEnding.allCases)
  func ended(_ ending: AccessEnding) async throws {
    let db = try await TestDatabase.make()
    let routes = try table(db).filter(\.isInside)
    #expect(routes.count > 60)
    var visits: [AccessEnding.Visit] = []
    for preset in try await presets(db) where preset.capabilities.contains(Capability.supportAct.rawValue) {
      let email = try await person(of: preset, db)
      let browser = try RouterClient(db)
      let access = try await arrive(browser, as: email)
      let staff = try await db.signIn(email).signedIn.staff.id
      visits.append(AccessEnding.Visit(preset: preset.name, staff: staff, browser: browser, access: access))
    }
    #expect(visits.count > 3)
    try await ending.happen(to: visits, db)
    // That somebody tried is written down.
    let before = try await db.fingerprint().filter { !$0.hasPrefix("audit_") }
    for visit in visits {
      for route in routes {
        for (accept, gone) in [("text/html", "410"), ("application/json", "410 access_ended")] {
          let reply = try await visit.browser.open(route, visit.access, accept: accept)
          // Leaving twice is leaving once.
          let gist = route.name == "impersonation.end" ? "303 /exited/\(visit.access)" : gone
          let isFramed = reply.body.contains("access-banner")
          #expect(try reply.gist == gist && !isFramed, "\(visit.preset) \(route.method) \(route.path)")
        }
      }
    }
    #expect(try await db.fingerprint().filter { !$0.hasPrefix("audit_") } == before)
    for visit in visits { #expect(try await visit.browser.get("/me").status == 200, "\(visit.preset)") }
  }

  /// What must stay as it was. That somebody who is kept out tried is written down.
  private func kept(_ db: TestDatabase, _ lapse: Lapse) async throws -> [String] {
    let prints = try await db.fingerprint(except: ["held_form"])
    return lapse.isKeptOut ? prints.filter { !$0.hasPrefix("audit_") } : prints
  }

  private func table(_ db: TestDatabase) throws -> [RouteDeclaration] {
    OpsConsole.routes(try RouterClient.console(db), provider: nil).table
  }

  /// Adds a person who may do what the preset says.
  /// - Returns: their address, which is also their name.
  private func person(of preset: Preset, _ db: TestDatabase) async throws -> String {
    let email = preset.name + "@presets.example"
    _ = try await db.ledger.addStaff(email: email, name: email, preset: preset.name, by: db.system())
    return email
  }

  /// Signs the person in, and lets them enter Acme if they may.
  /// - Returns: the id of their access, or of none.
  private func arrive(_ browser: RouterClient, as email: String) async throws -> String {
    try await browser.signIn(email)
    let entered = try await browser.post("/t/acme-health/enter")
    return entered.location?.split(separator: "/").last.map(String.init) ?? RouterClient.unknown
  }

  private func presets(_ db: TestDatabase) async throws -> [Preset] {
    let names = try await db.database.query(
      .fleet, "SELECT DISTINCT preset FROM capability_preset ORDER BY preset", as: String.self)
    var presets: [Preset] = []
    for name in names {
      let capabilities = try await db.database.query(
        .fleet, "SELECT capability FROM capability_preset WHERE preset = \(name)", as: String.self)
      presets.append((name, Set(capabilities)))
    }
    return presets
  }

  private func render(_ table: [RouteDeclaration], _ presets: [Preset]) -> String {
    var lines = [
      "# Who may open what", "",
      "Made from the table of routes and the presets of capabilities by PermissionTests. ● may, – may not (403).", "",
      "Nobody is who has no sign-in, or one that has ended, is older than 12 hours or was unused for 30 minutes.",
      "Where nobody may not, they are led to the sign-in page (a program: 401 `sign_in`). A person who is locked or",
      "deactivated is nobody too, and is told so (403 `locked`). Nothing changes either way; a form that meets a sign-in",
      "whose time is over is kept for its person. Once an access has ended, all below it is gone for whoever may enter",
      "(410 `access_ended`); leaving it again leads to what was done in it.", "",
      "| method | address | name | needs | " + presets.map(\.name).joined(separator: " | ") + " | nobody |",
      "|---|---|---|---|" + String(repeating: "---|", count: presets.count + 1),
    ]
    for route in table {
      let marks = (presets.map(\.capabilities) + [[]]).map { route.isOpen(to: $0) ? "●" : "–" }
      lines.append(
        "| \(route.method.rawValue) | `\(route.path)` | \(route.name) | \(route.needText) | "
          + marks.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension RouterClient {
  /// The id of nothing.
  fileprivate static let unknown = "0193a5c0-0000-7000-8000-00000000ffff"

  /// Asks for a route: of Acme, of that access, and of records that do not exist.
  fileprivate func open(
    _ route: RouteDeclaration, _ access: String, accept: String = "application/json"
  ) async throws -> Reply {
    let path = route.path.replacing("{slug}", with: "acme-health").replacing("{impersonation}", with: access)
      .replacing(#/\{[a-z]+\}/#, with: Self.unknown)
    switch route.method {
    case .post: return try await post(path, accept: accept)
    case .get: return try await get(path, accept: accept)
    default: return try await ask(route.method, path, accept)
    }
  }
}

extension RouterClient {
  /// What no page does but a program: without fields, and with the token in the head.
  private func ask(_ method: HTTPRequest.Method, _ path: String, _ accept: String) async throws -> Reply {
    let token = HTTPField(name: .opsCSRF, value: csrf)
    return try await send(method, path, body: method == .head ? nil : "", accept: accept, headers: HTTPFields([token]))
  }
}

extension RouteDeclaration {
  /// The capability that decides.
  fileprivate var need: Capability {
    switch access {
    case .anybody: .tenantRead
    case .staff(let capability), .workspace(let capability): capability
    }
  }

  fileprivate var needText: String {
    switch access {
    case .anybody: "nothing"
    case .staff(let capability): capability.rawValue
    case .workspace(let capability): "an open access of one's own, \(capability.rawValue)"
    }
  }

  /// What is seen of an answer: that to HEAD has no body to name the problem in.
  fileprivate func gist(_ full: String) -> String {
    method == .head && !full.contains("/") ? String(full.prefix(3)) : full
  }

  fileprivate func isOpen(to capabilities: Set<String>) -> Bool {
    access == .anybody || capabilities.contains(need.rawValue)
  }
}
