// What a handler gives back: a page, or the way to one.

public import Access
import EthicoTypes
import FoundationEssentials
public import HTTPTypes
import Hummingbird
public import Markup
import NIOCore

/// The outcome of a handler.
public struct Answer: Sendable {
  enum Kind: Sendable {
    case page(Page)
    case redirect(String)
    case json(any Encodable & Sendable)
    case file(Download)
    case stream(ResponseBody)
    case head
  }

  let kind: Kind
  /// Of the response; a file and a stream have 200 whatever stands here.
  public var status: HTTPResponse.Status
  /// Added to those that the answer has by itself, as a cookie is.
  public var headers: HTTPFields = [:]

  /// A page: in the app's layout for a browser, its value as JSON for who asks for that.
  public static func page(_ page: Page, status: HTTPResponse.Status = .ok) -> Answer {
    Answer(kind: .page(page), status: status)
  }

  /// After an act: the browser fetches the page that shows it.
  public static func redirect(_ path: Path) -> Answer {
    Answer(kind: .redirect(path.description), status: .seeOther)
  }

  /// A value for programs alone.
  public static func json(_ value: some Encodable & Sendable, status: HTTPResponse.Status = .ok) -> Answer {
    Answer(kind: .json(value), status: status)
  }

  /// A file to be kept.
  public static func file(_ download: Download) -> Answer {
    Answer(kind: .file(download), status: .ok)
  }

  /// Nothing but a head, where a protocol says everything there.
  public static func head(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> Answer {
    Answer(kind: .head, status: status, headers: headers)
  }

  /// Events while a page is open, see `LiveStreams`.
  static func stream(_ body: ResponseBody) -> Answer {
    Answer(kind: .stream(body), status: .ok)
  }

  static func redirect(location: String) -> Answer {
    Answer(kind: .redirect(location), status: .seeOther)
  }

  /// To the identity provider, which is not an address of ours.
  public static func leave(to address: String) -> Answer {
    Answer(kind: .redirect(address), status: .seeOther)
  }
}

/// Which face of a page a request asks for.
enum Face: Sendable {
  case html, json

  /// JSON only for who asks for it and not for HTML: a browser asks for both. Who asks for a stream and gets none is
  /// told why as a program is.
  init(_ request: Request) {
    let accept = request.headers[.accept] ?? ""
    let kinds = ["application/json", "application/problem+json", EventText.contentType]
    let wantsJSON = kinds.contains { accept.contains($0) }
    self = wantsJSON && !accept.contains("text/html") ? .json : .html
  }
}

extension Console {
  /// The bytes of an answer.
  func respond(_ answer: Answer, to face: Face, _ frame: Frame) throws -> Response {
    var response: Response
    switch answer.kind {
    case .redirect(let location):
      response = Response(status: answer.status, headers: [.location: location])
      if face == .json {
        response = try json(Redirected(location: location), frame, status: answer.status)
        response.headers[.location] = location
      }
    case .json(let value):
      response = try json(value, frame, status: answer.status)
    case .file(let download):
      response = download.response
    case .stream(let body):
      // A proxy passes on each event as it comes.
      response = Response(
        status: .ok, headers: [.contentType: EventText.contentType, .accelBuffering: "no"], body: body)
    case .head: response = Response(status: answer.status)
    case .page(let page):
      switch face {
      case .json: response = try json(page.value, frame, status: answer.status)
      case .html: response = html(page, frame, status: answer.status)
      }
    }
    for field in answer.headers { response.headers.append(field) }
    return response
  }

  /// A problem as a page within its frame, or as JSON.
  func respond(_ problem: Problem, to face: Face, _ frame: Frame) -> Response {
    var response: Response
    switch face {
    case .json:
      let body = ProblemBody(problem, correlation: frame.request.id.description)
      response = (try? json(body, frame, status: problem.status)) ?? Response(status: problem.status)
    case .html:
      response = html(problemPage(problem), frame, status: problem.status)
    }
    if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
    for field in problem.headers { response.headers.append(field) }
    return response
  }

