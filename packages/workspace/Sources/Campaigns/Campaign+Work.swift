// The verbs of a campaign. Each looks first, holds its rule, changes the rows and writes the event that says so.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Campaign {
  static func object(_ id: ID<Campaign>) -> AuditObject { AuditObject("campaign", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the campaign after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw CampaignRefusal.stale(self) }
  }

  /// Plans a campaign. Nobody is asked before it is activated.
  static func add(_ draft: CampaignDraft, in tx: AuditedTransaction) async throws -> ID<Campaign> {
    let id: ID<Campaign> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO campaign (tenant_id, id, name, kind, policy_id, policy_version, audience, audience_ids, starts_at,
        due_at, created_at)
      VALUES (\(tx.author.tenant), \(id), \(draft.name), \(draft.kind), \(draft.policy), \(draft.number),
        \(draft.audience.kind), \(draft.audience.ids), \(draft.startsAt), \(draft.dueAt), \(tx.at))
      """)
    try await tx.record("campaign.add", object: object(id), status: 303, detail: "\(draft.name): added")
    return id
  }

  /// Changes what is planned.
  func edit(_ draft: CampaignDraft, in tx: AuditedTransaction) async throws {
    guard status.isPlanned else { throw CampaignRefusal.settled(self) }
    if status == .scheduled, draft.startsAt == nil {
      throw Invalid("starts", "A scheduled campaign has a day on which it starts.")
    }
    try await tx.execute(
      """
      UPDATE campaign SET name = \(draft.name), kind = \(draft.kind), policy_id = \(draft.policy),
        policy_version = \(draft.number), audience = \(draft.audience.kind), audience_ids = \(draft.audience.ids),
        starts_at = \(draft.startsAt), due_at = \(draft.dueAt)
      WHERE id = \(id)
      """)
    if status == .scheduled, let startsAt = draft.startsAt { try await orderStart(at: startsAt, in: tx) }
    try await tx.record("campaign.edit", object: object, status: 303, detail: "\(name): edited")
  }

  /// Moves the campaign on: activating asks its audience, ending it closes what is still open.
  func move(to next: CampaignStatus, in tx: AuditedTransaction) async throws {
    guard status.nextStatuses.contains(next) else { throw CampaignRefusal.badTransition(self, to: next) }
    var many = ""
    switch next {
    case .draft: break
    case .scheduled:
      guard let startsAt, startsAt > tx.at else {
        throw Invalid("to", "A scheduled campaign starts on a day to come: edit it first.")
      }
      try await tx.execute("UPDATE campaign SET status = 'scheduled' WHERE id = \(id)")
      try await orderStart(at: startsAt, in: tx)
    case .active: many = Self.many(try await activate(in: tx))
    case .paused: try await tx.execute("UPDATE campaign SET status = 'paused' WHERE id = \(id)")
    case .completed, .cancelled: many = try await end(as: next, in: tx)
    }
    try await tx.record(
      "campaign.move", object: object, status: 303, detail: "\(name): \(status.label) → \(next.label)\(many)")
  }

  private static func many(_ attestations: Int) -> String {
    attestations == 0 ? "" : ", " + counted(attestations, "attestation")
  }

  /// So many attestations are written while somebody waits for the page; more of them are written by a job, at once.
  static let writtenWhileWaiting = 5_000

  /// Activates the campaign as `move` does. One that asks very many is scheduled for this moment: its job asks them.
  func begin(in tx: AuditedTransaction) async throws {
    guard status.isPlanned, let asked = try await tx.all(audience.count).first, asked > Self.writtenWhileWaiting
    else {
      return try await move(to: .active, in: tx)
    }
    if let hindrance = hindrance(asking: asked, at: tx.at) { throw Invalid("to", hindrance) }
    try await tx.execute("UPDATE campaign SET status = 'scheduled', starts_at = \(tx.at) WHERE id = \(id)")
    try await orderStart(at: tx.at, in: tx)
    try await tx.record(
      "campaign.move", object: object, status: 303,
      detail: "\(name): \(status.label) → \(CampaignStatus.scheduled.label), to start at once")
  }

  /// Begins, or goes on after a pause. The first time, everybody in the audience is asked, all in one transaction.
  /// - Parameter access: the access under which it was scheduled, where it begins by itself.
  func activate(under access: ID<Impersonation>? = nil, in tx: AuditedTransaction) async throws -> Int {
    if status == .paused {
      try await tx.execute("UPDATE campaign SET status = 'active' WHERE id = \(id)")
      try await tx.count(.featureUsed(.attestationCampaigns), of: id)
      return 0
    }
    let members = try await members(in: tx)
    if let hindrance = hindrance(asking: members.count, at: tx.at) { throw Invalid("to", hindrance) }
    try await tx.execute("UPDATE campaign SET status = 'active', activated_at = \(tx.at) WHERE id = \(id)")
    for some in members.batches(of: Attestation.batch) {
      let ids: [ID<Attestation>] = some.map { _ in tx.newID() }
      try await tx.execute(
        """
        INSERT INTO attestation (tenant_id, id, campaign_id, employee_id, due_at)
        SELECT \(tx.author.tenant), m.id, \(id), m.employee_id, \(dueAt)
        FROM unnest(\(ids), \(some)) AS m (id, employee_id)
        """)
    }
    try await tx.count(.featureUsed(.attestationCampaigns), of: id, under: access)
    try await tx.count(
      .attestationAssigned, of: "SELECT a.id AS object_id, a.due_at FROM attestation a WHERE a.campaign_id = \(id)",
      under: access)
    try await AttestationOverdue.order(of: id, at: dueAt, in: tx)
    return members.count
  }

  /// Why it cannot begin at that moment; `nil` where it can.
  func hindrance(asking members: Int, at now: Date) -> String? {
    if dueAt <= now { return "The day by which it is due is over: edit the campaign first." }
    return members == 0 ? "Nobody is in its audience: edit the campaign, or add employees first." : nil
  }

  /// Ends the campaign, which closes what is still open. Very many are closed by its job, a moment later.
  /// - Returns: how many that are, for the trail.
  private func end(as next: CampaignStatus, in tx: AuditedTransaction) async throws -> String {
    try await tx.execute("UPDATE campaign SET status = \(next), ended_at = \(tx.at) WHERE id = \(id)")
    let open = try await openCount(in: tx)
    guard open > Self.writtenWhileWaiting else { return Self.many(try await closeOpen(by: next, in: tx)) }
    try await orderWork(.close, in: tx)
    return "\(Self.many(open)) to be closed at once"
  }

  /// Closes what is still open of a campaign that has ended.
  /// - Parameters:
  ///   - end: how it has ended: what is open of a completed one expires, of a cancelled one it is skipped.
  ///   - access: the access under which it was ended, where its job closes them.
  /// - Returns: how many were closed.
  func closeOpen(
    by end: CampaignStatus, under access: ID<Impersonation>? = nil, in tx: AuditedTransaction
  ) async throws -> Int {
    let outcome: AttestationState = end == .completed ? .expired : .skipped
    let open = try await holdOpen(in: tx)
    for some in open.batches(of: Attestation.batch) {
      if end == .cancelled {
        try await tx.count(
          .attestationWithdrawn,
          of: "SELECT a.id AS object_id, a.due_at FROM attestation a WHERE a.id = ANY(\(some))", under: access)
      }
      try await tx.execute("UPDATE attestation SET state = \(outcome) WHERE id = ANY(\(some))")
    }
    return open.count
  }

  private func openCount(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      """
      SELECT count(*) FROM attestation a
      WHERE a.campaign_id = \(id) AND a.state = ANY(\(AttestationState.open))
      """, as: Int.self) ?? 0
  }

  /// Those who are still asked, held.
  private func holdOpen(in tx: AuditedTransaction) async throws -> [ID<Attestation>] {
    try await tx.query(
      """
      SELECT a.id FROM attestation a
      WHERE a.campaign_id = \(id) AND a.state = ANY(\(AttestationState.open))
      ORDER BY a.id
      FOR UPDATE
      """, as: ID<Attestation>.self)
  }

  /// Writes down that everybody who is still asked is to be reminded, or has its job do that where it is very many.
  /// Nothing is sent from here.
  /// - Returns: how many that are; `nil` where the job says so.
  func remind(in tx: AuditedTransaction) async throws -> Int? {
    guard status == .active else { throw CampaignRefusal.notActive(self) }
    let open = try await openCount(in: tx)
    guard open > 0 else { throw Invalid("", "Nobody is asked any more, so there is nobody to remind.") }
    guard open > Self.writtenWhileWaiting else { return try await remindOpen(in: tx) }
    try await orderWork(.remind, in: tx)
    try await tx.record(
      "campaign.remind", object: object, status: 303, detail: "\(name): \(grouped(open)) reminders to be noted at once")
    return nil
  }

  /// Notes a reminder for everybody who is still asked.
  /// - Returns: how many that are.
  func remindOpen(in tx: AuditedTransaction) async throws -> Int {
    let open = try await holdOpen(in: tx)
    for some in open.batches(of: Attestation.batch) {
      try await AttestationOrder(act: .remind).carryOut(on: some, in: tx)
    }
    try await tx.record(
      "campaign.remind", object: object, status: 303,
      detail: "\(name): \(counted(open.count, "reminder")) noted")
    return open.count
  }
}
