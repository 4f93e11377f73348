// Reads and writes tickets. They are ours, not the client's; what happens to one still stands in its client's trail.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// A page of tickets, newest first.
  public func tickets(_ filter: TicketFilter, for staff: ID<Staff>) async throws -> TicketPage {
    let conditions = filter.conditions(staff)
    let position: SQL = filter.after.map { "(k.created_at, k.id) < (\($0.createdAt), \($0.id))" } ?? "true"
    let found = try await database.query(
      .fleet,
      """
      SELECT \(fragment: TicketRecord.columns)
      \(fragment: TicketRecord.tables)
      WHERE \(fragment: conditions) AND \(fragment: position)
      ORDER BY k.created_at DESC, k.id DESC
      LIMIT \(filter.limit + 1)
      """, as: TicketRecord.self)
    let count = try await database.query(
      .fleet,
      """
      SELECT count(*) FROM (
        SELECT 1
        \(fragment: TicketRecord.tables)
        WHERE \(fragment: conditions)
        LIMIT \(TicketPage.countLimit + 1)
      ) counted
      """, as: Int.self)
    let tickets = Array(found.prefix(filter.limit))
    let isMore = found.count > filter.limit
    let next = isMore ? tickets.last.map { TicketFilter.Cursor(createdAt: $0.createdAt, id: $0.id) } : nil
    return TicketPage(tickets: tickets, count: count.first ?? 0, next: next)
  }

  /// One ticket; `nil` when there is none of that id.
  public func ticket(_ id: ID<Ticket>) async throws -> TicketRecord? {
    try await database.query(.fleet, TicketRecord.one(id), as: TicketRecord.self).first
  }

  /// Who may work on tickets, by name.
  public func ticketAssignees() async throws -> [TicketAssignee] {
    try await database.query(
      .fleet,
      """
      SELECT s.id, s.name
      FROM staff s
      WHERE \(fragment: TicketAssignee.mayWork(at: timepiece.now()))
      ORDER BY s.name, s.id
      LIMIT 200
      """, as: TicketAssignee.self)
  }

  /// Adds a ticket. The same once more leads to the one that is there.
  /// - Throws: `TicketRefusal.taken` where another ticket has that source and number.
  public func add(
    _ ticket: NewTicket, for tenant: Tenant, by signedIn: SignedIn, request: RequestFacts
  ) async throws -> ID<Ticket> {
    try await fleet(signedIn.author(request).on(tenant.id)) { tx in
      let id: ID<Ticket> = tx.newID()
      let added = try await tx.execute(
        """
        INSERT INTO ticket (id, source, external_id, url, tenant_id, requester_email, subject, priority)
        VALUES (\(id), \(ticket.source), \(ticket.externalID), \(ticket.url), \(tenant.id),
          \(ticket.requesterEmail), \(ticket.subject), \(ticket.priority))
        ON CONFLICT (source, external_id) DO NOTHING
        """)
      guard added == 0 else {
        try await tx.record("ticket.add", object: TicketRecord.object(id), status: 303)
        return id
      }
      let there = try await tx.first(
        """
        SELECT \(fragment: TicketRecord.columns)
        \(fragment: TicketRecord.tables)
        WHERE k.source = \(ticket.source) AND k.external_id = \(ticket.externalID)
        """, as: TicketRecord.self)
      guard let there else { return id }
      guard there.tenant.id == tenant.id, there.subject == ticket.subject else { throw TicketRefusal.taken(there) }
      return there.id
    }
  }

  /// Sets who works on a ticket, how soon, and where it stands.
  /// - Throws: `TicketRefusal`, with nothing changed.
  public func set(
    _ ticket: TicketRecord, to change: TicketChange, version: Int, by signedIn: SignedIn, request: RequestFacts
  ) async throws {
    try await fleet(signedIn.author(request).on(ticket.tenant.id)) { tx in
      if let assignee = change.assignee, assignee != ticket.assignee?.id {
        let may = try await tx.first(
          """
          SELECT count(*) FROM staff s
          WHERE s.id = \(assignee) AND \(fragment: TicketAssignee.mayWork(at: tx.at))
          """, as: Int.self)
        guard may == 1 else { throw TicketRefusal.assignee }
      }
      let changed = try await tx.execute(
        """
        UPDATE ticket
        SET state = \(change.state), priority = \(change.priority), assignee_id = \(change.assignee),
          version = version + 1
        WHERE id = \(ticket.id) AND version = \(version)
        """)
      guard changed == 1 else {
        let now = try await tx.first(TicketRecord.one(ticket.id), as: TicketRecord.self) ?? ticket
        // The same form once more finds its work done.
        guard now.state == change.state, now.priority == change.priority, now.assignee?.id == change.assignee else {
          throw TicketRefusal.stale(now)
        }
        return
      }
      try await tx.record("ticket.set", object: TicketRecord.object(ticket.id), status: 303)
    }
  }
}