  private func html(_ page: Page, _ frame: Frame, status: HTTPResponse.Status) -> Response {
    let bytes = document(chrome.layout(page, frame))
    return Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func json(
    _ value: any Encodable & Sendable, _ frame: Frame, status: HTTPResponse.Status
  ) throws -> Response {
    let body = try JSONEncoder.ours.encode(Faced(value: value, acting: frame.acting.map(ActingBody.init)))
    let type = value is any ProblemMembers ? "application/problem+json" : "application/json"
    return Response(
      status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}

/// The page of a problem. Its layout is that of the place where it happened.
func problemPage(_ problem: Problem) -> Page {
  Page(problem.title, section: "/problem", value: ProblemBody(problem, correlation: "")) { frame in
    section(.class("problem")) {
      h1 { problem.title }
      p { problem.advice }
      if !problem.fields.isEmpty {
        ul {
          for field in problem.fields { li { field.message } }
        }
      }
      properties([
        ("Code", code { "\(problem.status.code) \(problem.code)" }),
        ("Correlation", copyText(frame.request.id.description, name: "correlation id")),
      ])
      div(.class("form-acts")) {
        if let acting = frame.acting {
          linkButton("Back to the workspace", to: acting.home, style: .primary)
        } else {
          linkButton("Go to Home", to: "/", style: .primary)
          linkButton("Find a client", to: "/tenants")
        }
      }
    }
  }
}

extension ActingContext {
  /// Where the pages of this access begin.
  public var home: Path { .access(impersonation.id) }

  /// A page of this access: `acting.path("cases", id)`.
  public func path(_ segments: any CustomStringConvertible...) -> Path {
    segments.reduce(Path("/i").appending(impersonation.id)) { $0.appending($1.description) }
  }
}

extension JSONEncoder {
  /// Names in snake case as written, dates in ISO 8601, slashes plain.
  static var ours: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return encoder
  }
}

private struct Redirected: Encodable, Sendable {
  let location: String
}

/// What is told as a problem, with the members of one [RFC 9457].
protocol ProblemMembers: Encodable, Sendable {}

/// The members of a problem.
struct ProblemBody: ProblemMembers {
  let type = "about:blank"
  let title: String
  let status: Int
  let detail: String
  let code: String
  let correlation: String
  let errors: [FieldError]?

  init(_ problem: Problem, correlation: String) {
    title = problem.title
    status = problem.status.code
    detail = problem.advice
    code = problem.code
    self.correlation = correlation
    errors = problem.fields.isEmpty ? nil : problem.fields
  }
}

/// A page's value, with who stands in whose house.
private struct Faced: Encodable {
  let value: any Encodable
  let acting: ActingBody?

  private enum Key: String, CodingKey {
    case acting
  }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    guard let acting else { return }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(acting, forKey: .acting)
  }
}

/// The banner, for programs. What there is none of is said to be null.
struct ActingBody: Encodable, Sendable {
  let impersonation: String
  let tenant: Named
  let subject: Named?
  let staff: Named
  let since: Date
  let entry: String
  let ticket: String?
  let exit: String

  struct Named: Encodable, Sendable {
    let id: String
    var slug: String?
    let name: String
    var role: String?
  }

  init(_ acting: ActingContext) {
    impersonation = acting.impersonation.id.description
    tenant = Named(id: acting.tenant.id.description, slug: acting.tenant.slug, name: acting.tenant.name)
    subject = acting.subject.map { Named(id: $0.id.description, name: $0.name, role: $0.role.rawValue) }
    staff = Named(id: acting.staff.id.description, name: acting.staff.name)
    since = acting.impersonation.startedAt
    entry = acting.impersonation.entry.rawValue
    ticket = acting.impersonation.ticket
    exit = acting.path("exit").description
  }

  private enum CodingKeys: String, CodingKey {
    case impersonation, tenant, subject, staff, since, entry, ticket, exit
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(impersonation, forKey: .impersonation)
    try container.encode(tenant, forKey: .tenant)
    try container.encode(subject, forKey: .subject)
    try container.encode(staff, forKey: .staff)
    try container.encode(since, forKey: .since)
    try container.encode(entry, forKey: .entry)
    try container.encode(ticket, forKey: .ticket)
    try container.encode(exit, forKey: .exit)
  }
}
