// The JSON face of tickets.

import Access
import EthicoTypes
import FoundationEssentials

/// A ticket as programs are given it.
struct TicketBody: Encodable, Sendable {
  let id: ID<Ticket>
  let number: String
  let source: String
  let externalID: String?
  let url: String?
  let tenant: Client
  let requester: String?
  let subject: String
  let priority: TicketPriority
  let state: TicketState
  let assignee: Person?
  let created: Date
  let version: Int

  struct Client: Encodable, Sendable {
    let id: ID<Tenant>
    let slug: String
    let name: String
  }

  struct Person: Encodable, Sendable {
    let id: ID<Staff>
    let name: String
  }

  enum CodingKeys: String, CodingKey {
    case id, number, source, url, tenant, requester, subject, priority, state, assignee, created, version
    case externalID = "external_id"
  }

  init(_ ticket: TicketRecord) {
    id = ticket.id
    number = ticket.number
    source = ticket.source
    externalID = ticket.externalID
    url = ticket.url
    tenant = Client(id: ticket.tenant.id, slug: ticket.tenant.slug, name: ticket.tenant.name)
    requester = ticket.requesterEmail
    subject = ticket.subject
    priority = ticket.priority
    state = ticket.state
    assignee = ticket.assignee.map { Person(id: $0.id, name: $0.name) }
    created = ticket.createdAt
    version = ticket.version
  }
}

/// A page of tickets.
struct TicketListBody: Encodable, Sendable {
  let items: [TicketBody]
  let count: Int
  let next: String?
}

/// The form of a new ticket, to programs: the priorities there are.
struct TicketFormBody: Encodable, Sendable {
  let priorities = TicketPriority.allCases
}
