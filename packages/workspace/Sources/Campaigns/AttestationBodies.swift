// The JSON face of attestations.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

/// An attestation as a list gives it to programs.
struct AttestationRowBody: Encodable, Sendable {
  let id: ID<Attestation>
  let employee: EmployeeBody
  let state: AttestationState
  let due: Date
  let completed: Date?
  let refused: Date?
  let reminded: Date?
  let reminders: Int
  let version: Int

  init(_ row: AttestationRow) {
    id = row.id
    employee = EmployeeBody(row.employee)
    state = row.state
    due = row.dueAt
    completed = row.completedAt
    refused = row.refusedAt
    reminded = row.remindedAt
    reminders = row.reminders
    version = row.version
  }
}

/// An employee, to programs.
struct EmployeeBody: Encodable, Sendable {
  let id: ID<Employee>
  let name: String
  let number: String
  let unit: String?

  init(_ employee: EmployeeReference) {
    id = employee.id
    name = employee.name
    number = employee.number
    unit = employee.unit
  }
}

/// A page of attestations.
struct AttestationListBody: Encodable, Sendable {
  let items: [AttestationRowBody]
  let count: Int
  let next: String?
}

/// An attestation with what was done for its employee.
struct AttestationBody: Encodable, Sendable {
  let id: ID<Attestation>
  let campaign: ID<Campaign>
  let employee: EmployeeBody
  let state: AttestationState
  let due: Date
  let completed: Date?
  let refused: Date?
  let refusalReason: String?
  let reminders: Int
  let acts: [ActBody]
  let version: Int
  let importedHistory: [ImportedEventBody]

  enum CodingKeys: String, CodingKey {
    case id, campaign, employee, state, due, completed, refused, reminders, acts, version
    case refusalReason = "refusal_reason"
    case importedHistory = "imported_history"
  }

  struct ActBody: Encodable, Sendable {
    let act: AttestationAct
    let at: Date
    let by: String
    let subject: PersonReference?
    let reason: String?
    let due: Date?
  }

  init(_ file: AttestationFile) {
    let attestation = file.attestation
    id = attestation.id
    campaign = attestation.campaign
    employee = EmployeeBody(attestation.employee)
    state = attestation.state
    due = attestation.dueAt
    completed = attestation.completedAt
    refused = attestation.refusal?.at
    refusalReason = attestation.refusal?.reason
    reminders = attestation.reminders
    acts = file.deeds.map(ActBody.init)
    version = attestation.version
    importedHistory = file.imported.events.map(ImportedEventBody.init)
  }
}

extension AttestationBody.ActBody {
  init(_ deed: AttestationDeed) {
    act = deed.act
    at = deed.at
    reason = deed.reason
    due = deed.dueAfter
    switch deed.by {
    case .ethico(let subject):
      by = "Ethico Support"
      self.subject = subject
    case .person(let person):
      by = person.name
      subject = nil
    case .system:
      by = "system"
      subject = nil
    }
  }
}

/// What became of each of many.
struct AttestationResultsBody: Encodable, Sendable {
  let act: AttestationAct
  let done: Int
  let failed: Int
  let results: [Result]

  struct Result: Encodable, Sendable {
    let id: ID<Attestation>
    let status: Int
    let code: String
    let message: String?
  }

  init(_ act: AttestationAct, _ results: [AttestationResult]) {
    self.act = act
    failed = results.count { $0.setback != nil }
    done = results.count - failed
    self.results = results.map {
      Result(
        id: $0.id, status: $0.setback?.status.code ?? 200, code: $0.setback?.code ?? "ok",
        message: $0.setback?.sentence)
    }
  }
}
