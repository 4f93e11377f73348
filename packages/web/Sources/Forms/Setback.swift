// An act that was refused by a rule: what is said, and the page that is shown again with nothing lost.

public import Access
import EthicoTypes
public import HTTPTypes
import Hummingbird
public import Markup
import Postgres

/// A rule's "no", as people and programs are told it.
public struct Setback: Sendable, Hashable {
  /// That of the page shown again; 409 is a conflict to the trail, anything else a failure.
  public let status: HTTPResponse.Status
  /// A word that programs may rely on, as that of a `Problem`.
  public let code: String
  /// What stood in the way, as a sentence: the heading of the panel on top of the page.
  public let title: String
  /// What was kept, and what to do now.
  public let advice: String
  /// What is wrong with which fields; where there is any, it stands at the form instead of on top.
  public var errors: [FieldError] = []
  /// Where on the page that is shown again one can go on.
  public var place: Place?

  /// A place of a page.
  public struct Place: Sendable, Hashable {
    /// The id of an element of that page, which the link leads to.
    public let id: String
    /// What the way there is called.
    public let words: String

    /// An element of the page by its id, and the words of the link to it.
    public init(_ id: String, _ words: String) {
      self.id = id
      self.words = words
    }
  }

  /// With `errors` the form says what is wrong, without them a panel on top of the page.
  public init(
    _ status: HTTPResponse.Status, _ code: String, _ title: String, _ advice: String, errors: [FieldError] = [],
    place: Place? = nil
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.advice = advice
    self.errors = errors
    self.place = place
  }

  /// Somebody else changed the record since it was looked at.
  /// - Parameters:
  ///   - what: the record, as the sentence "… was changed while you worked on it." begins with it.
  ///   - advice: where what is stored now stands; that the form keeps what was typed.
  public static func stale(
    _ what: String,
    advice: String = "Nothing of yours was saved. What is stored now is below, and what you typed is still in the form."
  ) -> Setback {
    .stale(title: "\(what) was changed while you worked on it.", advice: advice)
  }

  /// The same with a sentence of its own, where nothing is typed or more than a record moved on.
  public static func stale(title: String, advice: String) -> Setback {
    Setback(.conflict, "stale", title, advice)
  }

  /// Whether the page shows what is stored now beside what was typed.
  public var isStale: Bool { code == "stale" }

  /// How the trail says that the act ended.
  public var outcome: Outcome {
    status == .conflict ? .conflict : .failed
  }

  /// The same for programs.
  public var problem: Problem {
    Problem(status, code, title, advice, fields: errors)
  }
}

/// An error of a domain that means "no" to whoever asked, not a fault of ours.
public protocol Refusal: Error {
  var setback: Setback { get }
}

extension Invalid: Refusal {
  /// 422, with each error at its field.
  public var setback: Setback {
    Setback(
      .unprocessableContent, "invalid", "This cannot be saved yet.",
      "Nothing was changed; what you typed is still here.",
      errors: errors)
  }
}

/// A record that is not there: another client's, or nobody's. The same to whoever asks.
public struct RecordMissing: Error {
  /// Carries nothing, so that nobody can be told whose record it is.
  public init() {}
}

extension ClientContext {
  /// Does an act once per key; when a rule says no, writes that down and shows `again`, filled in.
  public func attempt(
    _ object: AuditObject? = nil, _ act: @Sendable (AuditedTransaction) async throws -> Path,
    otherwise again: @Sendable (Setback, AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    try await attempt(object, otherwise: again) { try await submit(act) }
  }

  /// The same for a form whose file was taken as it came in.
  /// - Parameter sha256: of all its bytes; empty where it did not come whole.
  public func attempt(
    _ object: AuditObject? = nil, withFile sha256: [UInt8], _ act: @Sendable (AuditedTransaction) async throws -> Path,
    otherwise again: @Sendable (Setback, AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    try await attempt(object, otherwise: again) { try await submit(form.with(fileDigest: sha256), act) }
  }

  /// Does an act on many records once per key, and shows at once what became of each. A second sending is led to
  /// `later`; a rule's no to all of it shows `again`, as for an act on one.
  public func attemptMany(
    _ object: AuditObject? = nil, later: Path, _ act: @Sendable (AuditedTransaction) async throws -> Answer,
    otherwise again: @Sendable (Setback, AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    try await attempt(object, otherwise: again) { try await submit(later: later, act) }
  }

  private func attempt(
    _ object: AuditObject?, otherwise again: @Sendable (Setback, AuditedTransaction) async throws -> Page,
    _ submit: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await submit()
    } catch is RecordMissing {
      try await refuseMissing(object)
      throw Problem.notFound
    } catch let refusal as any Refusal {
      let setback = refusal.setback
      let page = try await ledger.tenant(by: author) { tx in
        let page = try await again(setback, tx)
        try await tx.record(facts.route, object: object, outcome: setback.outcome, status: setback.status.code)
        return page
      }
      guard Face(arrival.request) == .html else { throw setback.problem }
      return .page(page, status: setback.status)
    }
  }

  /// Shows a page of records; the look is one event.
  public func look(
    at object: AuditObject? = nil, _ read: @Sendable (AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    let page = try await reading(object) { tx in
      let page = try await read(tx)
      try await tx.record("view." + facts.route, object: object, detail: page.trace)
      return page
    }
    return .page(page)
  }

  /// Shows a page that is an act in itself, as a reveal: its event stands instead of that of a look.
  public func show(
    _ action: String, at object: AuditObject? = nil, _ read: @Sendable (AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    let page = try await reading(object) { tx in
      let page = try await read(tx)
      try await tx.record(action, object: object, detail: page.trace)
      return page
    }
    return .page(page)
  }

  /// Hands over a file, in a place of its own until it has been sent.
  /// - Parameters:
  ///   - action: the event that says so.
  ///   - read: gives the file, and what the trail says of it.
  public func handOver(
    _ action: String, of object: AuditObject? = nil,
    _ read: @Sendable (AuditedTransaction) async throws -> (file: Download, detail: String)
  ) async throws -> Answer {
    let place = try arrival.console.downloads.take(for: author.actor)
    let file = try await reading(object) { tx in
      let (file, detail) = try await read(tx)
      try await tx.record(action, object: object, detail: detail)
      return file
    }
    return .file(file.holding(place))
  }

  private func reading<Result: Sendable>(
    _ object: AuditObject?, _ read: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    do {
      return try await ledger.tenant(by: author, read)
    } catch is RecordMissing {
      try await refuseMissing(object)
      throw Problem.notFound
    }
  }

  /// Asking for what this client does not have is written down: it may be another client's.
  private func refuseMissing(_ object: AuditObject?) async throws {
    try await ledger.refuse(author, action: "access.denied", object: object, status: 404)
  }
}

/// What stood in the way of the last act, on top of the page.
/// Errors of fields stand at their form instead.
public func setbackPanel(_ setback: Setback?) -> HTML {
  guard let setback, setback.errors.isEmpty else { return .nothing }
  return section(.class("notice"), .data("meaning", "attention"), .role("alert"), .tabindex(-1), .autofocus) {
    h2(.dirAuto) { setback.title }
    p(.dirAuto) { setback.advice }
    if let place = setback.place { p { a(.href(fragment: place.id)) { place.words } } }
  }
}
