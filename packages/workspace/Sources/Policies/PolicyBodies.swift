// The JSON face of policies.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// A policy as a list gives it to programs.
struct PolicyRowBody: Encodable, Sendable {
  let id: ID<Policy>
  let title: String
  let type: PolicyType
  let language: String
  let status: PolicyStatus
  let workingStatus: PolicyStatus?
  let currentVersion: Int?
  let published: Date?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, title, type, language, status, published, version
    case workingStatus = "working_status"
    case currentVersion = "current_version"
  }

  init(_ row: PolicyRow, _ sight: PolicySight) {
    id = row.id
    title = row.title
    type = row.type
    language = row.language
    status = row.status
    workingStatus = sight == .everything ? row.workingStatus : nil
    currentVersion = row.currentVersion
    published = row.publishedAt
    version = row.version
  }
}

/// A page of policies.
struct PolicyListBody: Encodable, Sendable {
  let items: [PolicyRowBody]
  let count: Int
  let next: String?
}

/// A policy with what belongs to it.
struct PolicyBody: Encodable, Sendable {
  let id: ID<Policy>
  let number: String?
  let title: String
  let type: PolicyType
  let language: String
  let status: PolicyStatus
  let moves: [PolicyStatus]
  let current: PolicyVersionBody?
  let working: WorkingTextBody?
  let versions: [PolicyVersionRowBody]
  let version: Int
  let attachments: [AttachmentBody]
  let importedHistory: [ImportedEventBody]

  enum CodingKeys: String, CodingKey {
    case id, number, title, type, language, status, moves, current, working, versions, version, attachments
    case importedHistory = "imported_history"
  }

  init(_ file: PolicyFile) {
    let policy = file.policy
    id = policy.id
    number = policy.number
    title = policy.title
    type = policy.type
    language = policy.language
    status = policy.status
    moves = file.sight == .everything ? policy.moves : []
    current = file.current.map(PolicyVersionBody.init)
    working =
      file.sight == .everything && policy.hasUnpublishedText
      ? WorkingTextBody(status: policy.openStatus, title: policy.working.title, body: policy.working.body) : nil
    versions = file.versions.map {
      PolicyVersionRowBody(number: $0.number, title: $0.title, changeNote: $0.changeNote, published: $0.publishedAt)
    }
    version = policy.version
    attachments = file.files.all.map(AttachmentBody.init)
    importedHistory = file.imported.events.map(ImportedEventBody.init)
  }
}

/// Text on its way to the next version.
struct WorkingTextBody: Encodable, Sendable {
  let status: PolicyStatus
  let title: String
  let body: String
}

/// A version with its text.
struct PolicyVersionBody: Encodable, Sendable {
  let number: Int
  let title: String
  let body: String
  let language: String
  let changeNote: String?
  let published: Date

  enum CodingKeys: String, CodingKey {
    case number, title, body, language, published
    case changeNote = "change_note"
  }

  init(_ version: PolicyVersion) {
    number = version.number
    title = version.title
    body = version.body
    language = version.language
    changeNote = version.changeNote
    published = version.publishedAt
  }
}

/// A version as the policy's page lists it.
struct PolicyVersionRowBody: Encodable, Sendable {
  let number: Int
  let title: String
  let changeNote: String?
  let published: Date

  enum CodingKeys: String, CodingKey {
    case number, title, published
    case changeNote = "change_note"
  }
}

/// A form of a policy, to programs: the version that a change has to name; none for a new one.
struct PolicyFormBody: Encodable, Sendable {
  let version: Int?
}
