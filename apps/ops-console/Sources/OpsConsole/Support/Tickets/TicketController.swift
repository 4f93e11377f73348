// The list of tickets, a ticket's page, and what is done to one.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum TicketController {
  static func routes(_ routes: Routes) {
    let readers = routes.group("tickets", context: StaffContext<ReadTenants>.self)
    readers.get("", name: "ticket.list", use: list)
    readers.get("{ticket}", name: "ticket.show", use: show)
    let writers = routes.group("tickets", context: StaffContext<WriteTickets>.self)
    writers.get("new", name: "ticket.add_form", use: addForm)
    writers.post("", name: "ticket.add", use: add)
    writers.post("{ticket}", name: "ticket.set", use: set)
  }

  private static func list(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let filter = try TicketFilter(context)
    let found = try await context.ledger.tickets(filter, for: context.staff.id)
    return .page(TicketListView.page(found, filter, context.staff))
  }

  private static func show(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let ticket = try await find(context)
    let assignees = try await assignees(context)
    return .page(TicketView.page(ticket, assignees, FormState(ticket), setback: nil, context.staff))
  }

  private static func find(_ context: some GuardedContext) async throws -> TicketRecord {
    guard let ticket = try await context.ledger.ticket(try context.id("ticket", of: Ticket.self)) else {
      throw Problem.notFound
    }
    return ticket
  }

  private static func assignees(_ context: some GuardedContext) async throws -> [TicketAssignee] {
    try await context.ledger.ticketAssignees()
  }

  // MARK: Writing

  private static func addForm(_ context: StaffContext<WriteTickets>) async throws -> Answer {
    let state = FormState([("tenant", context.query("tenant") ?? ""), ("priority", TicketPriority.normal.rawValue)])
    return .page(TicketAddView.page(state))
  }

  private static func add(_ context: StaffContext<WriteTickets>) async throws -> Answer {
    var author = context.author
    do {
      let (ticket, slug) = try NewTicket.read(context.form, by: context.staff.id)
      guard let card = try await context.ledger.tenantCard(slug, for: context.staff.id) else {
        throw Invalid("tenant", "No client has the slug “\(slug)”. It stands on the client’s card.")
      }
      author = author.on(card.tenant.id)
      let id = try await context.ledger.add(ticket, for: card.tenant, by: context.signedIn, request: context.facts)
      return .redirect(.ticket(id).query("done", "added"))
    } catch let invalid as Invalid {
      return try await addAgain(invalid.setback, author, context)
    } catch TicketRefusal.taken(let there) {
      let error = FieldError("external_id", "That number is \(there.number) already, of \(there.tenant.name).")
      let setback = Setback(
        .conflict, "ticket_taken", "\(there.number) has that number already.", "Nothing was added.", errors: [error])
      return try await addAgain(setback, author, context)
    }
  }

  private static func addAgain(
    _ setback: Setback, _ author: Author, _ context: StaffContext<WriteTickets>
  ) async throws -> Answer {
    try await context.ledger.refuse(
      author, action: "ticket.add", outcome: setback.outcome,
      status: setback.status.code)
    guard context.wantsHTML else { throw setback.problem }
    let state = FormState(context.form.fields, errors: setback.errors)
    return .page(TicketAddView.page(state), status: setback.status)
  }

  private static func set(_ context: StaffContext<WriteTickets>) async throws -> Answer {
    let ticket = try await find(context)
    do {
      let change = try TicketChange(context.form.fields)
      try await context.ledger.set(
        ticket, to: change, version: context.form.version, by: context.signedIn, request: context.facts)
      return .redirect(.ticket(ticket.id).query("done", "set"))
    } catch let invalid as Invalid {
      return try await again(ticket, invalid.setback, context)
    } catch TicketRefusal.assignee {
      let error = FieldError("assignee", "Choose somebody who works on tickets, or nobody.")
      return try await again(ticket, Invalid([error]).setback, context)
    } catch TicketRefusal.stale(let now) {
      let setback = Setback.stale(
        now.number,
        advice: "Nothing of yours was saved. What is stored now stands under Request; what you chose is still in the "
          + "form.")
      return try await again(now, setback, context)
    }
  }

  /// The ticket's page once more, with what was chosen and why it was not taken.
  private static func again(
    _ ticket: TicketRecord, _ setback: Setback, _ context: StaffContext<WriteTickets>
  ) async throws -> Answer {
    try await context.ledger.refuse(
      context.author.on(ticket.tenant.id), action: "ticket.set", object: TicketRecord.object(ticket.id),
      outcome: setback.outcome, status: setback.status.code)
    guard context.wantsHTML else { throw setback.problem }
    let state = FormState(context.form.fields, errors: setback.errors)
    let assignees = try await assignees(context)
    return .page(
      TicketView.page(ticket, assignees, state, setback: setback, context.staff), status: setback.status)
  }
}

extension FormState {
  /// The stored values, as the ticket's form shows them.
  fileprivate init(_ ticket: TicketRecord) {
    self.init([
      ("state", ticket.state.rawValue), ("priority", ticket.priority.rawValue),
      ("assignee", ticket.assignee?.id.description ?? ""),
    ])
  }
}
