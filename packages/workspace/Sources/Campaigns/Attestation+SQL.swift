// Reads attestations and what was done for their employees, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Attestation {
  /// The most that one statement writes: a campaign may ask a hundred thousand, and a statement has seconds.
  static let batch = 5_000

  /// The state at a moment: what is open becomes overdue by the clock, before anybody writes that down; who was given
  /// more time after that is simply asked still.
  static func state(at now: Date) -> SQL {
    """
    CASE
      WHEN a.state = ANY(\(AttestationState.beforeDue)) AND a.due_at < \(now) THEN 'overdue'
      WHEN a.state = 'overdue' AND a.due_at >= \(now) THEN 'pending'
      ELSE a.state
    END
    """
  }

  /// A page of a campaign's list, one row more than it holds to know whether there is a next one.
  static func page(
    of campaign: ID<Campaign>, _ filter: AttestationFilter, in tx: AuditedTransaction
  ) async throws -> AttestationPage {
    let listed = try await tx.list(
      pageSQL(campaign, filter, at: tx.at), counted: countSQL(campaign, filter, at: tx.at), limit: filter.limit,
      behind: filter.after, as: AttestationRow.self)
    let last = listed.isMore ? listed.rows.last : nil
    let next = last.map { AttestationFilter.Cursor(name: $0.employee.name, id: $0.id) }
    return AttestationPage(rows: listed.rows, count: listed.count, next: next)
  }

  static func pageSQL(_ campaign: ID<Campaign>, _ filter: AttestationFilter, at now: Date) -> SQL {
    // The name alone says where employees are read from: the pair is of two tables, and no index has it.
    let position: SQL =
      filter.after.map { "e.name >= \($0.name) AND (e.name, a.id) > (\($0.name), \($0.id))" } ?? "true"
    return """
      SELECT a.id, a.employee_id, e.name AS employee_name, e.number AS employee_number, u.name AS unit_name,
        \(fragment: state(at: now)) AS state, a.due_at, a.completed_at, a.refused_at, a.reminded_at, a.reminders,
        a.version
      FROM attestation a
      JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
      LEFT JOIN org_unit u ON u.tenant_id = e.tenant_id AND u.id = e.org_unit_id
      WHERE \(fragment: conditions(campaign, filter, at: now)) AND \(fragment: position)
      ORDER BY e.name, a.id
      LIMIT \(filter.limit + 1)
      """
  }

  static func countSQL(_ campaign: ID<Campaign>, _ filter: AttestationFilter, at now: Date) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM attestation a
      JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
      WHERE \(fragment: conditions(campaign, filter, at: now))
      LIMIT \(AttestationPage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ campaign: ID<Campaign>, _ filter: AttestationFilter, at now: Date) -> SQL {
    var conditions: SQL = "a.campaign_id = \(campaign)"
    if !filter.states.isEmpty {
      // An index knows what is stored, not what the clock makes of it.
      let stored = Set(filter.states.flatMap(\.stored)).sorted { $0.rawValue < $1.rawValue }
      conditions = """
        \(fragment: conditions) AND a.state = ANY(\(stored)) AND \(fragment: state(at: now)) = ANY(\(filter.states))
        """
    }
    switch filter.only {
    case nil: break
    case .refused: conditions = "\(fragment: conditions) AND a.refused_at IS NOT NULL"
    case .reminded: conditions = "\(fragment: conditions) AND a.reminded_at IS NOT NULL"
    }
    if !filter.words.isEmpty {
      // As the list of employees finds them.
      let pattern = SQL.pattern(filter.words)
      conditions = """
        \(fragment: conditions) AND e.name_folded LIKE '%' || directory_fold(\(pattern)::text) || '%'
        """
    }
    return conditions
  }

  /// One attestation of a campaign; `nil` when the campaign has none of that id.
  static func find(
    _ id: ID<Attestation>, of campaign: ID<Campaign>, in tx: AuditedTransaction
  ) async throws -> Attestation? {
    try await query([id], of: campaign, in: tx).first
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(
    _ id: ID<Attestation>, of campaign: ID<Campaign>, in tx: AuditedTransaction
  ) async throws -> Attestation {
    guard let found = try await hold([id], of: campaign, in: tx).first else { throw RecordMissing() }
    return found
  }

  /// Several of a campaign, held in the order of their ids; those that it does not have are left out.
  static func hold(
    _ ids: [ID<Attestation>], of campaign: ID<Campaign>, in tx: AuditedTransaction
  ) async throws -> [Attestation] {
    try await tx.execute("SELECT id FROM attestation WHERE id = ANY(\(ids)) ORDER BY id FOR UPDATE")
    return try await query(ids, of: campaign, in: tx)
  }

  private static func query(
    _ ids: [ID<Attestation>], of campaign: ID<Campaign>, in tx: AuditedTransaction
  ) async throws -> [Attestation] {
    try await tx.query(
      """
      SELECT a.id, a.campaign_id, c.status AS campaign_status, a.employee_id, e.name AS employee_name,
        e.number AS employee_number, u.name AS unit_name, \(fragment: state(at: tx.at)) AS state, a.due_at,
        a.completed_at, a.refused_at, a.refusal_reason, a.reminders, a.version, a.changed_at
      FROM attestation a
      JOIN campaign c ON c.tenant_id = a.tenant_id AND c.id = a.campaign_id
      JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
      LEFT JOIN org_unit u ON u.tenant_id = e.tenant_id AND u.id = e.org_unit_id
      WHERE a.campaign_id = \(campaign) AND a.id = ANY(\(ids))
      ORDER BY e.name, a.id
      """, as: Attestation.self)
  }

  /// What was done for its employee, newest first.
  var deeds: Query<AttestationDeed> {
    Query(
      """
      SELECT d.act, d.at, d.reason, d.due_after, d.user_id, u.name AS user_name, d.by_ethico
      FROM attestation_act d
      LEFT JOIN client_user u ON u.tenant_id = d.tenant_id AND u.id = d.user_id
      WHERE d.attestation_id = \(id)
      ORDER BY d.at DESC, d.id DESC
      LIMIT 100
      """)
  }
}

