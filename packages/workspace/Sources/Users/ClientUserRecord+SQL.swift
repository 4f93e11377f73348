// Reads users, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension ClientUserRecord {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: ClientUserFilter, in tx: AuditedTransaction) async throws -> ClientUserPage {
    let listed = try await tx.list(
      pageSQL(filter), counted: countSQL(filter), limit: filter.limit, behind: filter.after, as: ClientUserRow.self)
    let next = listed.isMore ? listed.rows.last.map { ClientUserFilter.Cursor(name: $0.name, id: $0.id) } : nil
    return ClientUserPage(rows: listed.rows, count: listed.count, next: next)
  }

  static func pageSQL(_ filter: ClientUserFilter) -> SQL {
    let position: SQL = filter.after.map { "(u.name, u.id) > (\($0.name), \($0.id))" } ?? "true"
    return """
      SELECT u.id, u.name, u.email, u.role, u.state, u.last_sign_in_at, u.second_factor_since, u.version
      FROM client_user u
      WHERE \(fragment: conditions(filter)) AND \(fragment: position)
      ORDER BY u.name, u.id
      LIMIT \(filter.limit + 1)
      """
  }

  private static func countSQL(_ filter: ClientUserFilter) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM client_user u
      WHERE \(fragment: conditions(filter))
      LIMIT \(ClientUserPage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ filter: ClientUserFilter) -> SQL {
    var conditions: SQL = "true"
    if !filter.roles.isEmpty { conditions = "\(fragment: conditions) AND u.role = ANY(\(filter.roles))" }
    if !filter.states.isEmpty { conditions = "\(fragment: conditions) AND u.state = ANY(\(filter.states))" }
    if !filter.words.isEmpty {
      let pattern = SQL.pattern(filter.words)
      conditions = """
        \(fragment: conditions) AND u.name_folded LIKE '%' || directory_fold(\(pattern)::text) || '%'
        """
    }
    return conditions
  }

  /// One user; `nil` when this client has none of that id.
  static func find(_ id: ID<ClientUser>, in tx: AuditedTransaction) async throws -> ClientUserRecord? {
    try await tx.first(
      """
      SELECT u.id, u.name, u.email, u.role, u.state, u.title, u.invited_at, u.last_sign_in_at, u.sessions_ended_at,
        u.second_factor_since, u.version, u.changed_at
      FROM client_user u
      WHERE u.id = \(id)
      """, as: ClientUserRecord.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<ClientUser>, in tx: AuditedTransaction) async throws -> ClientUserRecord {
    try await tx.execute("SELECT id FROM client_user WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }

  /// The open cases that the user leads.
  func ledCases(in tx: AuditedTransaction) async throws -> LedCases {
    let led: SQL = """
      FROM case_assignment a
      JOIN "case" c ON c.tenant_id = a.tenant_id AND c.id = a.case_id
      WHERE a.user_id = \(id) AND a.part = 'lead' AND a.ended_at IS NULL AND c.status = 'open'
      """
    let count = try await tx.first("SELECT count(*) \(fragment: led)", as: Int.self) ?? 0
    let first = try await tx.query(
      """
      SELECT c.id, c.reference, c.title, c.stage, c.severity, c.due_at
      \(fragment: led)
      ORDER BY c.due_at, c.id
      LIMIT \(LedCases.shownLimit)
      """, as: LedCase.self)
    return LedCases(count: count, first: first)
  }
}

extension ClientUserRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    email = try row["email"]
    role = try row["role"]
    state = try row["state"]
    lastSignInAt = try row["last_sign_in_at"]
    secondFactorSince = try row["second_factor_since"]
    version = try row["version"]
  }
}

extension ClientUserRecord: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    email = try row["email"]
    role = try row["role"]
    state = try row["state"]
    title = try row["title"]
    invitedAt = try row["invited_at"]
    lastSignInAt = try row["last_sign_in_at"]
    sessionsEndedAt = try row["sessions_ended_at"]
    secondFactorSince = try row["second_factor_since"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}

extension LedCase: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    title = try row["title"]
    stage = try row["stage"]
    severity = try row["severity"]
    dueAt = try row["due_at"]
  }
}
