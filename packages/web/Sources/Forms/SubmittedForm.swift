// A form as it arrives, and the promise that sending it twice does it once.

public import Access
import Crypto
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Hummingbird
public import Markup
import NIOCore
import Postgres

/// What a request sent.
public struct SubmittedForm: Sendable {
  /// Without those that every form has: `_csrf`, `_key` and `_held`.
  public let fields: FormFields
  /// The idempotency key; without one the request is done each time it is sent.
  public let key: String?
  /// The files that came with the fields, on a route that takes some.
  public let files: [SubmittedFile]
  let csrf: String?
  /// The form that waited for a sign-in and is sent with this request.
  let held: ID<HeldForm>?
  let bodyHash: [UInt8]
  let byteCount: Int

  static let none = SubmittedForm(
    fields: .empty, key: nil, files: [], csrf: nil, held: nil, bodyHash: [], byteCount: 0)

  private init(
    fields: FormFields, key: String?, files: [SubmittedFile], csrf: String?, held: ID<HeldForm>?, bodyHash: [UInt8],
    byteCount: Int
  ) {
    self.fields = fields
    self.key = key
    self.files = files
    self.csrf = csrf
    self.held = held
    self.bodyHash = bodyHash
    self.byteCount = byteCount
  }

  /// - Parameter byteCount: of the body.
  /// - Throws: `Problem.badRequest` for a key that is none.
  private init(
    _ all: [(name: String, value: String)], _ files: [SubmittedFile], byteCount: Int, _ request: Request
  ) throws {
    let hidden: Set<String> = ["_csrf", "_key", "_held"]
    let fields = FormFields(all.filter { !hidden.contains($0.name) })
    let key = request.headers[.idempotencyKey] ?? all.first { $0.name == "_key" }?.value
    guard (key?.utf8.count ?? 0) <= 100 else { throw Problem.badRequest }
    var hasher = SHA256()
    for pair in fields.pairs {
      hasher.update(data: Data((pair.name + "\u{1}" + pair.value + "\u{2}").utf8))
    }
    for file in files {
      hasher.update(data: Data((file.field + "\u{1}" + file.name + "\u{3}").utf8) + file.sha256)
    }
    self.init(
      fields: fields, key: key.flatMap { $0.isEmpty ? nil : $0 }, files: files,
      csrf: all.first { $0.name == "_csrf" }?.value,
      held: all.first { $0.name == "_held" }.flatMap { ID<HeldForm>($0.value) }, bodyHash: Array(hasher.finalize()),
      byteCount: byteCount)
  }

  /// The fields of a form that stand before the file it brings.
  init(_ fields: [(name: String, value: String)], before arrival: Arrival) throws {
    let byteCount = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    try self.init(fields, [], byteCount: byteCount, arrival.request)
  }

  /// The same form, known by its file too, which it did not bring itself: with another one it is another form.
  func with(fileDigest sha256: [UInt8]) -> SubmittedForm {
    SubmittedForm(
      fields: fields, key: key, files: files, csrf: csrf, held: held,
      bodyHash: Array(SHA256.hash(data: bodyHash + sha256)), byteCount: byteCount)
  }

  /// A form with files in it.
  init(_ multipart: MultipartForm, _ arrival: Arrival) throws {
    let byteCount = multipart.files.reduce(0) { $0 + $1.bytes.count }
    try self.init(multipart.fields, multipart.files, byteCount: byteCount, arrival.request)
  }

  /// The version of the record that the person saw when they began to edit; 0 fits none.
  public var version: Int {
    fields["version"].flatMap(Int.init) ?? 0
  }

