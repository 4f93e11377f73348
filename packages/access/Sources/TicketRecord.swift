// Requests for help, as support works through them: of every client, with the way into each.

public import EthicoTypes
public import FoundationEssentials

/// One ticket.
public struct TicketRecord: Sendable, Hashable {
  /// Names the ticket in addresses; people use its number.
  public let id: ID<Ticket>
  /// Ours, as `T-000123`.
  public let number: String
  /// The system that the ticket came from; `portal` for those that were added here.
  public let source: String
  /// The ticket's number there; `nil` for those that were added here.
  public let externalID: String?
  /// Its page there, always https.
  public let url: String?
  /// The client that it is about, as the directory has it now.
  public let tenant: Tenant
  /// Who asked, by the address that the ticket came with; `nil` where it names nobody.
  public let requesterEmail: String?
  /// One line of 1 to 200 characters; `Ticket` and its number there for one that came by a link.
  public let subject: String
  /// Normal until somebody sets it otherwise.
  public let priority: TicketPriority
  /// Open when it comes.
  public let state: TicketState
  /// `nil` while nobody has taken it.
  public let assignee: TicketAssignee?
  /// Rises with every change; a form says which one it saw.
  public let version: Int
  /// When it came to us, whatever its age elsewhere; lists are in its order.
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
  /// Of a person on the staff.
  public let id: ID<Staff>
  /// What the person is called now.
  public let name: String
}

/// What somebody wants to see of the tickets.
public struct TicketFilter: Sendable, Hashable {
  /// Looked for in number, subject, requester and the other system's number.
  public var words: String
  /// None means those that are not resolved or closed.
  public var states: [TicketState]
  /// Any of these; none means all.
  public var priorities: [TicketPriority]
  /// `nil` for everybody's.
  public var only: Only?
  /// One client's, by its slug.
  public var tenantSlug: String?
  /// The page follows this ticket; `nil` for the first page.
  public var after: Cursor?
  /// How many tickets a page holds, 1 to 200.
  public var limit: Int

  /// A narrowing by who works on it.
  public enum Only: String, Term {
    case mine, unassigned
  }

  /// Where the next page begins: when the last ticket shown was made, and its id.
  public struct Cursor: Sendable, Hashable {
    /// The moment, which the list is ordered by.
    public let createdAt: Date
    /// The id, as several may be of one moment.
    public let id: ID<Ticket>

    /// Taken from the last ticket shown, or read from an address.
    public init(createdAt: Date, id: ID<Ticket>) {
      self.createdAt = createdAt
      self.id = id
    }
  }

  /// Every ticket that is not resolved or closed, 50 to a page, unless more is said.
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
  /// At most as many as were asked for.
  public let tickets: [TicketRecord]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  /// `nil` on the last page.
  public let next: TicketFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// A ticket that somebody adds.
public struct NewTicket: Sendable, Hashable {
  /// The system that it is from, in lower case, as `zendesk`; `portal` for one that is only ours.
  public let source: String
  /// Its number there; for one that is only ours, who added it and the key of the form.
  public let externalID: String
  /// Its page there, https and at most 500 characters; `nil` for none.
  public let url: String?
  /// Who asked, in lower case; `nil` for nobody.
  public let requesterEmail: String?
  /// What is asked for, in one line of 1 to 200 characters.
  public let subject: String
  /// How soon it wants to be worked on, chosen by who adds it.
  public let priority: TicketPriority

  /// Takes what the form has checked; source and number together are one ticket's alone.
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
  /// Where it stands from now on; any state may follow any.
  public let state: TicketState
  /// How soon it wants to be worked on from now on.
  public let priority: TicketPriority
  /// Who works on it from now on: somebody with `ticket.write`, or who did so far; `nil` for nobody.
  public let assignee: ID<Staff>?

  /// What the form says in full: what is to stay as it is has to be said too.
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
