// One stay of one staff person in one client's workspace. No clock ends it.

public import EthicoTypes
public import FoundationEssentials

/// One stay of one staff person in one client's workspace.
public struct Impersonation: Sendable, Hashable {
  /// Stands behind `/i/` in every address of the stay, and in each of its events.
  public let id: ID<Impersonation>
  /// As the directory has the client now.
  public let tenant: Tenant
  /// `nil` for who acts without a user; it never changes during a stay.
  public let subject: Subject?
  /// Whether a ticket link or a search led in at first.
  public let entry: EntryKind
  /// The ticket's number, or the words of a ticket link that could not be verified.
  public let ticket: String?
  /// Of our list; `nil` where words led in, or nothing.
  public let ticketID: ID<Ticket>?
  /// When it was opened; entering again while it is open does not move it.
  public let startedAt: Date
  /// `nil` while nobody has ended it.
  public let ending: Ending?

  /// An access as its row has it. It is no right by itself: that is an `ActingContext`.
  public init(
    id: ID<Impersonation>, tenant: Tenant, subject: Subject?, entry: EntryKind, ticket: String?,
    ticketID: ID<Ticket>? = nil, startedAt: Date, ending: Ending?
  ) {
    self.id = id
    self.tenant = tenant
    self.subject = subject
    self.entry = entry
    self.ticket = ticket
    self.ticketID = ticketID
    self.startedAt = startedAt
    self.ending = ending
  }

  /// What ended it. In a client that is closed no access is open, whatever its own row says.
  public var endKind: EndKind? {
    ending?.kind ?? (tenant.status == .closed ? .tenantClosed : nil)
  }

  /// The client user as whom a staff person acts.
  public struct Subject: Sendable, Hashable {
    /// The id of their record at the client.
    public let id: ID<ClientUser>
    /// What the client's own records call them now.
    public let name: String
    /// Their role at the client now, which bounds what may be done as them.
    public let role: ClientRole

    /// Made from the row of an access; nothing is looked up.
    public init(id: ID<ClientUser>, name: String, role: ClientRole) {
      self.id = id
      self.name = name
      self.role = role
    }
  }

  /// How and when an access ended.
  public struct Ending: Sendable, Hashable {
    /// The moment of the transaction that ended it.
    public let at: Date
    /// Whether its person left, somebody else ended it, or its client was closed.
    public let kind: EndKind
    /// The name of who ended it.
    public let by: String

    /// Made from the row of an access that has ended.
    public init(at: Date, kind: EndKind, by: String) {
      self.at = at
      self.kind = kind
      self.by = by
    }
  }
}

/// The right to act in one client's workspace. There is one way to get it: an open access of the person who is signed
/// in. Entering and leaving aside, it is the only way to an author with a subject.
public struct ActingContext: Sendable, Hashable {
  /// The person, and the sign-in that this request came by.
  public let signedIn: SignedIn
  /// The access that the address names; it was open when the request began.
  public let impersonation: Impersonation
  /// The facts that the events of this request repeat.
  public let request: RequestFacts

  init(signedIn: SignedIn, impersonation: Impersonation, request: RequestFacts) {
    self.signedIn = signedIn
    self.impersonation = impersonation
    self.request = request
  }

  /// Whom the trail names for what is done here, whatever the subject.
  public var staff: Staff { signedIn.staff }
  /// The one client whose rows this right reaches.
  public var tenant: Tenant { impersonation.tenant }
  /// The client user as whom the person acts; `nil` where they act without one.
  public var subject: Impersonation.Subject? { impersonation.subject }

  /// The same right, in a request whose route is known.
  public func named(_ route: String) -> ActingContext {
    var request = request
    request.route = route
    return ActingContext(signedIn: signedIn, impersonation: impersonation, request: request)
  }

  /// The author of what is done in the workspace: on its client's chain, with sign-in, access and subject.
  public var author: Author {
    Author(
      .staff(staff.id), session: signedIn.session.id, tenant: tenant.id, impersonation: impersonation.id,
      subject: subject?.id, request: request)
  }
}