  /// Reads the body of a request, urlencoded or JSON, up to the limit.
  static func read(_ request: Request, limit: Int) async throws -> SubmittedForm {
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw Problem.tooLarge
    } catch let problem as Problem {
      throw problem
    } catch {
      // No body of HTTP, or one that ended before its end: the sender's doing, and no fault of ours.
      throw Problem.badRequest
    }
    let bytes = Array(body.readableBytesView)
    guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else { throw Problem.badRequest }
    let isJSON = request.headers[.contentType]?.hasPrefix("application/json") ?? false
    return try SubmittedForm(isJSON ? try json(text) : try urlencoded(text), [], byteCount: bytes.count, request)
  }

  /// Fields of `application/x-www-form-urlencoded`, as a form's body or an address holds them [URL Standard, 5.1].
  /// - Throws: `Problem.badRequest` for what is not percent-encoded UTF-8, or holds a zero byte.
  static func urlencoded(_ text: String) throws -> [(name: String, value: String)] {
    try text.split(separator: "&").map { part in
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: try decode(halves[0]), value: halves.count == 2 ? try decode(halves[1]) : "")
    }
  }

  private static func decode(_ text: Substring) throws -> String {
    // Most names and values stand there as they are.
    let isPlain = text.utf8.allSatisfy { byte in
      (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "+") && byte != UInt8(ascii: "%")
    }
    if isPlain { return String(text) }
    let (bytes, isWhole) = PercentCoding.decode(text.utf8)
    guard isWhole, let decoded = String(validating: bytes, as: UTF8.self), !decoded.contains("\0") else {
      throw Problem.badRequest
    }
    return decoded.replacing("\r\n", with: "\n")
  }

  /// The members of a JSON object; a list becomes a field of that name with `[]` for each item.
  private static func json(_ text: String) throws -> [(name: String, value: String)] {
    guard let members = try? JSONDecoder().decode([String: JSONMember].self, from: Data(text.utf8)) else {
      throw Problem.badRequest
    }
    guard members.allSatisfy({ !$0.key.contains("\0") && !$0.value.holdsZero }) else { throw Problem.badRequest }
    return members.sorted { $0.key < $1.key }.flatMap { name, member in
      switch member {
      case .one(let value): [(name: name, value: value)]
      case .many(let values): values.map { (name: name + "[]", value: $0) }
      }
    }
  }
}

private enum JSONMember: Decodable {
  case one(String)
  case many([String])

  var holdsZero: Bool {
    switch self {
    case .one(let value): value.contains("\0")
    case .many(let values): values.contains { $0.contains("\0") }
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .one("")
    } else if let text = try? container.decode(String.self) {
      self = .one(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .one(flag ? "true" : "false")
    } else if let integer = try? container.decode(Int.self) {
      self = .one(String(integer))
    } else {
      self = .many(try container.decode([String].self))
    }
  }
}

extension ClientContext {
  /// Runs an act once per key: in one transaction with the answer that a second sending of the form gets.
  /// - Parameter act: looks the record up, checks what was typed, changes it, and says where to go.
  public func submit(_ act: @Sendable (AuditedTransaction) async throws -> Path) async throws -> Answer {
    try await submit(form, act)
  }

  /// The same for a form that is known by more than its fields.
  func submit(
    _ form: SubmittedForm, _ act: @Sendable (AuditedTransaction) async throws -> Path
  ) async throws -> Answer {
    let location = try await ledger.tenant(by: author) { tx in
      try await tx.once(form, route: arrival.request.uri.path, act)
    }
    return .redirect(location: location)
  }

  /// The same for an act whose answer is a page of results: only the first sending gets it.
  func submit(
    later: Path, _ act: @Sendable (AuditedTransaction) async throws -> Answer
  ) async throws -> Answer {
    try await ledger.tenant(by: author) { tx in
      guard let key = form.key else { return try await act(tx) }
      let route = arrival.request.uri.path
      if let first = try await tx.claimSubmission(key, route: route, bodyHash: form.bodyHash) {
        guard first.matches(route: route, bodyHash: form.bodyHash), let location = first.location else {
          throw Problem.keyReused
        }
        return .redirect(location: location)
      }
      let answer = try await act(tx)
      try await tx.keepSubmission(key, status: answer.status.code, location: later.description)
      return answer
    }
  }
}

extension AuditedTransaction {
  fileprivate func once(
    _ form: SubmittedForm, route: String, _ act: @Sendable (AuditedTransaction) async throws -> Path
  ) async throws -> String {
    guard let key = form.key else { return try await act(self).description }
    if let first = try await claimSubmission(key, route: route, bodyHash: form.bodyHash) {
      guard first.matches(route: route, bodyHash: form.bodyHash), let location = first.location else {
        throw Problem.keyReused
      }
      return location
    }
    let location = try await act(self).description
    try await keepSubmission(key, status: 303, location: location)
    return location
  }
}
