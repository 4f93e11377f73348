// Every act of the table, sent from another site: refused, whatever the site writes into its request.

import Foundation
import HTTPTypes
import OpsConsole
import TestSupport
import Testing
import Web

@Suite("Acts from other sites")
struct CrossSiteTests {
  /// What a browser says when another page makes it send a form, or a forger who knows no token.
  struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var fields: [(HTTPField.Name, String)] = []
    /// `nil` for that of the session.
    var token: String?

    func headers(_ token: String) -> HTTPFields {
      var headers = HTTPFields()
      for (name, value) in fields { headers.append(HTTPField(name: name, value: value)) }
      headers[.opsCSRF] = self.token ?? token
      return headers
    }
  }

  static let shapes = [
    Shape(testDescription: "another site", fields: [(.secFetchSite, "cross-site")]),
    Shape(testDescription: "another host of this site", fields: [(.secFetchSite, "same-site")]),
    Shape(testDescription: "two sites", fields: [(.secFetchSite, "same-origin"), (.secFetchSite, "cross-site")]),
    Shape(testDescription: "an older browser", fields: [(.origin, "https://evil.example")]),
    Shape(testDescription: "a page without an origin", fields: [(.origin, "null")]),
    Shape(testDescription: "another port", fields: [(.origin, "http://127.0.0.1:8401")]),
    Shape(testDescription: "no token", fields: [(.secFetchSite, "same-origin")], token: ""),
    Shape(
      testDescription: "a forged token", fields: [(.secFetchSite, "same-origin")],
      token: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
  ]

  @Test("are refused on every route, and change nothing", arguments: shapes)
  func refused(_ shape: Shape) async throws {
    let db = try await TestDatabase.make()
    let routes = OpsConsole.routes(try RouterClient.console(db), provider: nil).table.filter { !$0.method.isSafe }
    let (support, access) = try await RouterClient.inside(db)
    let before = try await records(db)
    // Forms that come before any sign-in have no token; reports of the policy are sent by browsers as they like.
    for route in routes where route.name != "csp.report" && (route.access != .anybody || shape.token == nil) {
      let email = try await db.person(for: route)
      let browser = email == World.support ? support : try RouterClient(db)
      if email != World.support { try await browser.signIn(email) }
      let path = route.path.replacing("{slug}", with: "acme-health").replacing("/i/{impersonation}", with: access)
        .replacing(#/\{[a-z]+\}/#, with: "0193a5c0-0000-7000-8000-00000000ffff")
      let reply = try await browser.send(
        route.method, path, body: nil, accept: "application/json", headers: shape.headers(browser.csrf))
      #expect(try reply.gist == "403 cross_site", "\(route.path)")
    }
    #expect(try await records(db) == before)
  }

  /// Every table but those of the trail, where the refusal itself is, and of who is here.
  private func records(_ db: TestDatabase) async throws -> [String] {
    let left = ["audit_", "row_change", "staff_session", "impersonation_presence"]
    return try await db.fingerprint().filter { table in !left.contains { table.hasPrefix($0) } }
  }
}