extension TicketFilter {
  fileprivate func conditions(_ staff: ID<Staff>) -> SQL {
    var conditions: [SQL] = ["k.state = ANY(\(states.isEmpty ? TicketState.unresolved : states))"]
    if !priorities.isEmpty { conditions.append("k.priority = ANY(\(priorities))") }
    if let tenantSlug { conditions.append("t.slug = \(tenantSlug)") }
    switch only {
    case nil: break
    case .mine: conditions.append("k.assignee_id = \(staff)")
    case .unassigned: conditions.append("k.assignee_id IS NULL")
    }
    if !words.isEmpty {
      let pattern = "%" + SQL.pattern(words) + "%"
      conditions.append(
        """
        (k.number ILIKE \(pattern) OR k.subject ILIKE \(pattern) OR k.requester_email ILIKE \(pattern)
        OR k.source <> \(TicketRecord.portal) AND k.external_id ILIKE \(pattern))
        """)
    }
    return .all(conditions)
  }
}

extension TicketAssignee: RowDecodable {
  /// Reads `id` and `name`.
  public init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
  }

  /// Whether the person `s` is there and may work on tickets.
  static func mayWork(at moment: Date) -> SQL {
    """
    s.state = 'active' AND s.locked_at IS NULL AND EXISTS (
      SELECT 1 FROM staff_grant g
      WHERE g.staff_id = s.id AND g.capability = \(Capability.ticketWrite.rawValue)
        AND \(fragment: StaffGrant.counts(at: moment))
    )
    """
  }
}

extension TicketRecord: RowDecodable {
  static let columns: SQL = """
    k.id, k.number, k.source, k.external_id, k.url, k.requester_email, k.subject, k.priority, k.state, k.version,
    k.created_at, k.tenant_id, t.slug, t.name, t.status, k.assignee_id, s.name AS assignee_name
    """

  static let tables: SQL = """
    FROM ticket k
    JOIN tenant_directory t ON t.tenant_id = k.tenant_id
    LEFT JOIN staff s ON s.id = k.assignee_id
    """

  static func one(_ id: ID<Ticket>) -> SQL {
    "SELECT \(fragment: columns) \(fragment: tables) WHERE k.id = \(id)"
  }

  /// Reads what `columns` selects; the number elsewhere of a ticket that was added here is left out.
  public init(row: Row) throws {
    id = try row["id"]
    number = try row["number"]
    source = try row["source"]
    let externalID: String = try row["external_id"]
    self.externalID = source == Self.portal ? nil : externalID
    url = try row["url"]
    tenant = Tenant(id: try row["tenant_id"], slug: try row["slug"], name: try row["name"], status: try row["status"])
    requesterEmail = try row["requester_email"]
    subject = try row["subject"]
    priority = try row["priority"]
    state = try row["state"]
    let assigneeID: ID<Staff>? = try row["assignee_id"]
    let assigneeName: String? = try row["assignee_name"]
    assignee = assigneeID.flatMap { id in assigneeName.map { TicketAssignee(id: id, name: $0) } }
    version = try row["version"]
    createdAt = try row["created_at"]
  }
}
