// The JSON face of campaigns.

import Access
import EthicoTypes
import FoundationEssentials
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

/// A form of a campaign, to programs: the version that a change has to name; none for a new one.
struct CampaignFormBody: Encodable, Sendable {
  let version: Int?
}
