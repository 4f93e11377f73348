// Answers one request: reads what was sent, finds out who asks and what they may, asks the handler, and says what
// became of it.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import Markup
import Postgres

extension Console {
  /// The room that a request of the route takes; `nil` for one that needs none of its own.
  func slots(for route: RouteDeclaration, _ body: BodyReading) -> UploadSlots? {
    switch body {
    case .formBeforeFile: arrivals
    case .formWithFile: uploads
    case .nothing: route.bytes == nil ? nil : uploads
    case .form: nil
    }
  }

  /// One request: admit, handle, and turn whatever comes of it into an answer.
  func handle<Context: GuardedContext>(
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
      await file?.drain()
      guard face == .html else {
        // An open page goes on: what is sent from it is kept.
        return respond(expired.asker == .openPage ? .signInExpired : .signIn, to: face, frame)
      }
      return signInRedirect(request, back: try await keep(arrival, without: file?.name, of: expired.signedIn))
    } catch let refused as Refused {
      frame = arrival.frame(signedIn: refused.signedIn, acting: refused.acting)
      return respond(refused.problem, to: face, frame)
    } catch let ended as AccessEnded where name == "impersonation.end" {
      // Leaving twice is leaving once.
      let card = Answer.redirect(Path("/exited").appending(ended.impersonation.id))
      return try respond(card, to: face, arrival.frame(signedIn: ended.signedIn))
    } catch let ended as AccessEnded {
      frame = arrival.frame(signedIn: ended.signedIn)
      if ended.asker == .person {
        let client = ended.impersonation.tenant.id
        try await ledger.refuse(
          ended.signedIn.author(arrival.facts).on(client), action: "access.denied",
          object: AuditObject("impersonation", ended.impersonation.id), status: 410)
      }
      return try respond(endedAnswer(ended, frame), to: face, frame)
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
    case .formWithFile(let upload): (form, file) = try await formWithFile(of: arrival, upload, limit: limit)
    case .formBeforeFile(let upload):
      guard let boundary = MultipartForm.boundary(of: request.headers[.contentType]) else {
        form = try await formWithoutFile(of: arrival, limit: limit)
        break
      }
      // Only who is signed in, or was until that expired, can keep a place for files busy: others are refused.
      switch try await ledger.signIn(arrival.token) {
      case .signedIn, .expired:
        (form, file) = try await SubmittedForm.read(arrival, boundary: boundary, before: upload)
      case .signedOut, .locked: form = .none
      }
    }
    let read = Arrival(
      console: self, request: request, facts: arrival.facts, nonce: arrival.nonce, parameters: arrival.parameters,
      query: query, form: form, channel: arrival.channel)
    return (read, file)
  }

  /// What was sent. Only who is signed in can make us hold as much as a file. Of whoever was until that expired the
  /// fields before it are read, which are kept for them; others are refused without it.
  private func formWithFile(
    of arrival: Arrival, _ upload: UploadLimit, limit: Int
  ) async throws -> (SubmittedForm, ArrivingFile?) {
    guard let boundary = MultipartForm.boundary(of: arrival.request.headers[.contentType]) else {
      return (try await formWithoutFile(of: arrival, limit: limit), nil)
    }
    switch try await ledger.signIn(arrival.token) {
    case .signedIn:
      let multipart = try await MultipartForm.read(arrival.request.body, boundary: boundary, limit: upload)
      return (try SubmittedForm(multipart, arrival), nil)
    case .expired: return try await SubmittedForm.read(arrival, boundary: boundary, before: upload)
    case .signedOut, .locked: return (.none, nil)
    }
  }

  /// What was sent without a file on a route that takes one: read for the same people, as it keeps the same place.
  private func formWithoutFile(of arrival: Arrival, limit: Int) async throws -> SubmittedForm {
    switch try await ledger.signIn(arrival.token) {
    case .signedIn, .expired: try await .read(arrival.request, limit: limit)
    case .signedOut, .locked: .none
    }
  }

  /// The frame of a page that no handler made: who is signed in, and under `/i/` in whose house they stand. Where that
  /// cannot be found out, the page goes without, and the log says why.
  func frame(of arrival: Arrival) async -> Frame {
    let segments = arrival.request.uri.path.split(separator: "/")
    do {
      if segments.count >= 2, segments[0] == "i", let id = ID<Impersonation>(String(segments[1])),
        case .open(let acting) = try await ledger.access(arrival.token, id, request: arrival.facts)
      {
        return arrival.frame(signedIn: acting.signedIn, acting: acting)
      }
      return try await VisitorContext.admit(arrival).frame
    } catch {
      let frame = arrival.frame(signedIn: nil)
      noteEmpty(frame, error)
      return frame
    }
  }

  /// What an error means to the person; what has no meaning to them is logged, noted, and told as a fault. Why the
  /// database had no time is logged.
  func answer(to error: any Error, _ frame: Frame) async -> Problem {
    let problem = problem(for: error)
    if let error = error as? PostgresError, error.isOfLateRight, let signedIn = frame.signedIn {
      return await refuse(error, problem, signedIn, frame)
    } else if problem == .fault {
      await note(error, frame)
    } else if problem.status == .serviceUnavailable, !(error is Problem) {
      noteBusy(error, frame)
    }
    return problem
  }

  /// The database refused what was done by a right that had ended meanwhile. Its event went with it; this one stays.
  private func refuse(
    _ error: PostgresError, _ problem: Problem, _ signedIn: SignedIn, _ frame: Frame
  ) async -> Problem {
    let author = signedIn.author(frame.request)
    do {
      try await ledger.refuse(
        frame.acting.map { author.on($0.tenant.id) } ?? author, action: "access.denied",
        object: frame.acting.map { AuditObject("impersonation", $0.impersonation.id) }, status: problem.status.code,
        detail: error.constraint)
      return problem
    } catch {
      noteBusy(error, frame)
      return .busy
    }
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
    case is PoolError, is RefusalUnwritten: return .busy
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

extension PostgresError {
  /// Whether a transaction came to its end after the right to it had.
  fileprivate var isOfLateRight: Bool {
    ["impersonation_open", "staff_session_open", "staff_active"].contains(constraint)
  }
}
