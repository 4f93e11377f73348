// The table of routes: what exists, under which name, and who may open it. The router, the golden file of access and
// the audit's route names all come from it.

import Access
import EthicoTypes
import Foundation
public import HTTPTypes
public import Hummingbird
import Logging
import Markup
import Postgres

/// One route, as the access-control document lists it.
public struct RouteDeclaration: Sendable, Hashable {
  public let method: HTTPRequest.Method
  /// With `{name}` for parameters.
  public let path: String
  /// Also the name in audit events: `view.<name>`, or the act itself.
  public let name: String
  public let access: RouteAccess
  /// For an act that takes a file, how large that may be.
  public var upload: UploadLimit?
  /// For an act that takes plain bytes, which and how many.
  public var bytes: ByteBody?
  public var content = Content.page

  /// What it answers with.
  public enum Content: Sendable, Hashable {
    case page
    /// The values of a page that change while it is open: as JSON once, or as a stream of events.
    case live
  }

  /// The names of the parameters, in their order.
  public var parameters: [String] {
    path.matches(of: #/\{([a-z_]+)\}/#).map { String($0.1) }
  }

  /// Whether it answers every address below it that has no route of its own.
  public var isCatchAll: Bool {
    path.hasSuffix("/**")
  }
}

/// How a route reads the parameters of its address.
public enum AddressReading: Sendable {
  /// What is not percent-encoded UTF-8 is refused with 400.
  case strict
  /// Not at all: the handler reads `rawQuery`, because nothing that somebody sent may be lost.
  case raw
}

/// Routes being declared. Made once at the start, by one thread.
public final class Routes {
  public private(set) var table: [RouteDeclaration] = []
  let router = Router(context: ConsoleContext.self)
  let console: Console

  public init(console: Console) {
    self.console = console
  }

  /// Routes below `path` whose handlers take that context; there is no way to declare one without a context.
  /// - Parameter heads: what every answer of theirs says in its head, a refusal too, for protocols that want it.
  public func group<Context: GuardedContext>(
    _ path: String, context: Context.Type, saying heads: HTTPFields = [:]
  ) -> RouteGroup<Context> {
    RouteGroup(routes: self, prefix: path, heads: heads)
  }

  /// The responder of all routes.
  public func responder() -> some HTTPResponder<ConsoleContext> {
    router.buildResponder()
  }

  fileprivate func declare<Context: GuardedContext>(
    _ declaration: RouteDeclaration, _ address: AddressReading = .strict, reading body: BodyReading,
    saying heads: HTTPFields, _ handler: @escaping RouteHandler<Context>
  ) {
    table.append(declaration)
    let console = console
    let slots = console.slots(for: declaration, body)
    let name = declaration.name
    router.on(RouterPath(declaration.path), method: declaration.method) { request, context in
      var response: Response
      do {
        if let slots {
          response = try await slots.hold { try await console.handle(request, context, name, address, body, handler) }
        } else {
          response = try await console.handle(request, context, name, address, body, handler)
        }
      } catch var problem as Problem {
        for head in heads { problem.headers[head.name] = head.value }
        throw problem
      }
      for head in heads { response.headers[head.name] = head.value }
      return response
    }
  }
}

/// Answers a request; the file is the one that is on its way in with a form, on a route that takes it so.
typealias RouteHandler<Context> = @Sendable (Context, ArrivingFile?) async throws -> Answer

/// What of a request's body is read before its handler is asked.
enum BodyReading: Sendable {
  case nothing, form
  case formWithFile(UploadLimit)
  case formBeforeFile(UploadLimit)
}

extension HTTPRequest.Method {
  /// Whether it asks and changes nothing [RFC 9110, 9.2.1]: the three of them that routes have.
  public var isSafe: Bool { self == .get || self == .head || self == .options }
}

/// Routes that share the beginning of their path and the type of their context.
public struct RouteGroup<Context: GuardedContext> {
  let routes: Routes
  let prefix: String
  /// What every answer below says in its head, a refusal too.
  let heads: HTTPFields

  /// A page.
  public func get(
    _ path: String, name: String, address: AddressReading = .strict,
    use handler: @escaping @Sendable (Context) async throws -> Answer
  ) {
    declare(.get, path, name, address, reading: .nothing) { context, _ in try await handler(context) }
  }

  /// An act.
  /// - Parameter upload: for a form with a file in it, how large that may be.
  public func post(
    _ path: String, name: String, upload: UploadLimit? = nil,
    use handler: @escaping @Sendable (Context) async throws -> Answer
  ) {
    let body = upload.map(BodyReading.formWithFile) ?? .form
    declare(.post, path, name, upload: upload, reading: body) { context, _ in try await handler(context) }
  }

  /// An act with a file that is too large to be held: its handler takes it as it comes in.
  public func post(
    _ path: String, name: String, arriving upload: UploadLimit,
    use handler: @escaping @Sendable (Context, ArrivingFile?) async throws -> Answer
  ) {
    declare(.post, path, name, upload: upload, reading: .formBeforeFile(upload), handler)
  }

