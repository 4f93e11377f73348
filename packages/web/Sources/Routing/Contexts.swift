// The contexts of handlers. Each is made in one way: by proving what its type says.

public import Access
public import EthicoTypes
import FoundationEssentials
public import HTTPTypes
public import Hummingbird
import Markup
import NIOCore
import Postgres

/// The context of a handler: the only way in is `admit`, which refuses who may not.
public protocol GuardedContext: Sendable {
  /// What the golden file of routes says of it.
  static var access: RouteAccess { get }

  static func admit(_ arrival: Arrival) async throws -> Self

  var arrival: Arrival { get }
  var frame: Frame { get }
}

/// Who may open a route, as the table of routes says it.
public enum RouteAccess: Sendable, Hashable {
  case anybody
  case staff(Capability)
  /// In one's own open access; the capability comes on top of `support.act`.
  case workspace(Capability)
}

/// A request that has come through the gate.
public struct Arrival: Sendable {
  /// The parts of the program that it came to.
  public let console: Console
  /// As it came in; where `form` holds the body, that has been read.
  public let request: Request
  /// Its id, the sender's address, its method and the name of its route, as its events repeat them.
  public let facts: RequestFacts
  /// 128 random bits in base64, fresh for each answer: only scripts that carry it run.
  public let nonce: String
  /// What stands in the path where the route has `{name}`.
  public let parameters: Parameters
  /// The parameters of the address.
  public let query: FormFields
  /// What was sent; empty for GET.
  public var form: SubmittedForm
  /// The connection that it came on; none within the process.
  let channel: (any Channel)?

  var token: SessionToken? {
    SessionCookie.value(in: request.headers, name: console.settings.cookieName).flatMap(SessionToken.init(cookie:))
  }

  func frame(signedIn: SignedIn?, acting: ActingContext? = nil) -> Frame {
    let now = console.ledger.timepiece.now()
    let key: ID<SubmittedForm> = console.ledger.ids.next(at: now)
    return Frame(
      signedIn: signedIn, acting: acting, request: facts, address: request.uri.description, nonce: nonce,
      csrf: signedIn.map { CSRFToken(session: $0.session.id, key: console.settings.sessionKey).text } ?? "",
      face: ClockFace(now: now, timezone: signedIn?.staff.timezone ?? "UTC"), release: console.ledger.release,
      assets: console.assets, key: key.description, done: query.given("done"))
  }
}

extension GuardedContext {
  /// The parts of the program that the request came to.
  public var console: Console { arrival.console }
  /// The database with its trail.
  public var ledger: Ledger { arrival.console.ledger }
  /// The facts of the request that its events repeat.
  public var facts: RequestFacts { arrival.facts }
  /// The fields and files that were sent; none on a route that reads no form.
  public var form: SubmittedForm { arrival.form }

  /// A parameter of the address, if it says anything.
  public func query(_ name: String) -> String? {
    arrival.query.given(name)
  }

  /// Every value of a parameter of the address.
  public func queries(_ name: String) -> [String] {
    arrival.query.all(name).filter { !$0.isEmpty }
  }

  /// A field of the request's head.
  public func header(_ name: HTTPField.Name) -> String? {
    arrival.request.headers[name]
  }

  /// The query as it was sent, for what is signed by its bytes.
  public var rawQuery: String {
    arrival.request.uri.query ?? ""
  }

  /// Whether events were asked for.
  var wantsStream: Bool {
    (header(.accept) ?? "").contains(EventText.contentType)
  }

  /// Whether a page, not JSON, was asked for.
  public var wantsHTML: Bool {
    Face(arrival.request) == .html
  }

  /// Throws unless the request came from a page of ours: for forms that come before any session. The first of a peer
  /// and minute is an event.
  public func demandOwnPage() async throws {
    guard !CrossSite.isSameOrigin(headers: arrival.request.headers, origin: console.settings.origin) else { return }
    if console.denials.isFirst(peer: facts.ip ?? "-", at: ledger.timepiece.now()) {
      try await ledger.refuse(
        Author(.anonymous, request: facts), action: "access.denied", status: 403, detail: "cross_site")
    }
    throw Problem.crossSite
  }

