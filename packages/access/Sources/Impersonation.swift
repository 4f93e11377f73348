// One stay of one staff person in one client's workspace. No clock ends it.

public import EthicoTypes
public import FoundationEssentials

/// One stay of one staff person in one client's workspace.
public struct Impersonation: Sendable, Hashable {
  public let id: ID<Impersonation>
  public let tenant: Tenant
  public let subject: Subject?
  public let entry: EntryKind
  /// The ticket's number, or the words of a ticket link that could not be verified.
  public let ticket: String?
  public let startedAt: Date
  public let ending: Ending?

  public init(
    id: ID<Impersonation>, tenant: Tenant, subject: Subject?, entry: EntryKind, ticket: String?, startedAt: Date,
    ending: Ending?
  ) {
    self.id = id
    self.tenant = tenant
    self.subject = subject
    self.entry = entry
    self.ticket = ticket
    self.startedAt = startedAt
    self.ending = ending
  }

  /// What ended it. In a client that is closed no access is open, whatever its own row says.
  public var endKind: EndKind? {
    ending?.kind ?? (tenant.status == .closed ? .tenantClosed : nil)
  }

  /// The client user as whom a staff person acts.
  public struct Subject: Sendable, Hashable {
    public let id: ID<ClientUser>
    public let name: String
    public let role: ClientRole

    public init(id: ID<ClientUser>, name: String, role: ClientRole) {
      self.id = id
      self.name = name
      self.role = role
    }
  }

  /// How and when an access ended.
  public struct Ending: Sendable, Hashable {
    public let at: Date
    public let kind: EndKind
    /// The name of who ended it.
    public let by: String

    public init(at: Date, kind: EndKind, by: String) {
      self.at = at
      self.kind = kind
      self.by = by
    }
  }
}

/// The right to act in one client's workspace: the only key to `Ledger.tenant`. There is one way to get it with a
/// subject: an open access of the person who is signed in.
public struct ActingContext: Sendable, Hashable {
  public let signedIn: SignedIn
  public let impersonation: Impersonation
  public let request: RequestFacts

  init(signedIn: SignedIn, impersonation: Impersonation, request: RequestFacts) {
    self.signedIn = signedIn
    self.impersonation = impersonation
    self.request = request
  }

  public var staff: Staff { signedIn.staff }
  public var tenant: Tenant { impersonation.tenant }
  public var subject: Impersonation.Subject? { impersonation.subject }

  /// The same right, in a request whose route is known.
  public func named(_ route: String) -> ActingContext {
    var request = request
    request.route = route
    return ActingContext(signedIn: signedIn, impersonation: impersonation, request: request)
  }

  public var author: Author {
    Author(
      .staff(staff.id), session: signedIn.session.id, tenant: tenant.id, impersonation: impersonation.id,
      subject: subject?.id, request: request)
  }
}
