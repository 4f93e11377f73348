// Requests for help, as support works through them: of every client, with the way into each.

public import EthicoTypes
public import FoundationEssentials

/// One ticket.
public struct TicketRecord: Sendable, Hashable {
  public let id: ID<Ticket>
  /// Ours, as `T-000123`.
  public let number: String
  /// The system that the ticket came from; `portal` for those that were added here.
  public let source: String
  /// The ticket's number there; `nil` for those that were added here.
  public let externalID: String?
  /// Its page there, always https.
  public let url: String?
  public let tenant: Tenant
  public let requesterEmail: String?
  public let subject: String
  public let priority: TicketPriority
  public let state: TicketState
  public let assignee: TicketAssignee?
  public let version: Int
  public let createdAt: Date

  /// The source of tickets that were added here.
  public static let portal = "portal"

  /// What the audit trail calls it.
  public static func object(_ id: ID<Ticket>) -> AuditObject {
    AuditObject("ticket", id)
  }
}

/// Who works on a ticket, or could.
public struct TicketAssignee: Sendable, Hashable {
  public let id: ID<Staff>
  public let name: String
}

/// What somebody wants to see of the tickets.
public struct TicketFilter: Sendable, Hashable {
  /// Looked for in number, subject, requester and the other system's number.
  public var words: String
  /// None means those that are not resolved or closed.
  public var states: [TicketState]
  public var priorities: [TicketPriority]
  public var only: Only?
  /// One client's, by its slug.
  public var tenantSlug: String?
  public var after: Cursor?
  /// How many tickets a page holds, 1 to 200.
  public var limit: Int

  /// A narrowing by who works on it.
  public enum Only: String, Term {
    case mine, unassigned
  }

  /// Where the next page begins: when the last ticket shown was made, and its id.
  public struct Cursor: Sendable, Hashable {
    public let createdAt: Date
    public let id: ID<Ticket>

    public init(createdAt: Date, id: ID<Ticket>) {
      self.createdAt = createdAt
      self.id = id
    }
  }

  public init(
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
public struct TicketPage: Sendable, Hashable {
  public let tickets: [TicketRecord]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  public let next: TicketFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// A ticket that somebody adds.
public struct NewTicket: Sendable, Hashable {
  public let source: String
  public let externalID: String
  public let url: String?
  public let requesterEmail: String?
  public let subject: String
  public let priority: TicketPriority

  public init(
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
public struct TicketChange: Sendable, Hashable {
  public let state: TicketState
  public let priority: TicketPriority
  public let assignee: ID<Staff>?

  public init(state: TicketState, priority: TicketPriority, assignee: ID<Staff>?) {
    self.state = state
    self.priority = priority
    self.assignee = assignee
  }
}

/// Why a ticket was left as it was.
public enum TicketRefusal: Error, Sendable, Hashable {
  /// Somebody saved it after this person began.
  case stale(TicketRecord)
  /// The number in the other system is another ticket's already.
  case taken(TicketRecord)
  /// Who was chosen may not work on tickets.
  case assignee
}