  /// The id in the path; what cannot be one is not found.
  public func id<Subject>(_ name: String, of type: Subject.Type = Subject.self) throws -> ID<Subject> {
    guard let text = arrival.parameters.get(name), let id = ID<Subject>(text) else { throw Problem.notFound }
    return id
  }

  /// A word in the path.
  public func word(_ name: String) throws -> String {
    guard let text = arrival.parameters.get(name), text.utf8.count <= 200 else { throw Problem.notFound }
    return text
  }
}

/// Anybody who came through the gate.
public struct VisitorContext: GuardedContext {
  /// The gate alone stands before it.
  public static let access = RouteAccess.anybody
  /// The request, with what was sent.
  public let arrival: Arrival
  /// `nil` for nobody, for a sign-in that has ended or expired, and for a person who is locked.
  public let signedIn: SignedIn?
  /// Made anew each time it is asked for, with a fresh key.
  public var frame: Frame { arrival.frame(signedIn: signedIn) }

  /// Lets everybody in, and finds out whether they are signed in.
  public static func admit(_ arrival: Arrival) async throws -> VisitorContext {
    var signedIn: SignedIn?
    if case .signedIn(let person) = try await arrival.console.ledger.signIn(arrival.token) { signedIn = person }
    return VisitorContext(arrival: arrival, signedIn: signedIn)
  }
}

/// A person at Ethico who has the capability.
public struct StaffContext<Need: Requirement>: GuardedContext {
  /// The capability that `Need` names; no access to a client is asked for.
  public static var access: RouteAccess { .staff(Need.capability) }
  /// The request; one that changes something was sent by a page of this sign-in.
  public let arrival: Arrival
  /// The person, and the sign-in that the cookie of the request belongs to.
  public let signedIn: SignedIn
  /// Made when the person was admitted; its pages have no banner.
  public let frame: Frame
  /// That the person did this more often than a minute allows; what to show instead is the handler's to say.
  public let exceeded: RateExceeded?
  /// The person, with the capabilities that they have at this moment.
  public var staff: Staff { signedIn.staff }
  /// The person, on the platform's chain; `on(_:)` leads to a client's.
  public var author: Author { signedIn.author(facts) }

  /// - Throws: what becomes 401 without a valid sign-in, and 403 for who is locked or deactivated, lacks the
  ///   capability, or sends a form from elsewhere. A limit that was reached is told as `exceeded`.
  public static func admit(_ arrival: Arrival) async throws -> StaffContext<Need> {
    let (state, spent) = try await arrival.console.ledger.signIn(
      arrival.token, spending: Need.meter, by: Need.asker)
    switch state {
    case .signedOut: throw Problem.signIn
    case .expired(let signedIn): throw SignInExpired(signedIn: signedIn, asker: Need.asker)
    case .locked(let signedIn): try await arrival.refuseLocked(signedIn, Need.asker)
    case .signedIn(let signedIn):
      try await arrival.demand(Need.capability, of: signedIn)
      try await arrival.demandOwnForm(of: signedIn, author: signedIn.author(arrival.facts))
      return StaffContext(
        arrival: arrival, signedIn: signedIn, frame: arrival.frame(signedIn: signedIn),
        exceeded: arrival.exceeded(Need.meter, spent))
    }
  }
}

/// A person at Ethico in one client's workspace.
public struct WorkspaceContext<Need: Requirement>: GuardedContext {
  /// An open access of one's own, and the capability of `Need` on top of `support.act`.
  public static var access: RouteAccess { .workspace(Need.capability) }
  /// The request; one that changes something was sent by a page of this sign-in.
  public let arrival: Arrival
  /// The open access that the address names: who acts in whose workspace, and as whom.
  public let acting: ActingContext
  /// Made when the person was admitted; its pages have the banner and the frame of the access.
  public let frame: Frame

