// Cases of Acme in somebody's browser: what several suites find, read and plant.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

/// A support person among the cases of Acme.
struct Cases {
  let db: TestDatabase
  let browser: RouterClient
  let access: String

  init() async throws {
    db = try await TestDatabase.make()
    (browser, access) = try await RouterClient.inside(db)
  }

  /// The page and the JSON of the how manieth case of a list.
  func some(_ query: String, _ index: Int = 0) async throws -> (page: String, found: [String: Any]) {
    let list = try await browser.json(access + "/cases?limit=20&" + query)
    let items = try #require(list["items"] as? [[String: Any]])
    let page = access + "/cases/" + (try #require(items[index]["id"] as? String))
    return (page, try await browser.json(page))
  }

  func execute(_ statement: SQL) async throws {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute(statement)
      try await tx.record("test.plant")
    }
  }
}