  /// What a program asks of something that the head of the answer says.
  public func head(_ path: String, name: String, use handler: @escaping @Sendable (Context) async throws -> Answer) {
    declare(.head, path, name, reading: .nothing) { context, _ in try await handler(context) }
  }

  /// What a program may do at an address, as its protocol says it.
  public func options(_ path: String, name: String, use handler: @escaping @Sendable (Context) async throws -> Answer) {
    declare(.options, path, name, reading: .nothing) { context, _ in try await handler(context) }
  }

  /// An act that goes on with something by plain bytes. Its handler takes them as they come in: `takeBytes`.
  public func patch(
    _ path: String, name: String, bytes: ByteBody, use handler: @escaping @Sendable (Context) async throws -> Answer
  ) {
    declare(.patch, path, name, bytes: bytes, reading: .nothing) { context, _ in try await handler(context) }
  }

  private func declare(
    _ method: HTTPRequest.Method, _ path: String, _ name: String, _ address: AddressReading = .strict,
    upload: UploadLimit? = nil, bytes: ByteBody? = nil, content: RouteDeclaration.Content = .page,
    reading body: BodyReading, _ handler: @escaping RouteHandler<Context>
  ) {
    let declaration = RouteDeclaration(
      method: method, path: full(path), name: name, access: Context.access, upload: upload, bytes: bytes,
      content: content)
    routes.declare(declaration, address, reading: body, saying: heads, handler)
  }

  /// What changes on a page while it is open. `feed` is made once a stream, from the address it was asked for.
  public func live(
    _ path: String = "live", name: String, feed: @escaping @Sendable (Context) throws -> LiveFeed<Context>
  ) where Context: WatchedContext {
    declare(.get, path, name, content: .live, reading: .nothing) { context, _ in
      let feed = try feed(context)
      guard context.wantsStream else { return .json(try await feed.read(context)) }
      return .stream(try context.console.streams.body(for: context, feed))
    }
  }

  /// The description of every route that has been declared by now, and of itself.
  public func openAPI(_ path: String, name: String) {
    let own = RouteDeclaration(method: .get, path: full(path), name: name, access: Context.access)
    let document = OpenAPIDocument(
      of: routes.table + [own], settings: routes.console.settings, release: routes.console.ledger.release)
    get(path, name: name) { _ in .json(document) }
  }

  private func full(_ path: String) -> String {
    let joined = [prefix, path].filter { !$0.isEmpty }.joined(separator: "/")
    return "/" + joined.split(separator: "/").joined(separator: "/")
  }
}

extension Console {
  /// The room that a request of the route takes; `nil` for one that needs none of its own.
  fileprivate func slots(for route: RouteDeclaration, _ body: BodyReading) -> UploadSlots? {
    switch body {
    case .formBeforeFile: arrivals
    case .formWithFile: uploads
    case .nothing: route.bytes == nil ? nil : uploads
    case .form: nil
    }
  }

  /// One request: admit, handle, and turn whatever comes of it into an answer.
  fileprivate func handle<Context: GuardedContext>(
    _ request: Request, _ context: ConsoleContext, _ name: String, _ address: AddressReading, _ body: BodyReading,
    _ handler: RouteHandler<Context>
  ) async throws -> Response {
    guard var facts = context.facts else { throw Problem.fault }
    facts.route = name
    var arrival = Arrival(
      console: self, request: request, facts: facts, nonce: context.nonce, parameters: context.parameters,
      query: .empty, form: .none, channel: context.channel)
    let face = Face(request)
    let file: ArrivingFile?
    do {
      (arrival, file) = try await read(arrival, address, body, limit: context.maxUploadSize)
    } catch {
      let frame = await frame(of: arrival)
      return respond(await answer(to: error, frame), to: face, frame)
    }
    var frame = arrival.frame(signedIn: nil)
    do {
      let guarded = try await Context.admit(arrival)
      frame = guarded.frame
      let response = try respond(await answer(guarded, file, handler), to: face, frame)
      try await drop(heldBy: arrival, of: frame.signedIn)
      return response
    } catch let problem as Problem where problem == .signIn && face == .html {
      return signInRedirect(request)
    } catch let expired as SignInExpired {
      guard face == .html else { return respond(.signIn, to: face, frame) }
      return signInRedirect(request, back: try await keep(arrival, of: expired.signedIn))
    } catch let refused as Refused {
      frame = arrival.frame(signedIn: refused.signedIn, acting: refused.acting)
      return respond(refused.problem, to: face, frame)
    } catch let ended as AccessEnded where name == "impersonation.end" {
      // Leaving twice is leaving once.
      let card = Answer.redirect(Path("/exited").appending(ended.impersonation.id))
      let signedIn = arrival.frame(signedIn: ended.signedIn)
      return (try? respond(card, to: face, signedIn)) ?? respond(.fault, to: face, signedIn)
    } catch let ended as AccessEnded {
      frame = arrival.frame(signedIn: ended.signedIn)
      return try respond(endedAnswer(ended, frame.face), to: face, frame)
    } catch {
      return respond(await answer(to: error, frame), to: face, frame)
    }
  }

