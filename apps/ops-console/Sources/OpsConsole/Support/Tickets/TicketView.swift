// The page of one ticket: what is asked for on the left, who works on it and the way in on the right.

import Access
import EthicoTypes
import Markup
import Web
import Workspace

enum TicketView {
  static func page(
    _ ticket: TicketRecord, _ assignees: [TicketAssignee], _ state: FormState, setback: Setback?, _ staff: Staff
  ) -> Page {
    Page(
      ticket.number, section: "/tickets", crumbs: [Crumb("Tickets", "/tickets")], value: TicketBody(ticket)
    ) { frame in
      result(frame, ["added": "\(ticket.number) added.", "set": "\(ticket.number) saved."])
      setbackPanel(setback)
      pageHead(ticket.subject, facts: facts(ticket)) {
        if staff.may(.supportAct), ticket.tenant.status != .closed {
          linkButton("Enter \(ticket.tenant.name)", to: .enter(ticket), style: .primary)
        }
      }
      columns {
        request(ticket, staff, frame)
        if staff.may(.ticketWrite) { workForm(ticket, assignees, state, frame) } else { notYours(.ticketWrite) }
      }
    }
  }

  private static func facts(_ ticket: TicketRecord) -> [HTML] {
    [.text(ticket.number), ticketStateBadge(ticket.state), ticketPriorityBadge(ticket.priority)]
  }

  private static func request(_ ticket: TicketRecord, _ staff: Staff, _ frame: Frame) -> HTML {
    let references = RecordReference.all(in: ticket.subject)
    let mayEnter = staff.may(.supportAct) && ticket.tenant.status != .closed
    return panel("Request") {
      properties([
        ("Client", a(.href(.card(ticket.tenant)), .dirAuto) { ticket.tenant.name }),
        ("Asked for by", clientText(ticket.requesterEmail)),
        ("Created", frame.face.moment(ticket.createdAt)),
        ("Assigned to", ticket.assignee.map { .text($0.name) } ?? nobody),
        ("State", ticketStateBadge(ticket.state)),
        ("Priority", ticketPriorityBadge(ticket.priority)),
        ("Elsewhere", elsewhere(ticket)),
      ])
      if !references.isEmpty, mayEnter { records(references, ticket) }
    }
  }

  /// The ways to the records that the ticket names.
  private static func records(_ references: [RecordReference], _ ticket: TicketRecord) -> HTML {
    div(.class("acts")) {
      for reference in references {
        linkButton(
          "Open \(reference.text)", to: .enter(ticket).query("open", reference.text), style: .small,
          name: "Open \(reference.text) at \(ticket.tenant.name)")
      }
    }
  }

  private static func elsewhere(_ ticket: TicketRecord) -> HTML {
    guard let externalID = ticket.externalID else { return span(.class("muted")) { "Added here" } }
    return clientText([ticket.source, externalID, ticket.url].compactMap(\.self).joined(separator: " · "))
  }

  private static func workForm(
    _ ticket: TicketRecord, _ assignees: [TicketAssignee], _ state: FormState, _ frame: Frame
  ) -> HTML {
    panel("Work") {
      postForm(
        .ticket(ticket.id), frame.secrets("set"), version: ticket.version, state: state, leaving: .silent
      ) {
        selectField(
          "assignee", label: "Assigned to", state: state,
          options: [("", "Nobody")] + people(ticket, assignees), need: .optional)
        selectField("priority", label: "Priority", state: state, options: choices(TicketPriority.self))
        selectField("state", label: "State", state: state, options: stateChoices)
        formActs { submitButton("Save ticket", style: .plain) }
      }
    }
  }

  /// Who may be chosen, and whoever has it now.
  private static func people(_ ticket: TicketRecord, _ assignees: [TicketAssignee]) -> [Choice] {
    let others = ticket.assignee.map { current in assignees.contains(current) ? [] : [current] } ?? []
    return (assignees + others).map { ($0.id.description, $0.name) }
  }

  /// The states in the order in which a ticket goes through them.
  private static let stateChoices: [Choice] = [
    TicketState.open, .inProgress, .waitingOnClient, .resolved, .closed,
  ].map { ($0.rawValue, $0.label) }
}
