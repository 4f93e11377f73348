// The JSON face of errors.

import Access
import Errors
import EthicoTypes
import FoundationEssentials

/// A group of errors as programs are given it.
struct ErrorBody: Encodable, Sendable {
  let id: ID<ErrorGroup>
  let kind: ErrorKind
  let place: String
  let message: String
  let state: ErrorState
  let mutedUntil: Date?
  let resolvedRelease: String?
  let total: Int
  let lastDay: Int
  let lastWeek: Int
  let days: [Int]
  let users: Int
  let first: Date
  let last: Date
  let firstRelease: String
  let lastRelease: String
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, kind, place, message, state, total, days, users, first, last, version
    case mutedUntil = "muted_until"
    case resolvedRelease = "resolved_release"
    case lastDay = "last_24h"
    case lastWeek = "last_7d"
    case firstRelease = "first_release"
    case lastRelease = "last_release"
  }

  init(_ group: ErrorGroup, at moment: Date) {
    id = group.id
    kind = group.kind
    place = group.place
    message = group.message
    state = group.state(at: moment)
    mutedUntil = group.mutedUntil
    resolvedRelease = group.resolvedRelease
    total = group.total
    lastDay = group.lastDay
    lastWeek = group.lastWeek
    days = group.days
    users = group.people
    first = group.firstAt
    last = group.lastAt
    firstRelease = group.firstRelease
    lastRelease = group.lastRelease
    version = group.version
  }
}

/// A page of errors.
struct ErrorListBody: Encodable, Sendable {
  let items: [ErrorBody]
  let count: Int
  let next: String?
}

/// One time that an error happened.
struct ErrorSampleBody: Encodable, Sendable {
  let number: Int
  let at: Date
  let request: String
  let release: String
  let status: Int?
  let staff: String?
  let subject: String?
  let context: [String: String]

  init(_ sample: ErrorSample, _ names: ErrorNames) {
    number = sample.number
    at = sample.at
    request = sample.request.description
    release = sample.release
    status = sample.status
    staff = names.staff(of: sample)
    subject = names.subject(of: sample)
    context = Dictionary(
      sample.context.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

/// A group with the times that are kept of it.
struct ErrorFileBody: Encodable, Sendable {
  let error: ErrorBody
  let samples: [ErrorSampleBody]

  init(_ file: ErrorFile, at moment: Date) {
    error = ErrorBody(file.group, at: moment)
    samples = file.samples.map { ErrorSampleBody($0, file.names) }
  }

  func encode(to encoder: any Encoder) throws {
    try error.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(samples, forKey: .samples)
  }

  enum CodingKeys: String, CodingKey {
    case samples
  }
}

/// One time with the events of its request.
struct ErrorSampleFileBody: Encodable, Sendable {
  let sample: ErrorSampleBody
  let message: String
  let events: [Event]

  struct Event: Encodable, Sendable {
    let id: ID<AuditEvent>
    let at: Date
    let action: String
    let outcome: Outcome
    let status: Int?
  }

  init(_ file: ErrorSampleFile) {
    sample = ErrorSampleBody(file.sample, file.names)
    message = file.group.message
    events = file.steps.map {
      Event(id: $0.id, at: $0.at, action: $0.action, outcome: $0.outcome, status: $0.status)
    }
  }
}