  /// - Throws: what becomes 401 or 403 as for `StaffContext`, 404 for an access that is not the person's own, and 410
  ///   for one that has ended.
  public static func admit(_ arrival: Arrival) async throws -> WorkspaceContext<Need> {
    let ledger = arrival.console.ledger
    let id = arrival.parameters.get("impersonation").flatMap { ID<Impersonation>($0) }
    switch try await ledger.access(arrival.token, id, request: arrival.facts, by: Need.asker) {
    case .signedOut: throw Problem.signIn
    case .expired(let signedIn): throw SignInExpired(signedIn: signedIn, asker: Need.asker)
    case .locked(let signedIn): try await arrival.refuseLocked(signedIn, Need.asker)
    case .forbidden(let signedIn):
      try await arrival.refuse(.supportAct, signedIn)
    case .unknown(let signedIn):
      let object = id.map { AuditObject("impersonation", $0) }
      try await ledger.refuse(signedIn.author(arrival.facts), action: "access.denied", object: object, status: 404)
      throw Refused(problem: .notFound, signedIn: signedIn)
    case .ended(let signedIn, let impersonation):
      throw AccessEnded(impersonation: impersonation, signedIn: signedIn, asker: Need.asker)
    case .open(let acting):
      let frame = arrival.frame(signedIn: acting.signedIn, acting: acting)
      guard acting.staff.may(Need.capability) else {
        try await ledger.refuse(acting.author, action: "access.denied", status: 403)
        throw Refused(problem: .capability(Need.capability), signedIn: acting.signedIn, acting: acting)
      }
      do {
        try await arrival.demandOwnForm(of: acting.signedIn, author: acting.author)
      } catch let refused as Refused {
        throw Refused(problem: refused.problem, signedIn: acting.signedIn, acting: acting)
      }
      return WorkspaceContext(arrival: arrival, acting: acting, frame: frame)
    }
    throw Problem.notFound
  }
}

/// A refusal of somebody who is known: the problem page keeps its frame.
struct Refused: Error {
  let problem: Problem
  let signedIn: SignedIn
  var acting: ActingContext?
}

/// A request by a sign-in whose time is over. Nobody is signed in by it, but a form of theirs is worth keeping.
struct SignInExpired: Error {
  let signedIn: SignedIn
  let asker: Asker
}

/// A request for an access that has been left.
struct AccessEnded: Error {
  let impersonation: Impersonation
  let signedIn: SignedIn
  let asker: Asker
}

extension Arrival {
  func exceeded(_ meter: Meter?, _ spent: Int?) -> RateExceeded? {
    guard let meter, let spent else { return nil }
    let limit = console.settings.limits.limit(of: meter)
    return RateExceeded(meter, spent: spent, limit: limit, at: console.ledger.timepiece.now())
  }

  func demand(_ capability: Capability, of signedIn: SignedIn) async throws {
    guard signedIn.staff.may(capability) else { return try await refuse(capability, signedIn) }
  }

  func refuse(_ capability: Capability, _ signedIn: SignedIn) async throws {
    try await console.ledger.refuse(signedIn.author(facts), action: "access.denied", status: 403)
    throw Refused(problem: .capability(capability), signedIn: signedIn)
  }

  /// A locked person is told no more than that; what they asked for is written down.
  func refuseLocked(_ signedIn: SignedIn, _ asker: Asker) async throws -> Never {
    if asker == .person {
      try await console.ledger.refuse(
        signedIn.author(facts), action: "access.denied", status: 403, detail: "locked")
    }
    throw Problem.locked
  }

  /// An unsafe request comes from one of this session's own pages: by where it was sent from, and by its token.
  func demandOwnForm(of signedIn: SignedIn, author: Author) async throws {
    guard !request.method.isSafe else { return }
    guard isOwnForm(of: signedIn) else {
      try await console.ledger.refuse(author, action: "access.denied", status: 403, detail: "cross_site")
      throw Refused(problem: .crossSite, signedIn: signedIn)
    }
  }

  /// Whether what was sent comes from a page that this sign-in was given, however long ago.
  func isOwnForm(of signedIn: SignedIn) -> Bool {
    let sent = form.csrf ?? request.headers[.opsCSRF] ?? ""
    let token = CSRFToken(session: signedIn.session.id, key: console.settings.sessionKey)
    return CrossSite.isSameOrigin(headers: request.headers, origin: console.settings.origin) && token.matches(sent)
  }
}

extension HTTPField.Name {
  /// The token of JSON requests, which have no hidden field.
  static let opsCSRF = known("Ops-Csrf")
  /// The key of JSON requests: a second request with it gets the first one's answer.
  static let idempotencyKey = known("Idempotency-Key")
}
