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
  private static let golden = Repository.root + "/docs/permissions.md"

  @Test("are those of docs/permissions.md")
  func document() async throws {
    let db = try await TestDatabase.make()
    let console = try RouterClient.console(db)
    let table = OpsConsole.routes(console, provider: nil).table
    let presets = try await presets(db)
    let document = render(table, presets)
    if ProcessInfo.processInfo.environment["OPS_UPDATE_GOLDEN"] == "1" {
      try document.write(toFile: Self.golden, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOfFile: Self.golden, encoding: .utf8)
    #expect(document == kept, "Routes or presets have changed: OPS_UPDATE_GOLDEN=1 bin/test --filter Permissions")
  }

  @Test("hold for every route, preset and state of the session")
  func matrix() async throws {
    let db = try await TestDatabase.make()
    let console = try RouterClient.console(db)
    let table = OpsConsole.routes(console, provider: nil).table.filter { $0.access != .anybody && $0.name != "unknown" }
    for email in [World.supportL1, World.support, World.auditor, World.admin] {
      let browser = try RouterClient(db)
      try await browser.signIn(email)
      let may = try await capabilities(email, db)
      for route in table where route.method == .get && route.name != "workspace.overview" {
        let reply = try await browser.get(path(route), accept: "application/json")
        let expected: ClosedRange<Int>
        switch route.access {
        case .anybody: continue
        case .staff(let need): expected = may.contains(need) ? 200...404 : 403...403
        case .workspace: expected = may.contains(.supportAct) ? 404...404 : 403...403
        }
        let isRefusal = may.contains(route.need) ? reply.status != 403 : reply.status == 403
        #expect(expected.contains(reply.status) && isRefusal, "\(email) \(route.path): \(reply.status)")
      }
    }
    let nobody = try RouterClient(db)
    for route in table {
      let reply =
        route.method == .get
        ? try await nobody.get(path(route), accept: "application/json")
        : try await nobody.post(path(route), accept: "application/json")
      #expect(reply.status == 401, "\(route.path): \(reply.status)")
    }
  }

  private func path(_ route: RouteDeclaration) -> String {
    let unknown = "0193a5c0-0000-7000-8000-00000000ffff"
    return route.path.replacing("{slug}", with: "acme-health")
      .replacing(#/\{[a-z]+\}/#, with: unknown)
  }

  private func presets(_ db: TestDatabase) async throws -> [(name: String, capabilities: Set<String>)] {
    let names = try await db.database.query(
      .fleet, "SELECT DISTINCT preset FROM capability_preset ORDER BY preset", as: String.self)
    var presets: [(name: String, capabilities: Set<String>)] = []
    for name in names {
      let capabilities = try await db.database.query(
        .fleet, "SELECT capability FROM capability_preset WHERE preset = \(name)", as: String.self)
      presets.append((name, Set(capabilities)))
    }
    return presets
  }

  private func capabilities(_ email: String, _ db: TestDatabase) async throws -> Set<Capability> {
    try await db.signIn(email).signedIn.staff.capabilities
  }

  private func render(
    _ table: [RouteDeclaration], _ presets: [(name: String, capabilities: Set<String>)]
  ) -> String {
    var lines = [
      "# Who may open what", "",
      "Made from the table of routes and the presets of capabilities by PermissionTests. ● may, – may not.", "",
      "| method | address | name | needs | " + presets.map(\.name).joined(separator: " | ") + " |",
      "|---|---|---|---|" + String(repeating: "---|", count: presets.count),
    ]
    for route in table {
      let marks = presets.map { preset in route.isOpen(to: preset.capabilities) ? "●" : "–" }
      lines.append(
        "| \(route.method.rawValue) | `\(route.path)` | \(route.name) | \(route.needText) | "
          + marks.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
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

  fileprivate func isOpen(to capabilities: Set<String>) -> Bool {
    access == .anybody || capabilities.contains(need.rawValue)
  }
}
