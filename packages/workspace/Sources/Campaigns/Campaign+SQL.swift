// Reads campaigns, their progress and their audience, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Campaign {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: CampaignFilter, in tx: AuditedTransaction) async throws -> CampaignPage {
    let listed = try await tx.list(
      rows(filter).sql, counted: countSQL(filter), limit: filter.limit, behind: filter.after, as: CampaignRow.self)
    let next = listed.isMore ? listed.rows.last.map { CampaignFilter.Cursor(createdAt: $0.createdAt, id: $0.id) } : nil
    return CampaignPage(rows: listed.rows, count: listed.count, next: next)
  }

  /// The rows of a page, and one more.
  static func rows(_ filter: CampaignFilter) -> Query<CampaignRow> {
    let position: SQL = filter.after.map { "(c.created_at, c.id) < (\($0.createdAt), \($0.id))" } ?? "true"
    return Query(
      """
      SELECT c.id, c.name, c.status, c.policy_id, p.title AS policy_title, c.policy_version, c.due_at, c.created_at,
        c.version, a.asked, a.completed
      FROM campaign c
      JOIN policy p ON p.tenant_id = c.tenant_id AND p.id = c.policy_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS asked, count(*) FILTER (WHERE a.state = 'completed') AS completed
        FROM attestation a
        WHERE a.tenant_id = c.tenant_id AND a.campaign_id = c.id
      ) a
      WHERE \(fragment: conditions(filter)) AND \(fragment: position)
      ORDER BY c.created_at DESC, c.id DESC
      LIMIT \(filter.limit + 1)
      """)
  }

  private static func countSQL(_ filter: CampaignFilter) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM campaign c
      WHERE \(fragment: conditions(filter))
      LIMIT \(CampaignPage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ filter: CampaignFilter) -> SQL {
    var conditions: SQL = "true"
    if !filter.statuses.isEmpty { conditions = "\(fragment: conditions) AND c.status = ANY(\(filter.statuses))" }
    if let policy = filter.policy { conditions = "\(fragment: conditions) AND c.policy_id = \(policy)" }
    if !filter.words.isEmpty {
      conditions = "\(fragment: conditions) AND c.name ILIKE \("%" + SQL.pattern(filter.words) + "%")"
    }
    return conditions
  }

  /// One campaign; `nil` when this client has none of that id.
  static func find(_ id: ID<Campaign>, in tx: AuditedTransaction) async throws -> Campaign? {
    try await tx.first(
      """
      SELECT c.id, c.name, c.kind, c.status, c.policy_id, p.title AS policy_title, c.policy_version, c.audience,
        c.audience_ids, c.starts_at, c.due_at, c.activated_at, c.ended_at, c.version, c.changed_at
      FROM campaign c
      JOIN policy p ON p.tenant_id = c.tenant_id AND p.id = c.policy_id
      WHERE c.id = \(id)
      """, as: Campaign.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Campaign>, in tx: AuditedTransaction) async throws -> Campaign {
    try await tx.execute("SELECT id FROM campaign WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }

  /// How many of its attestations are in which state at that moment.
  func states(at moment: Date) -> Query<StateCount> {
    Query(
      """
      SELECT \(fragment: Attestation.state(at: moment)) AS state, count(*) AS count,
        count(*) FILTER (WHERE a.refused_at IS NOT NULL AND a.state = ANY(\(AttestationState.open))) AS refused
      FROM attestation a
      WHERE a.campaign_id = \(id)
      GROUP BY 1
      """)
  }

  /// Who would be asked now.
  func members(in tx: AuditedTransaction) async throws -> [ID<Employee>] {
    try await tx.query("SELECT m.id FROM (\(fragment: audience.members)) m ORDER BY m.id", as: ID<Employee>.self)
  }

  /// How many would be asked now.
  var memberCount: Query<Int> { audience.count }

  /// What a campaign may ask for: the current versions of the published policies.
  static func policies(in tx: AuditedTransaction) async throws -> [PolicyReference] {
    try await tx.query(
      """
      SELECT p.id AS policy_id, p.title AS policy_title, p.current_version AS policy_version
      FROM policy p
      WHERE p.status = 'published'
      ORDER BY p.title, p.id
      LIMIT 1000
      """, as: PolicyReference.self)
  }

  /// The org units that a campaign may ask.
  static func units(in tx: AuditedTransaction) async throws -> [UnitChoice] {
    try await tx.query(
      """
      SELECT u.id, u.name, t.name AS parent,
        (SELECT count(*) FROM employee e
          WHERE e.tenant_id = u.tenant_id AND e.org_unit_id = u.id AND e.ended_at IS NULL) AS employees
      FROM org_unit u
      LEFT JOIN org_unit t ON t.tenant_id = u.tenant_id AND t.id = u.parent_id
      WHERE u.retired_at IS NULL
      ORDER BY COALESCE(t.name, u.name), t.name IS NOT NULL, u.name, u.id
      LIMIT 500
      """, as: UnitChoice.self)
  }
}

extension Audience {
  /// How many it is now.
  var count: Query<Int> { Query("SELECT count(*) FROM (\(fragment: members)) m") }

  /// The query of the employees' ids.
  fileprivate var members: SQL {
    switch kind {
    case .all: "SELECT e.id FROM employee e WHERE e.ended_at IS NULL"
    case .list: "SELECT e.id FROM employee e WHERE e.id = ANY(\(ids)) AND e.ended_at IS NULL"
    case .units:
      """
      WITH RECURSIVE below AS (
        SELECT u.id FROM org_unit u WHERE u.id = ANY(\(ids))
        UNION
        SELECT u.id FROM org_unit u JOIN below b ON u.parent_id = b.id
      )
      SELECT e.id FROM employee e JOIN below b ON e.org_unit_id = b.id WHERE e.ended_at IS NULL
      """
    }
  }

  /// The names of the org units that it asks, if it asks by them.
  var unitNames: Query<String> {
    Query(
      """
      SELECT u.name FROM org_unit u WHERE u.id = ANY(\(kind == .units ? ids : [])) ORDER BY u.name, u.id
      """)
  }

  /// What it is called, for people: the units' names, or how many are listed.
  func words(_ unitNames: [String]) -> String {
    switch kind {
    case .all: "All employees"
    case .list: counted(ids.count, "listed employee")
    case .units: unitNames.joined(separator: ", ")
    }
  }
}

extension Audience {
  /// The numbers of those who are listed, as the form takes them.
  func numbers(in tx: AuditedTransaction) async throws -> [String] {
    try await tx.query("SELECT e.number FROM employee e WHERE e.id = ANY(\(ids)) ORDER BY e.number", as: String.self)
  }
}

/// How many attestations are in a state, and how many of them were refused.
struct StateCount: RowDecodable {
  let state: AttestationState
  let count: Int
  let refused: Int

  init(row: Row) throws {
    state = try row["state"]
    count = try row["count"]
    refused = try row["refused"]
  }
}

extension PolicyReference: RowDecodable {
  init(row: Row) throws {
    id = try row["policy_id"]
    title = try row["policy_title"]
    number = try row["policy_version"]
  }
}

extension UnitChoice: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    parent = try row["parent"]
    employees = try row["employees"]
  }
}

extension CampaignRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    status = try row["status"]
    policy = try PolicyReference(row: row)
    dueAt = try row["due_at"]
    createdAt = try row["created_at"]
    asked = try row["asked"]
    completed = try row["completed"]
    version = try row["version"]
  }
}

extension Campaign: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    kind = try row["kind"]
    status = try row["status"]
    policy = try PolicyReference(row: row)
    audience = Audience(kind: try row["audience"], ids: try row["audience_ids"])
    startsAt = try row["starts_at"]
    dueAt = try row["due_at"]
    activatedAt = try row["activated_at"]
    endedAt = try row["ended_at"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}
