// The gate before every route: who may talk to us at all, which request this is, and what every answer carries.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
public import Hummingbird
import Logging
import Markup
import Metrics
import Postgres

/// Wraps the routes: network guard, request id, assets, errors, security headers, log line and latency.
public struct Gate<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ConsoleContext {
  private let console: Console
  private let inner: Inner

  /// - Parameter inner: the responder of the routes, which hears only of requests that were let in.
  public init(console: Console, inner: Inner) {
    self.console = console
    self.inner = inner
  }

  /// Never throws: what goes wrong within becomes an answer. Who is kept out gets a single word.
  public func respond(to request: Request, context: ConsoleContext) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    let now = console.ledger.timepiece.now()
    let id: ID<Access.Request> = console.ledger.ids.next(at: now)
    // What names two hosts names none of ours [RFC 9112, 3.2]: the first is taken out of the head as it is read.
    let isOfOneHost = request.headers[values: .secondHost].isEmpty
    let verdict = console.settings.guardian.admit(
      peer: context.peer, forwardedFor: request.headers[values: .xForwardedFor],
      host: isOfOneHost ? request.head.authority : nil)
    guard case .admitted(let ip) = verdict else {
      return await deny(verdict, request, id, at: now)
    }
    if let asset = console.assets.respond(to: request) { return asset }
    if let moved = toCanonicalHost(request) { return moved }

    let facts = RequestFacts(id: id, ip: ip.description, method: request.method.rawValue, route: "-")
    context.facts = facts
    context.nonce = Self.nonce()
    var response = await Undertaking.$began.withValue(start) { [context] in
      await answer(request, context, facts)
    }
    SecurityHeaders.standard.apply(
      to: &response.headers, nonce: context.nonce, issuer: console.settings.issuerOrigin)
    note(request, response, facts, since: start)
    // A body behind the answer to HEAD would be read as the next answer [RFC 9112, 6.3].
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ request: Request, _ context: ConsoleContext, _ facts: RequestFacts) async -> Response {
    do {
      if request.method == .get, request.uri.path.hasPrefix("/i/"), request.headers[.secPurpose] != nil {
        // A look into a client's house is an event; a browser does not look ahead.
        throw Problem(.serviceUnavailable, "no_prefetch", "Pages of a workspace are not fetched ahead.", "")
      }
      let response = try await inner.respond(to: request, context: context)
      // The router answers an address that no route has with an empty page.
      guard response.status == .notFound, response.body.contentLength == 0 else { return response }
      throw Problem.notFound
    } catch {
      let arrival = Arrival(
        console: console, request: request, facts: facts, nonce: context.nonce, parameters: .init(), query: .empty,
        form: .none, channel: context.channel)
      let frame = await console.frame(of: arrival)
      return console.respond(await console.answer(to: error, frame), to: Face(request), frame)
    }
  }

  /// One fixed answer without a cookie; counted by peer and minute, the first of each an event.
  private func deny(
    _ verdict: NetworkGuard.Verdict, _ request: Request, _ id: ID<Access.Request>, at now: Date
  ) async -> Response {
    Counter(label: "ops_network_denied_total").increment()
    var isWritten = true
    if case .refused(let peer, let reason) = verdict, console.denials.isFirst(peer: peer, at: now) {
      let facts = RequestFacts(id: id, ip: peer, method: request.method.rawValue, route: "gate")
      do {
        try await console.ledger.refuse(
          Author(.anonymous, request: facts), action: "access.network_denied", status: 403, detail: reason)
      } catch {
        isWritten = false
        console.logger.error(
          "A refusal could not be written down.", metadata: ["error": "\(String(reflecting: error))"])
      }
    }
    var response = Response(
      status: isWritten ? .forbidden : .serviceUnavailable, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: .init(string: isWritten ? "Forbidden\n" : "Unavailable\n")))
    response.headers[.cacheControl] = "no-store"
    return response
  }

  /// `localhost` and `127.0.0.1` are two sites to a browser; a demo has one.
  private func toCanonicalHost(_ request: Request) -> Response? {
    guard console.settings.mode == .demo, let host = request.head.authority, host.hasPrefix("localhost") else {
      return nil
    }
    return Response(
      status: .permanentRedirect, headers: [.location: console.settings.origin + request.uri.description])
  }

  private func note(
    _ request: Request, _ response: Response, _ facts: RequestFacts, since start: ContinuousClock.Instant
  ) {
    let elapsed = ContinuousClock.now - start
    let status = String(response.status.code)
    Counter(label: "http_requests_total", dimensions: [("method", Self.label(request.method)), ("status", status)])
      .increment()
    Metrics.Timer(label: "http_request_duration_seconds", dimensions: [("method", Self.label(request.method))])
      .recordNanoseconds(Int64(elapsed / .nanoseconds(1)))
    console.logger.info(
      "request",
      metadata: [
        "request": "\(facts.id)", "method": "\(request.method.rawValue)", "status": "\(status)",
        "ms": "\(Int(elapsed / .milliseconds(1)))",
      ])
  }

  /// Anybody can send a method of their own making: the known ones alone are counted by name.
  private static func label(_ method: HTTPRequest.Method) -> String {
    switch method {
    case .get, .head, .options, .post, .patch: method.rawValue
    default: "other"
    }
  }

  private static func nonce() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<2).flatMap { _ in withUnsafeBytes(of: generator.next() as UInt64, Array.init) }
    return Data(bytes).base64EncodedString()
  }
}

extension HTTPField.Name {
  static let xForwardedFor = known("X-Forwarded-For")
  static let secondHost = known("Host")
  static let secPurpose = known("Sec-Purpose")
}
