// The table of routes: what exists, under which name, and who may open it. The router, the golden file of access and
// the audit's route names all come from it.

import Access
import EthicoTypes
import FoundationEssentials
public import HTTPTypes
public import Hummingbird
import Logging
import Markup
import Postgres

/// One route, as the access-control document lists it.
public struct RouteDeclaration: Sendable, Hashable {
  /// The verb it answers to.
  public let method: HTTPRequest.Method
  /// With `{name}` for parameters.
  public let path: String
  /// Also the name in audit events: `view.<name>`, or the act itself.
  public let name: String
  /// Who may open it.
  public let access: RouteAccess
  /// For an act that takes a file, how large that may be.
  public var upload: UploadLimit?
  /// For an act that takes plain bytes, which and how many.
  public var bytes: ByteBody?
  /// What kind of answer it gives.
  public var content = Content.page

  /// What it answers with.
  public enum Content: Sendable, Hashable {
    case page
    /// The values of a page that change while it is open: as JSON once, or as a stream of events.
    case live
  }

  /// The names of the parameters, in their order.
  public var parameters: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
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
  /// The routes in the order in which they were declared.
  public private(set) var table: [RouteDeclaration] = []
  let router = Router(context: ConsoleContext.self)
  let console: Console

  /// - Parameter console: what the handlers of all routes work with.
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
