// What the reporter and those who work on a case wrote to each other. Written once.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// Who wrote to whom.
enum MessageDirection: String, Term {
  case toReporter = "to_reporter"
  case fromReporter = "from_reporter"
}

/// A message of a case.
struct CaseMessage: Sendable, Hashable {
  let id: ID<CaseMessage>
  let direction: MessageDirection
  let body: String
  /// The client user who wrote it, or wrote it down for the reporter; `nil` for Ethico Support and for the reporter.
  let author: String?
  let sentAt: Date
}

/// A message as somebody wants to send it, checked.
struct MessageDraft: Sendable, Hashable {
  let direction: MessageDirection
  let body: String

  static let bodyLimit = 10_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    body = fields["message"] ?? ""
    if body.isEmpty { errors.append(FieldError("message", "Write something first.")) }
    if let error = FieldError(tooLong: body, "message", "A message", limit: Self.bodyLimit) { errors.append(error) }
    let direction = fields["direction"].flatMap(MessageDirection.init(rawValue:))
    if direction == nil { errors.append(FieldError("direction", "Choose who is speaking.")) }
    guard errors.isEmpty, let direction else { throw Invalid(errors) }
    self.direction = direction
  }
}

/// A message as a page gives it to programs.
struct MessageBody: Encodable, Sendable {
  let id: ID<CaseMessage>
  let direction: MessageDirection
  let body: String
  let author: String?
  let sent: Date

  init(_ message: CaseMessage) {
    id = message.id
    direction = message.direction
    body = message.body
    author = message.author
    sent = message.sentAt
  }
}
