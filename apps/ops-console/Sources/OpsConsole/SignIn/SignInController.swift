// Signing in: at the identity provider, or in a demo by one button a person.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

struct SignInController: Sendable {
  /// `nil` where no identity provider is configured: a demo.
  let provider: OIDCProvider?

  func routes(_ routes: Routes) {
    let visitors = routes.group("", context: VisitorContext.self)
    visitors.get("sign-in", name: "sign_in", use: page)
    visitors.post("sign-in/start", name: "sign_in.start", use: start)
    visitors.get("sign-in/callback", name: "sign_in.callback", use: callback)
    visitors.post("demo/sign-in", name: "sign_in.demo", use: demo)
  }

  private func page(_ context: VisitorContext) async throws -> Answer {
    if context.signedIn != nil { return .redirect(returnPath(context)) }
    let isDemo = context.console.settings.mode == .demo
    let people = isDemo ? try await context.ledger.demoPeople() : []
    return .page(SignInView.page(people, provider: provider, back: returnPath(context), failure: nil))
  }

  // MARK: Identity provider

  private func start(_ context: VisitorContext) async throws -> Answer {
    try await context.demandOwnPage()
    guard let provider else { throw Problem.notFound }
    let back = context.form.fields["return"].flatMap { Path(local: $0) } ?? "/"
    do {
      try await context.ledger.spend(
        .signIns, by: context.facts.ip ?? "-", limit: context.console.settings.limits.signIns)
      let start = try await provider.begin(returnTo: back)
      try await context.ledger.store(start.attempt)
      var answer = Answer.leave(to: start.url)
      answer.headers[.setCookie] = context.console.settings.attemptCookie(start.cookie)
      return answer
    } catch let exceeded as RateExceeded {
      try await context.note(exceeded, by: Author(.anonymous, request: context.facts))
      guard context.wantsHTML else { throw exceeded }
      let problem = Problem(exceeded)
      let sentence = problem.title + " " + problem.advice
      return .exceeded(exceeded, SignInView.page([], provider: provider, back: back, failure: sentence))
    } catch let failure as OIDCFailure {
      return try await failed(failure, context)
    }
  }

  private func callback(_ context: VisitorContext) async throws -> Answer {
    guard let provider else { throw Problem.notFound }
    do {
      let callback = try CallbackParameters { name in context.queries(name) }
      guard let cookie = context.arrival.attemptCookie,
        let attempt = try await context.ledger.spend(
          stateHash: SignInAttempt.hash(callback.state), cookieHash: SignInAttempt.hash(cookie.text),
          at: context.ledger.timepiece.now())
      else { throw OIDCFailure.attempt }
      let identity = try await provider.finish(callback, attempt)
      let email = try await context.ledger.bindIdentity(
        issuer: identity.issuer, subject: identity.subject, verifiedEmail: identity.verifiedEmail,
        request: context.facts)
      guard let email else { return try await uninvited(identity, context) }
      return try await open(email, method: "oidc", back: Path(local: attempt.returnPath) ?? "/", context)
    } catch let failure as OIDCFailure {
      return try await failed(failure, context)
    }
  }

  /// The provider knows the person, and we do not.
  private func uninvited(_ identity: OIDCIdentity, _ context: VisitorContext) async throws -> Answer {
    try await context.ledger.refuse(
      Author(.anonymous, request: context.facts), action: "auth.sign_in_failed", status: 403, detail: "not_invited")
    let sentence = "You are known to the identity provider, but nobody has invited you to this console yet."
    return .page(SignInView.page([], provider: provider, back: "/", failure: sentence), status: .forbidden)
  }

  private func failed(_ failure: OIDCFailure, _ context: VisitorContext) async throws -> Answer {
    try await context.ledger.refuse(
      Author(.anonymous, request: context.facts), action: "auth.sign_in_failed", status: 403, detail: failure.code)
    let page = SignInView.page([], provider: provider, back: "/", failure: failure.sentence)
    return .page(page, status: .forbidden)
  }

  // MARK: Demo

  private func demo(_ context: VisitorContext) async throws -> Answer {
    guard context.console.settings.mode == .demo else { throw Problem.notFound }
    try await context.demandOwnPage()
    let email = context.form.fields["staff"] ?? ""
    let back = context.form.fields["return"].flatMap { Path(local: $0) } ?? "/"
    return try await open(email, method: "demo", back: back, context)
  }

  private func open(_ email: String, method: String, back: Path, _ context: VisitorContext) async throws -> Answer {
    let agent = context.header(.userAgent) ?? "-"
    guard
      let opened = try await context.ledger.openSession(
        for: email, method: method, agent: agent, request: context.facts)
    else {
      try await context.ledger.refuse(
        Author(.anonymous, request: context.facts), action: "auth.sign_in_failed", status: 403, detail: email)
      throw Problem.locked
    }
    let settings = context.console.settings
    var answer = Answer.redirect(back)
    if !context.wantsHTML {
      answer = .json(
        SignedInBody(
          staff: .init(opened.signedIn.staff),
          csrf: CSRFToken(session: opened.signedIn.session.id, key: settings.sessionKey).text))
    }
    answer.headers[.setCookie] = settings.sessionCookie(opened.token.text)
    return answer
  }

  static func signOut(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    try await context.ledger.closeSession(context.signedIn, request: context.facts)
    var answer = Answer.redirect("/sign-in")
    answer.headers[.setCookie] = context.console.settings.endedSessionCookie
    answer.headers[.known("Clear-Site-Data")] = "\"cache\", \"cookies\", \"storage\""
    return answer
  }

  // MARK: Common

  private func returnPath(_ context: VisitorContext) -> Path {
    context.query("return").flatMap { Path(local: $0) } ?? "/"
  }
}

/// What a program learns when it signs in to a demo.
private struct SignedInBody: Encodable, Sendable {
  let staff: Person
  let csrf: String

  struct Person: Encodable, Sendable {
    let id: ID<Staff>
    let email: String
    let name: String
    let capabilities: [String]

    init(_ staff: Staff) {
      id = staff.id
      email = staff.email
      name = staff.name
      capabilities = staff.capabilities.map(\.rawValue).sorted()
    }
  }
}
