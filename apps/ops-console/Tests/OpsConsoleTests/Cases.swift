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
  /// The ids of everybody active at Acme who may work on cases, but of those already taken.
  func workers(except taken: [String] = []) async throws -> [String] {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT id::text FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND state = 'active' AND role = ANY(\(ClientRole.working)) ORDER BY id
      """, as: String.self)
    return found.filter { !taken.contains($0) }
  }

  /// Makes somebody one of those whom a case is about.
  func accuse(_ user: String, in found: String) async throws {
    try await execute(
      """
      INSERT INTO case_party (tenant_id, id, case_id, part, name, user_id)
      VALUES (\(World.acmeHealth.id), \(UUID()), \(ID<Tenant>(found)), 'accused', 'Accused', \(ID<Tenant>(user)))
      """)
  }

  /// Of the events of some actions since the present began: how each ended and how many rows it changed.
  func events(_ pattern: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', action, outcome, change_count) FROM audit_event
      WHERE action LIKE \(pattern) AND chain = \(World.acmeHealth.id) AND impersonation_id IS NOT NULL
        AND at >= \(World.now)
      ORDER BY 1
      """, as: String.self)
  }
}

extension ClientRole {
  fileprivate static var working: [String] { allCases.filter(\.worksCases).map(\.rawValue) }
}
