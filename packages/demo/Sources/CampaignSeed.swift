// The campaigns of one client with the attestations of its employees, and the org units that they ask by.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct CampaignSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date
  /// Those that are published, in the order of the catalogue.
  let policies: [PolicySeed.PolicyRow]

  func run(using random: inout SplitMix64) async throws {
    let plans = client.size.campaigns
    guard !plans.isEmpty else { return }
    let units = client.size.divisions.flatMap(makeUnits)
    try await store(units)
    let departments = units.filter { $0.kind == "department" }
    let employees = try await place(in: departments)
    for (index, plan) in plans.enumerated() {
      try await store(index, plan, departments, employees, using: &random)
    }
  }

  private var author: Author {
    Seed.author(ledger.ids, at: ledger.timepiece.now()).on(client.id)
  }

  private func id(_ date: Date) -> String {
    let id: ID<Tenant> = ledger.ids.next(at: date)
    return id.description
  }

  // MARK: Org units

  struct UnitRow: Encodable, Sendable {
    let id: String
    let parentID: String?
    let kind: String
    let name: String
  }

  private func makeUnits(_ division: (name: String, departments: [String])) -> [UnitRow] {
    let made = anchor.addingTimeInterval(-395 * 86_400)
    let top = UnitRow(id: id(made), parentID: nil, kind: "division", name: division.name)
    return [top]
      + division.departments.map { UnitRow(id: id(made), parentID: top.id, kind: "department", name: $0) }
  }

  private func store(_ units: [UnitRow]) async throws {
    let rows = try JSONText.rows(units)
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        INSERT INTO org_unit (tenant_id, id, parent_id, kind, name)
        SELECT \(tenant), id, parent_id, kind, name
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, parent_id uuid, kind text, name text)
        """)
      try await tx.record("demo.people", detail: "\(units.count) org units")
    }
  }

  /// Spreads the employees over the departments in turn.
  private func place(in departments: [UnitRow]) async throws -> [String] {
    let ids = departments.map { UUID(uuidString: $0.id) }
    return try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        UPDATE employee e SET org_unit_id = d.id
        FROM (SELECT id, row_number() OVER (ORDER BY number) AS n FROM employee) o
        JOIN unnest(\(ids)) WITH ORDINALITY AS d (id, k) ON d.k = 1 + o.n % \(departments.count)
        WHERE e.id = o.id
        """)
      let employees = try await tx.query("SELECT id FROM employee ORDER BY number", as: UUID.self)
      try await tx.record("demo.people", detail: "\(employees.count) employees placed")
      return employees.map { $0.uuidString.lowercased() }
    }
  }

  // MARK: Campaigns

  /// A campaign to be made: what it is called, where it stands, and how many departments it asks; none asks everybody.
  struct Plan: Sendable {
    let name: String
    /// The place of its policy among the published ones.
    let policy: Int
    let status: String
    let departments: Int?
    let kind: String
    let dueInDays: Int

    init(_ name: String, policy: Int, _ status: String, departments: Int?, kind: String = "checkbox", dueInDays: Int) {
      self.name = name
      self.policy = policy
      self.status = status
      self.departments = departments
      self.kind = kind
      self.dueInDays = dueInDays
    }
  }

  struct CampaignRow: Encodable, Sendable {
    let id: String
    let name: String
    let kind: String
    let status: String
    let policyID: String
    let policyVersion: Int
    let audience: String
    let audienceIds: [String]
    let startsAt: Date?
    let dueAt: Date
    let createdAt: Date
    let activatedAt: Date?
    let endedAt: Date?
  }

  struct AttestationRow: Encodable, Sendable {
    let id: String
    let employeeID: String
    let state: String
    let completedAt: Date?
    let refusedAt: Date?
    let refusalReason: String?
  }

  private func store(
    _ index: Int, _ plan: Plan, _ departments: [UnitRow], _ employees: [String], using random: inout SplitMix64
  ) async throws {
    let due = anchor.addingTimeInterval(Double(plan.dueInDays) * 86_400)
    let begun = plan.isBegun ? due.addingTimeInterval(-45 * 86_400) : anchor.addingTimeInterval(-86_400)
    let asked = plan.departments.map { count in (0..<count).map { (index + $0) % departments.count } }
    let policy = policies[plan.policy]
    let row = CampaignRow(
      id: id(begun), name: plan.name, kind: plan.kind, status: plan.status, policyID: policy.id,
      policyVersion: policy.currentVersion ?? 1, audience: asked == nil ? "all" : "units",
      audienceIds: (asked ?? []).map { departments[$0].id },
      startsAt: plan.status == "scheduled" ? anchor.addingTimeInterval(7 * 86_400) : nil, dueAt: due,
      createdAt: begun, activatedAt: plan.isBegun ? begun : nil,
      endedAt: plan.isEnded ? min(due.addingTimeInterval(86_400), anchor) : nil)
    let members = employees.enumerated().filter { number, _ in
      asked?.contains((number + 1) % departments.count) ?? true
    }.map(\.element)
    let attestations = plan.isBegun ? members.map { attestation($0, plan, begun, due, using: &random) } : []
    try await store(row, attestations)
  }

  private func attestation(
    _ employee: String, _ plan: Plan, _ begun: Date, _ due: Date, using random: inout SplitMix64
  ) -> AttestationRow {
    let left: String = plan.status == "completed" ? "expired" : "skipped"
    let state =
      plan.isEnded
      ? random.pick(weighted: [("completed", 92), (left, 8)])
      : random.pick(weighted: [("completed", 58), ("in_progress", 8), ("notified", 24), ("pending", 9), ("skipped", 1)])
    let isRefused = !plan.isEnded && ["in_progress", "notified"].contains(state) && random.chance(0.02)
    let end = min(due, anchor)
    let moment = begun.addingTimeInterval(
      Double.random(in: 0.05..<0.98, using: &random) * end.timeIntervalSince(begun))
    return AttestationRow(
      id: id(begun), employeeID: employee, state: state, completedAt: state == "completed" ? moment : nil,
      refusedAt: isRefused ? moment : nil,
      refusalReason: isRefused ? random.pick(Self.refusals) : nil)
  }

  private static let refusals = [
    "I have not been told what changes for night shifts.", "The text is not available in my language.",
    "I disagree with the limit for gifts and want to talk to somebody first.",
  ]

  private func store(_ campaign: CampaignRow, _ attestations: [AttestationRow]) async throws {
    let rows = try JSONText.rows([campaign])
    let asked = try JSONText.rows(attestations)
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        INSERT INTO campaign (tenant_id, id, name, kind, status, policy_id, policy_version, audience, audience_ids,
          starts_at, due_at, created_at, activated_at, ended_at, changed_at)
        SELECT \(tenant), id, name, kind, status, policy_id, policy_version, audience, audience_ids,
          starts_at, due_at, created_at, activated_at, ended_at, COALESCE(ended_at, activated_at, created_at)
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, name text, kind text, status text, policy_id uuid,
          policy_version integer, audience text, audience_ids uuid[], starts_at timestamptz, due_at timestamptz,
          created_at timestamptz, activated_at timestamptz, ended_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO attestation (tenant_id, id, campaign_id, employee_id, state, due_at, completed_at, refused_at,
          refusal_reason, changed_at)
        SELECT \(tenant), r.id, c.id, r.employee_id, r.state, c.due_at, r.completed_at, r.refused_at, r.refusal_reason,
          COALESCE(r.completed_at, r.refused_at, c.activated_at)
        FROM jsonb_to_recordset(\(asked)) AS r (id uuid, employee_id uuid, state text, completed_at timestamptz,
          refused_at timestamptz, refusal_reason text)
        JOIN campaign c ON c.id = \(campaign.id)::uuid
        """)
      try await tx.count(.campaign(campaign.id))
      try await tx.record("demo.campaigns", detail: "\(campaign.name): \(attestations.count) attestations")
    }
  }
}

extension CampaignSeed.Plan {
  fileprivate var isBegun: Bool { !["draft", "scheduled"].contains(status) }
  fileprivate var isEnded: Bool { ["completed", "cancelled"].contains(status) }
}

extension SeedClient.Size {
  fileprivate var divisions: [(name: String, departments: [String])] {
    switch self {
    case .acme:
      [
        ("Hospitals", ["Nursing", "Surgery", "Emergency", "Pharmacy"]),
        ("Clinics", ["Paediatrics", "Radiology", "Outpatient care"]),
        ("Corporate", ["Finance", "Human resources", "Information technology", "Procurement", "Legal"]),
      ]
    case .borealis:
      [
        ("Banking", ["Retail banking", "Corporate banking", "Treasury"]),
        ("Control", ["Risk", "Operations", "Internal audit"]),
      ]
    case .ordinary: []
    }
  }

  fileprivate var campaigns: [CampaignSeed.Plan] {
    switch self {
    case .acme:
      [
        .init("Code of Conduct 2026", policy: 0, "active", departments: nil, dueInDays: 18),
        .init("Supplier standards for buyers", policy: 1, "active", departments: 1, dueInDays: -4),
        .init("Respect at Work, clinics", policy: 3, "active", departments: 1, kind: "signature", dueInDays: 30),
        .init("No facilitation payments", policy: 6, "paused", departments: 1, dueInDays: 12),
        .init("Anti-bribery, spring", policy: 4, "completed", departments: 1, kind: "signature", dueInDays: -160),
        .init("Patient data, spring", policy: 7, "completed", departments: 1, dueInDays: -190),
        .init("Harassment awareness", policy: 2, "completed", departments: 1, dueInDays: -75),
        .init("Due diligence for buyers", policy: 5, "completed", departments: 1, dueInDays: -40),
        .init("Data transfers, pilot", policy: 8, "cancelled", departments: 1, dueInDays: -20),
        .init("Security basics, autumn", policy: 9, "scheduled", departments: 3, dueInDays: 60),
        .init("Anti-bribery, autumn", policy: 4, "draft", departments: 2, kind: "signature", dueInDays: 45),
        .init("Patient data, yearly", policy: 7, "draft", departments: nil, dueInDays: 90),
      ]
    case .borealis:
      [
        .init("Code of Conduct 2026", policy: 0, "active", departments: nil, dueInDays: 9),
        .init("Anti-bribery for treasury", policy: 4, "completed", departments: 1, kind: "signature", dueInDays: -60),
        .init("Respect at Work", policy: 3, "draft", departments: 2, dueInDays: 40),
      ]
    case .ordinary: []
    }
  }
}
