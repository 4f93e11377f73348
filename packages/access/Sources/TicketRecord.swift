// Requests for help, as support works through them: of every client, with the way into each.

package import EthicoTypes
package import FoundationEssentials

/// One ticket.
package struct TicketRecord: Sendable, Hashable {
  package let id: ID<Ticket>
  /// Ours, as `T-000123`.
  package let number: String
  /// The system that the ticket came from; `portal` for those that were added here.
  package let source: String
  /// The ticket's number there; `nil` for those that were added here.
  package let externalID: String?
  /// Its page there, always https.
  package let url: String?
  package let tenant: Tenant
  package let requesterEmail: String?
  package let subject: String
  package let priority: TicketPriority
  package let state: TicketState
  package let assignee: TicketAssignee?
  package let version: Int
  package let createdAt: Date

  /// The source of tickets that were added here.
  package static let portal = "portal"

  /// What the audit trail calls it.
  package static func object(_ id: ID<Ticket>) -> AuditObject {
    AuditObject("ticket", id)
  }
}

/// Who works on a ticket, or could.
package struct TicketAssignee: Sendable, Hashable {
  package let id: ID<Staff>
  package let name: String
}

/// What somebody wants to see of the tickets.
package struct TicketFilter: Sendable, Hashable {
  /// Looked for in number, subject, requester and the other system's number.
  package var words: String
  /// None means those that are not resolved or closed.
  package var states: [TicketState]
  package var priorities: [TicketPriority]
  package var only: Only?
  /// One client's, by its slug.
  package var tenantSlug: String?
  package var after: Cursor?
  /// How many tickets a page holds, 1 to 200.
  package var limit: Int

  /// A narrowing by who works on it.
  package enum Only: String, Term {
    case mine, unassigned
  }

  /// Where the next page begins: when the last ticket shown was made, and its id.
  package struct Cursor: Sendable, Hashable {
    package let createdAt: Date
    package let id: ID<Ticket>

    package init(createdAt: Date, id: ID<Ticket>) {
      self.createdAt = createdAt
      self.id = id
    }
  }

  package init(
    words: String = "", states: [TicketState] = [], priorities: [TicketPriority] = [], only: Only? = nil,
    tenantSlug: String? = nil, after: Cursor? = nil, limit: Int = 50
  ) {
    self.words = words
    self.states = states
    self.priorities = priorities
    self.only = only
    self.tenantSlug = tenantSlug
    self.after = after
    self.limit = limit
  }
}

/// A page of the tickets, newest first.
package struct TicketPage: Sendable, Hashable {
  package let tickets: [TicketRecord]
  /// Exact up to `countLimit`, then one more.
  package let count: Int
  package let next: TicketFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// A ticket that somebody adds.
package struct NewTicket: Sendable, Hashable {
  package let source: String
  package let externalID: String
  package let url: String?
  package let requesterEmail: String?
  package let subject: String
  package let priority: TicketPriority

  package init(
    source: String, externalID: String, url: String?, requesterEmail: String?, subject: String, priority: TicketPriority
  ) {
    self.source = source
    self.externalID = externalID
    self.url = url
    self.requesterEmail = requesterEmail
    self.subject = subject
    self.priority = priority
  }
}

/// What a ticket is set to.
package struct TicketChange: Sendable, Hashable {
  package let state: TicketState
  package let priority: TicketPriority
  package let assignee: ID<Staff>?

  package init(state: TicketState, priority: TicketPriority, assignee: ID<Staff>?) {
    self.state = state
    self.priority = priority
    self.assignee = assignee
  }
}

/// Why a ticket was left as it was.
package enum TicketRefusal: Error, Sendable, Hashable {
  /// Somebody saved it after this person began.
  case stale(TicketRecord)
  /// The number in the other system is another ticket's already.
  case taken(TicketRecord)
  /// Who was chosen may not work on tickets.
  case assignee
}
