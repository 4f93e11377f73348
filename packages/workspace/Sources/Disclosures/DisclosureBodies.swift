// The JSON face of disclosures.

import EthicoTypes
import FoundationEssentials

/// A disclosure as a list gives it to programs.
struct DisclosureRowBody: Encodable, Sendable {
  let id: ID<Disclosure>
  let reference: String
  let employee: Employee
  let kind: DisclosureKind
  let title: String
  let value: Value?
  let state: DisclosureState
  let submitted: Date
  let expires: Date?
  let version: Int

  struct Employee: Encodable, Sendable {
    let id: ID<DisclosingEmployee>
    let number: String
    let name: String
  }

  struct Value: Encodable, Sendable {
    let amountMinor: Int
    let currency: String

    enum CodingKeys: String, CodingKey {
      case amountMinor = "amount_minor"
      case currency
    }
  }

  init(_ row: DisclosureRow) {
    id = row.id
    reference = row.reference
    employee = Employee(id: row.employee.id, number: row.employee.number, name: row.employee.name)
    kind = row.kind
    title = row.title
    value = row.value.map { Value(amountMinor: $0.amountMinor, currency: $0.currency) }
    state = row.state
    submitted = row.submittedAt
    expires = row.expiresAt
    version = row.version
  }
}

/// A page of disclosures.
struct DisclosureListBody: Encodable, Sendable {
  let items: [DisclosureRowBody]
  let count: Int
  let next: String?
}

/// A disclosure with what belongs to it.
struct DisclosureBody: Encodable, Sendable {
  let row: DisclosureRowBody
  let body: String
  let decision: String?
  let decided: Date?
  let nextStates: [DisclosureState]
  let attachments: [AttachmentBody]
  let importedHistory: [ImportedEventBody]

  enum CodingKeys: String, CodingKey {
    case body, decision, decided, attachments
    case nextStates = "next_states"
    case importedHistory = "imported_history"
  }

  init(_ file: DisclosureFile) {
    let found = file.disclosure
    row = DisclosureRowBody(found.row)
    body = found.body
    decision = found.decision
    decided = found.decidedAt
    nextStates = found.state.nextStates
    attachments = file.files.all.map(AttachmentBody.init)
    importedHistory = file.imported.events.map(ImportedEventBody.init)
  }

  func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(body, forKey: .body)
    try container.encodeIfPresent(decision, forKey: .decision)
    try container.encodeIfPresent(decided, forKey: .decided)
    try container.encode(nextStates, forKey: .nextStates)
    try container.encode(attachments, forKey: .attachments)
    try container.encode(importedHistory, forKey: .importedHistory)
  }
}

/// A form that has nothing to tell programs but what it is for.
struct DisclosureAddBody: Encodable, Sendable {
  let kinds = DisclosureKind.allCases
  let currencies = DisclosedValue.currencies
}