extension EmployeeReference: RowDecodable {
  init(row: Row) throws {
    id = try row["employee_id"]
    name = try row["employee_name"]
    number = try row["employee_number"]
    unit = try row["unit_name"]
  }
}

extension AttestationRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    employee = try EmployeeReference(row: row)
    state = try row["state"]
    dueAt = try row["due_at"]
    completedAt = try row["completed_at"]
    refusedAt = try row["refused_at"]
    remindedAt = try row["reminded_at"]
    reminders = try row["reminders"]
    version = try row["version"]
  }
}

extension Attestation: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    campaign = try row["campaign_id"]
    campaignStatus = try row["campaign_status"]
    employee = try EmployeeReference(row: row)
    state = try row["state"]
    dueAt = try row["due_at"]
    completedAt = try row["completed_at"]
    refusal = try Refused(row: row)
    reminders = try row["reminders"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}

extension Attestation.Refused {
  init?(row: Row) throws {
    guard let at: Date = try row["refused_at"] else { return nil }
    self.at = at
    reason = try row["refusal_reason"]
  }
}

extension AttestationDeed: RowDecodable {
  init(row: Row) throws {
    act = try row["act"]
    at = try row["at"]
    reason = try row["reason"]
    dueAfter = try row["due_after"]
    let id: ID<ClientUser>? = try row["user_id"]
    let name: String? = try row["user_name"]
    let person = id.map { PersonReference(id: $0, name: name ?? "–") }
    let isEthico: Bool = try row["by_ethico"]
    by = isEthico ? .ethico(as: person) : person.map(Doer.person) ?? .system
  }
}
