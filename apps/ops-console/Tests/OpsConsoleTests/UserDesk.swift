// The users of Acme in somebody's browser: what is done to one, and what the trail says of it.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

/// A support person among the users of Acme.
struct UserDesk {
  let db: TestDatabase
  let browser: RouterClient
  let access: String

  static let admin = "admin@acme-health.example"

  init(as subject: String? = nil) async throws {
    db = try await TestDatabase.make()
    (browser, access) = try await RouterClient.inside(db, as: subject)
  }

  func post(_ page: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> RouterClient.Reply {
    try await browser.post(access + "/people" + page, fields)
  }

  /// The same, as a program that reads what it is told.
  func gist(_ page: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> String {
    try await browser.post(access + "/people" + page, fields, accept: "application/json").gist
  }

  /// Does an act on a user as the version that stands there asks.
  func act(
    _ verb: String, _ user: String, _ fields: KeyValuePairs<String, String> = [:]
  ) async throws -> RouterClient.Reply {
    let version = try #require(try await self.user(user)["version"] as? Int)
    let sent = fields.map { ($0.key, $0.value) } + [("version", "\(version)")]
    return try await browser.post("\(access)/people/\(user)/\(verb)", list: sent, accept: "application/json")
  }

  func user(_ id: String) async throws -> [String: Any] {
    try await browser.json("\(access)/people/\(id)")
  }

  /// The id of the first user of whom that is true.
  func some(_ condition: SQL) async throws -> String {
    let found = try await ask(
      """
      SELECT id::text FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND \(fragment: condition) ORDER BY id LIMIT 1
      """)
    return try #require(found.first)
  }

  func ask(_ query: SQL) async throws -> [String] {
    try await db.superuser().query(.superuser, query, as: String.self)
  }

  /// What the client itself, or a fault of ours, might have written.
  func execute(_ statement: SQL) async throws {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute(statement)
      try await tx.record("test.plant")
    }
  }

  /// Leaves that many active system administrators, the first of them `admin`.
  func leaveAdmins(_ count: Int) async throws -> [String] {
    try await execute(
      """
      UPDATE client_user SET role = 'manager'
      WHERE role = 'system_admin' AND state = 'active' AND id NOT IN (
        SELECT id FROM client_user WHERE role = 'system_admin' AND state = 'active'
        ORDER BY email <> \(Self.admin), id LIMIT \(count))
      """)
    return try await ask(
      """
      SELECT id::text FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role = 'system_admin' AND state = 'active'
      ORDER BY email <> \(Self.admin), id
      """)
  }

  /// The constraint that stops a statement of Acme's own role, outside the program.
  func obstacle(_ statement: SQL) async throws -> String? {
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let error = await #expect(throws: PostgresError.self) {
      try await db.database.transaction(.tenant, settings) { tx in _ = try await tx.execute(statement) }
    }
    return error?.constraint
  }

  /// Of the events of this access about one user: the act, how it ended, by whom, as whom, how many rows it changed.
  func events(_ user: String) async throws -> [String] {
    try await ask(
      """
      SELECT concat_ws(' ', e.action, e.outcome, e.change_count, s.email, u.email)
      FROM audit_event e
      JOIN staff s ON s.id::text = e.actor_id
      LEFT JOIN client_user u ON u.tenant_id = e.chain AND u.id = e.subject_id
      WHERE e.object_type = 'client_user' AND e.object_id = \(user) AND e.chain = \(World.acmeHealth.id)
        AND e.body::jsonb ->> 'tenant' = e.chain::text AND e.impersonation_id::text = \(String(access.dropFirst(3)))
        AND e.action NOT LIKE 'view.%'
      ORDER BY e.at, e.id
      """)
  }

  /// What each of those acts changed of the user, before and after; of moments only whether there is one.
  func changes(_ user: String) async throws -> [String] {
    try await ask(
      """
      SELECT concat(e.action, ': ', string_agg(
        concat(k, ' ', value.before, ' → ', value.after), ', ' ORDER BY k))
      FROM audit_event e
      JOIN row_change c ON c.event = e.id
      CROSS JOIN unnest(ARRAY['email', 'name', 'role', 'second_factor_since', 'sessions_ended_at', 'state', 'title'])
        AS k
      CROSS JOIN LATERAL (
        SELECT CASE WHEN k ~ '_(at|since)$' AND side.before IS NOT NULL THEN 'then' ELSE side.before END AS before,
          CASE WHEN k ~ '_(at|since)$' AND side.after IS NOT NULL THEN 'now' ELSE side.after END AS after
        FROM (SELECT c.payload::jsonb -> 'before' ->> k AS before, c.payload::jsonb -> 'after' ->> k AS after) side
      ) value
      WHERE e.object_type = 'client_user' AND e.object_id = \(user) AND e.outcome = 'ok'
        AND e.impersonation_id::text = \(String(access.dropFirst(3))) AND c.payload::jsonb -> 'after' ? k
      GROUP BY e.id, e.at, e.action
      ORDER BY e.at, e.id
      """)
  }
}