  /// The handler's answer. What it left of a file is read first: a browser that still sends sees no answer.
  private func answer<Context: GuardedContext>(
    _ context: Context, _ file: ArrivingFile?, _ handler: RouteHandler<Context>
  ) async throws -> Answer {
    do {
      let answer = try await handler(context, file)
      await file?.drain()
      return answer
    } catch {
      await file?.drain()
      throw error
    }
  }

  /// The arrival with what it says in its address and its body, and the file that comes behind that.
  private func read(
    _ arrival: Arrival, _ address: AddressReading, _ body: BodyReading, limit: Int
  ) async throws -> (Arrival, ArrivingFile?) {
    let request = arrival.request
    let query: FormFields
    switch address {
    case .strict: query = FormFields(try SubmittedForm.urlencoded(request.uri.query ?? ""))
    case .raw: query = .empty
    }
    let form: SubmittedForm
    var file: ArrivingFile?
    switch body {
    case .nothing: form = .none
    case .form: form = try await .read(request, limit: limit)
    case .formWithFile(let upload): form = try await formWithFile(of: arrival, upload, limit: limit)
    case .formBeforeFile(let upload):
      if let boundary = MultipartForm.boundary(of: request.headers[.contentType]) {
        (form, file) = try await SubmittedForm.read(arrival, boundary: boundary, before: upload)
      } else {
        form = try await .read(request, limit: limit)
      }
    }
    let read = Arrival(
      console: self, request: request, facts: arrival.facts, nonce: arrival.nonce, parameters: arrival.parameters,
      query: query, form: form, channel: arrival.channel)
    return (read, file)
  }

  /// What was sent. Only who is signed in can make us hold as much as a file: others are refused without it.
  private func formWithFile(of arrival: Arrival, _ upload: UploadLimit, limit: Int) async throws -> SubmittedForm {
    guard let boundary = MultipartForm.boundary(of: arrival.request.headers[.contentType]) else {
      return try await .read(arrival.request, limit: limit)
    }
    guard case .signedIn = try await ledger.signIn(arrival.token) else { return .none }
    let multipart = try await MultipartForm.read(arrival.request.body, boundary: boundary, limit: upload)
    return try SubmittedForm(multipart, arrival)
  }

  /// The frame of a page that no handler made: who is signed in, and under `/i/` in whose house they stand.
  func frame(of arrival: Arrival) async -> Frame {
    let segments = arrival.request.uri.path.split(separator: "/")
    if segments.count >= 2, segments[0] == "i", let id = ID<Impersonation>(String(segments[1])),
      case .open(let acting)? = try? await ledger.access(arrival.token, id, request: arrival.facts)
    {
      return arrival.frame(signedIn: acting.signedIn, acting: acting)
    }
    let visitor = try? await VisitorContext.admit(arrival)
    return visitor?.frame ?? arrival.frame(signedIn: nil)
  }

  /// What an error means to the person; what has no meaning to them is logged, noted, and told as a fault.
  func answer(to error: any Error, _ frame: Frame) async -> Problem {
    let problem = problem(for: error)
    if problem == .fault { await note(error, frame) }
    return problem
  }

  private func problem(for error: any Error) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let exceeded as RateExceeded: return Problem(exceeded)
    case let invalid as Invalid:
      return Problem(
        .unprocessableContent, "invalid", "Some of what you sent cannot be accepted.", "Nothing was changed.",
        fields: invalid.errors)
    case let error as PostgresError where error.constraint == "impersonation_open":
      return Problem(
        .gone, "access_ended", "You have left this client's workspace.", "Nothing was changed. Enter again.")
    case let error as PostgresError where error.constraint == "staff_session_open": return .signIn
    case let error as PostgresError where error.constraint == "staff_active": return .locked
    case let error as PostgresError where error.sqlState == .transactionResolutionUnknown:
      return Problem(
        .serviceUnavailable, "unknown_end", "The database went away while this was being saved.",
        "It may or may not have been saved. Look before you send it again.")
    case let error as PostgresError where error.sqlState == .lockNotAvailable || error.sqlState == .queryCanceled:
      return .busy
    case is RecordMissing: return .notFound
    case is PoolError: return .busy
    case let error as PostgresError where error.isConnectionLoss: return .busy
    default: return .fault
    }
  }

  private func signInRedirect(_ request: Request, back kept: Path? = nil) -> Response {
    let back = kept?.description ?? (request.method == .get ? request.uri.description : "/")
    let location = Path("/sign-in").query("return", back)
    return Response(status: .seeOther, headers: [.location: location.description])
  }
}
