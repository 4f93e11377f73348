// The list of tickets: what is not done yet comes first; filters in the address, one row a ticket.

import Access
import EthicoTypes
import Markup
import Web

enum TicketListView {
  private static let here: Path = "/tickets"

  static func page(_ found: TicketPage, _ filter: TicketFilter, _ staff: Staff) -> Page {
    let next = found.next.map {
      filter.position(behind: CursorDate.text($0.createdAt), $0.id)
    }
    let body = TicketListBody(items: found.tickets.map(TicketBody.init), count: found.count, next: next)
    return Page("Tickets", section: here, value: body) { frame in
      pageHead("Tickets") {
        if staff.may(.ticketWrite) { linkButton("Add a ticket", to: here.appending("new"), style: .primary) }
      }
      filters(filter, found)
      if found.tickets.isEmpty {
        nothing(filter)
      } else {
        table(found.tickets, staff, frame)
        pagination(filter, at: here, shown: found.tickets.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: TicketFilter, _ found: TicketPage) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Number, subject, requester", value: filter.words),
        .several("state", label: "State", options: choices(TicketState.self), chosen: filter.states.map(\.rawValue)),
        .several(
          "priority", label: "Priority", options: choices(TicketPriority.self),
          chosen: filter.priorities.map(\.rawValue)),
        .one(
          "only", label: "Assigned", any: "Everybody’s", options: choices(TicketFilter.Only.self),
          chosen: filter.only?.rawValue),
      ] + (filter.tenantSlug.map { [.kept("tenant", $0, chip: $0)] } ?? []),
      count: countLabel(filter, found))
  }

  private static func countLabel(_ filter: TicketFilter, _ found: TicketPage) -> String {
    let count = CappedCount(found.count, limit: TicketPage.countLimit)
    let shown =
      filter.states.isEmpty
      ? count.of("unresolved ticket", "unresolved tickets") : count.of("ticket", "tickets")
    return shown + ", newest first"
  }

  private static func nothing(_ filter: TicketFilter) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet(
        "No ticket waits",
        "A ticket appears here when somebody adds it or enters by a link from a ticket system.")
  }

  private static func table(_ tickets: [TicketRecord], _ staff: Staff, _ frame: Frame) -> HTML {
    var columns = [
      Column<TicketRecord>("Ticket", kind: .link) { ticket in
        a(.href(.ticket(ticket.id))) { ticket.number }
      },
      Column("Subject") { clientText($0.subject) },
      Column("Client") { ticket in a(.href(.card(ticket.tenant)), .dirAuto) { ticket.tenant.name } },
      Column("Priority") { ticketPriorityBadge($0.priority) },
      Column("State") { ticketStateBadge($0.state) },
      Column("Assigned to") { ticket in ticket.assignee.map { .text($0.name) } ?? nobody },
      Column("Created") { ticket in frame.face.ago(ticket.createdAt) },
    ]
    if staff.may(.supportAct) { columns.append(Column("Workspace", cell: enterLink)) }
    return dataTable("Tickets", tickets, columns: columns)
  }

  @HTMLBuilder private static func enterLink(_ ticket: TicketRecord) -> [HTML] {
    if ticket.tenant.status != .closed {
      a(.href(.enter(ticket)), .aria("label", "Enter \(ticket.tenant.name) for \(ticket.number)")) { "Enter" }
    }
  }
}

extension Path {
  /// The way into the client's workspace, for this ticket.
  static func enter(_ ticket: TicketRecord) -> Path {
    .enter(ticket.tenant).query("ticket", ticket.id.description)
  }
}

/// Nobody works on it yet.
let nobody: HTML = span(.class("muted")) { "Nobody" }
