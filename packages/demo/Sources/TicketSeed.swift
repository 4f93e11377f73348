// Requests for help, as a ticket system would have sent them: most are done, the newest wait.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct TicketSeed: Sendable {
  let ledger: Ledger
  let clients: [SeedClient]
  let anchor: Date
  let assignees: [ID<Staff>]

  /// How many the demo has, those counted by which somebody entered.
  private static let total = 300

  private static let subjects = [
    "Lead has left the company: please reassign the open case", "Reporter cannot open the follow-up page",
    "Second factor lost, user locked out", "Please add a category for data privacy", "Campaign reminder went out twice",
    "Wrong time zone on due dates", "Hotline greeting in Spanish is out of date", "New compliance officer needs access",
    "Export of closed cases for the board", "Case was closed by mistake", "Single sign-on certificate expires soon",
    "Deactivated user still receives mail", "Manager sees no policies to attest", "Attachment cannot be opened",
  ]

  func run(using random: inout SplitMix64) async throws {
    let existing = try await ledger.database.query(.fleet, "SELECT count(*) FROM ticket", as: Int.self).first ?? 0
    let open = clients.filter { $0.status != .closed }
    var rows: [TicketRow] = []
    for index in 0..<max(0, Self.total - existing) {
      let client = index.isMultiple(of: 6) ? clients[0] : random.pick(open)
      rows.append(row(index, client, using: &random))
    }
    complainOfFlag(&rows)
    let count = rows.count
    let json = try JSONText.rows(rows.sorted { $0.createdAt < $1.createdAt })
    try await ledger.fleet(Seed.author(ledger.ids, at: anchor)) { tx in
      try await tx.execute(
        """
        INSERT INTO ticket (id, source, external_id, url, tenant_id, requester_email, subject, priority, state,
          assignee_id, created_at)
        SELECT id, 'zendesk', external_id, 'https://desk.example/tickets/' || external_id, tenant_id, requester_email,
          subject, priority, state, assignee_id, created_at
        FROM jsonb_to_recordset(\(json)) AS r (id uuid, external_id text, tenant_id uuid, requester_email text,
          subject text, priority text, state text, assignee_id uuid, created_at timestamptz)
        """)
      try await tx.record("ticket.add", detail: "\(count) demo tickets")
    }
  }

  /// The newest open ticket of the first client is about what `FlagSeed` leaves switched off there.
  private func complainOfFlag(_ rows: inout [TicketRow]) {
    let own = rows.indices.filter { index in
      rows[index].tenantID == clients[0].id.description && rows[index].state == TicketState.open.rawValue
    }
    guard let newest = own.max(by: { rows[$0].createdAt < rows[$1].createdAt }) else { return }
    rows[newest].subject = "Cases cannot be selected in the list, to assign several at once"
  }

  private func row(_ index: Int, _ client: SeedClient, using random: inout SplitMix64) -> TicketRow {
    let days = Double.random(in: 0..<180, using: &random)
    let created = anchor.addingTimeInterval(-days * 86_400 - 600)
    let state: TicketState =
      days > 14
      ? random.pick(weighted: [(.resolved, 3), (.closed, 12), (.waitingOnClient, 1)])
      : random.pick(weighted: [(.open, 4), (.inProgress, 3), (.waitingOnClient, 2), (.resolved, 2)])
    let priority: TicketPriority = random.pick(weighted: [(.urgent, 1), (.high, 3), (.normal, 10), (.low, 4)])
    let isTaken = state != .open || random.chance(0.3)
    let id: ID<Ticket> = ledger.ids.next(at: created)
    return TicketRow(
      id: id.description, externalID: String(50_000 + index), tenantID: client.id.description,
      requesterEmail: "admin@" + client.domain, subject: random.pick(Self.subjects), priority: priority.rawValue,
      state: state.rawValue, assigneeID: isTaken ? random.pick(assignees).description : nil, createdAt: created)
  }
}

/// A ticket as the database reads it from JSON.
private struct TicketRow: Encodable, Sendable {
  let id: String
  let externalID: String
  let tenantID: String
  let requesterEmail: String
  var subject: String
  let priority: String
  let state: String
  let assigneeID: String?
  let createdAt: Date
}
