// The description of the console for programs: every route is in it, as the table says it.

import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import TestSupport
import Testing
import Web

@Suite("The OpenAPI description")
struct OpenAPITests {
  @Test("holds every route of the table, and nothing else")
  func complete() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.auditor)
    let document = try await browser.json("/openapi.json")
    #expect(document["openapi"] as? String == "3.1.1")
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    let table = OpsConsole.routes(try RouterClient.console(db), provider: nil).table.filter { !$0.isCatchAll }
    for route in table {
      let operation = try #require(paths[route.path]?[route.method.rawValue.lowercased()], "\(route.path)")
      #expect(operation["x-name"] as? String == route.name)
      #expect(operation["x-capability"] as? String == route.capability, "\(route.path)")
      #expect((operation["requestBody"] != nil) == !route.method.isSafe, "\(route.path)")
      let parameters = try #require(operation["parameters"] as? [[String: Any]])
      let inPath = parameters.filter { $0["in"] as? String == "path" }
      #expect(inPath.compactMap { $0["name"] as? String } == route.parameters)
      let schemes = (operation["security"] as? [[String: Any]])?.first?.keys.sorted() ?? []
      let demanded = route.method.isSafe ? ["session"] : ["csrf", "session"]
      #expect(schemes == (route.access == .anybody ? [] : demanded), "\(route.path)")
    }
    let operations = paths.values.flatMap(\.values)
    #expect(operations.count == table.count)
    #expect(Set(operations.compactMap { $0["operationId"] as? String }).count == table.count)
  }
}

extension RouteDeclaration {
  /// The capability that its row of docs/permissions.md names.
  fileprivate var capability: String? {
    switch access {
    case .anybody: nil
    case .staff(let capability), .workspace(let capability): capability.rawValue
    }
  }
}
