// Who acts, as whom, where, and in which request: what every audited transaction carries.

public import EthicoTypes
import FoundationEssentials

/// What a request is, for the audit trail: one id from the first log line to the event.
public enum Request {}

/// One event of the audit trail.
public enum AuditEvent {}

/// The facts of a request that its events repeat.
public struct RequestFacts: Sendable, Hashable {
  /// Also the correlation id that a person sees at the foot of a page.
  public let id: ID<Request>
  /// The peer's address after trusted proxies; `nil` for the command line and for jobs.
  public let ip: String?
  /// The HTTP method, `CLI` or `JOB`.
  public let method: String
  /// The name of the route, as `case.assign`; never a path, which would hold ids.
  public var route: String

  /// The facts of one request, command or job; nothing of them is checked.
  public init(id: ID<Request>, ip: String?, method: String, route: String) {
    self.id = id
    self.ip = ip
    self.method = method
    self.route = route
  }
}

/// Who did it.
public enum Actor: Sendable, Hashable {
  case staff(ID<Staff>)
  /// A part of the program, by name: `seed`, `command line`.
  case system(String)
  /// Somebody who is not signed in.
  case anonymous

  var kind: String {
    switch self {
    case .staff: "staff"
    case .system: "system"
    case .anonymous: "anonymous"
    }
  }

  var id: String {
    switch self {
    case .staff(let id): id.description
    case .system(let name): name
    case .anonymous: "-"
    }
  }
}

/// Everything a transaction says of itself before it writes.
public struct Author: Sendable, Hashable {
  /// A person, a part of the program, or somebody who is not signed in.
  public let actor: Actor
  /// The person's sign-in, under which nothing is changed once it has ended; `nil` for the program.
  public let session: ID<StaffSession>?
  /// Its id, peer, method and route stand in the event.
  public let request: RequestFacts
  /// The client whose chain the event joins; the platform's chain without one.
  public var tenant: ID<Tenant>?
  /// The access that it is done under, or that it ends; `nil` outside a client's workspace.
  public var impersonation: ID<Impersonation>?
  /// The client user as whom it is done there; `nil` without an access, and in one without a user.
  public var subject: ID<ClientUser>?

  /// Without a client the event joins the platform's chain; without an access nobody stands in a workspace.
  public init(
    _ actor: Actor, session: ID<StaffSession>? = nil, tenant: ID<Tenant>? = nil,
    impersonation: ID<Impersonation>? = nil, subject: ID<ClientUser>? = nil, request: RequestFacts
  ) {
    self.actor = actor
    self.session = session
    self.tenant = tenant
    self.impersonation = impersonation
    self.subject = subject
    self.request = request
  }

  /// The same author, acting on a client's chain.
  public func on(_ tenant: ID<Tenant>) -> Author {
    var author = self
    author.tenant = tenant
    return author
  }
}
