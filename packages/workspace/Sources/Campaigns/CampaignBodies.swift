// The JSON face of campaigns and attestations.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Web

/// A version of a policy, to programs.
struct PolicyReferenceBody: Encodable, Sendable {
  let id: ID<Policy>
  let title: String
  let number: Int

  init(_ policy: PolicyReference) {
    id = policy.id
    title = policy.title
    number = policy.number
  }
}

/// A campaign as a list gives it to programs.
struct CampaignRowBody: Encodable, Sendable {
  let id: ID<Campaign>
  let name: String
  let status: CampaignStatus
  let policy: PolicyReferenceBody
  let due: Date
  let created: Date
  let asked: Int
  let completed: Int
  let version: Int

  init(_ row: CampaignRow) {
    id = row.id
    name = row.name
    status = row.status
    policy = PolicyReferenceBody(row.policy)
    due = row.dueAt
    created = row.createdAt
    asked = row.asked
    completed = row.completed
    version = row.version
  }
}

/// A page of campaigns.
struct CampaignListBody: Encodable, Sendable {
  let items: [CampaignRowBody]
  let count: Int
  let next: String?
}

/// A campaign with how far it has come.
struct CampaignBody: Encodable, Sendable {
  let id: ID<Campaign>
  let name: String
  let kind: AttestationKind
  let status: CampaignStatus
  let moves: [CampaignStatus]
  let policy: PolicyReferenceBody
  let audience: AudienceBody
  let starts: Date?
  let due: Date
  let activated: Date?
  let ended: Date?
  let progress: ProgressBody
  let version: Int

  struct AudienceBody: Encodable, Sendable {
    let kind: AudienceKind
    let words: String
    let members: Int
  }

  struct ProgressBody: Encodable, Sendable {
    let asked: Int
    let completed: Int
    let open: Int
    let refused: Int
    let states: [String: Int]
  }

  init(_ file: CampaignFile) {
    let campaign = file.campaign
    id = campaign.id
    name = campaign.name
    kind = campaign.kind
    status = campaign.status
    moves = campaign.status.nextStatuses
    policy = PolicyReferenceBody(campaign.policy)
    audience = AudienceBody(kind: campaign.audience.kind, words: file.audience, members: file.members)
    starts = campaign.startsAt
    due = campaign.dueAt
    activated = campaign.activatedAt
    ended = campaign.endedAt
    progress = ProgressBody(
      asked: file.progress.total, completed: file.progress.completed, open: file.progress.open,
      refused: file.progress.refused,
      states: Dictionary(uniqueKeysWithValues: file.progress.counts.map { ($0.key.rawValue, $0.value) }))
    version = campaign.version
  }
}

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

  enum CodingKeys: String, CodingKey {
    case id, campaign, employee, state, due, completed, refused, reminders, acts, version
    case refusalReason = "refusal_reason"
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

extension Setback {
  /// Its gist in one sentence, for a line of results.
  var sentence: String { errors.first?.message ?? title }
}

/// A form of a campaign, to programs: the version that a change has to name; none for a new one.
struct CampaignFormBody: Encodable, Sendable {
  let version: Int?
}
