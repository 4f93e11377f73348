// What the tests of a client's search do again and again.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import Postgres
import TestSupport
import Testing
import Workspace

/// The steps of a suite about search.
protocol SearchSteps {}

extension SearchSteps {
  typealias Item = [String: Any]

  /// A word that nothing else holds.
  static var canary: String { "quetzalcoatlus" }

  /// A support person inside a client, and the address of its workspace.
  func inside(_ db: TestDatabase, _ tenant: Tenant = World.acmeHealth) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/\(tenant.slug)/enter")
    return (browser, try #require(entered.location))
  }

  /// Lets a worker do all that is due.
  func drain(_ db: TestDatabase) async throws {
    let worker = Worker(
      ledger: db.ledger, kinds: JobKinds([SearchDrain.self, SearchRebuild.self]), settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    // Ends when nothing is due.
    while try await worker.turn() {}
  }

  /// What a search finds, by kind and title.
  func found(_ browser: RouterClient, _ home: String, _ query: String) async throws -> [String] {
    let items = try await browser.json(home + "search?limit=200&" + query)["items"] as? [Item] ?? []
    return items.map { "\($0["kind"] ?? "") \($0["title"] ?? "")" }
  }

  /// Writes as a part of the program, under an event of its own.
  func write(
    _ db: TestDatabase, _ tenant: Tenant, _ body: @Sendable (AuditedTransaction) async throws -> Void
  ) async throws {
    try await db.ledger.tenant(by: db.system(tenant)) { tx in
      try await body(tx)
      try await tx.record("test.write")
    }
  }

  /// Puts a word into the first case.
  static func summarize(_ word: String, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      "UPDATE \"case\" SET summary = \(word) WHERE id = (SELECT id FROM \"case\" ORDER BY id LIMIT 1)")
  }
}
