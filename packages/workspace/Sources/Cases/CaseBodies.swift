// The JSON face of cases.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// A case as a list gives it to programs.
struct CaseRowBody: Encodable, Sendable {
  let id: ID<Case>
  let reference: String
  let title: String
  let category: String
  let stage: CaseStage
  let severity: Severity
  let lead: PersonReference?
  let opened: Date
  let due: Date
  let version: Int

  init(_ row: CaseRow) {
    id = row.id
    reference = row.reference
    title = row.title
    category = row.category
    stage = row.stage
    severity = row.severity
    lead = row.lead
    opened = row.openedAt
    due = row.dueAt
    version = row.version
  }
}

/// A page of cases.
struct CaseListBody: Encodable, Sendable {
  let items: [CaseRowBody]
  let count: Int
  let next: String?
}

/// A case with what belongs to it.
struct CaseBody: Encodable, Sendable {
  let id: ID<Case>
  let reference: String
  let title: String
  let summary: String
  let category: String
  let routing: String?
  let stage: CaseStage
  let nextStages: [CaseStage]
  let status: CaseStatus
  let severity: Severity
  let outcome: CaseOutcome?
  let lead: PersonReference?
  let members: [PersonReference]
  let opened: Date
  let due: Date
  let closed: Date?
  let version: Int
  let mergedInto: LinkedCase?
  let mergedFrom: [LinkedCase]
  let reports: [ReportBody]
  let notes: [NoteBody]
  let messages: [MessageBody]
  let investigations: [InvestigationRowBody]
  let attachments: [AttachmentBody]
  let importedHistory: [ImportedEventBody]

  enum CodingKeys: String, CodingKey {
    case id, reference, title, summary, category, routing, stage, status, severity, outcome, lead, members, opened, due
    case closed, version, reports, notes, messages, investigations, attachments
    case nextStages = "next_stages"
    case mergedInto = "merged_into"
    case mergedFrom = "merged_from"
    case importedHistory = "imported_history"
  }

  init(_ file: CaseFile) {
    let found = file.case
    id = found.id
    reference = found.reference
    title = found.title
    summary = found.summary
    category = found.category
    routing = found.routing
    stage = found.stage
    nextStages = found.nextStages
    status = found.status
    severity = found.severity
    outcome = found.outcome
    lead = found.lead
    members = found.members
    opened = found.openedAt
    due = found.dueAt
    closed = found.closedAt
    version = found.version
    mergedInto = found.mergedInto
    mergedFrom = found.mergedFrom
    reports = file.reports.map {
      ReportBody(
        id: $0.id, reference: $0.reference, channel: $0.channel, reporter: $0.reporter, language: $0.language,
        body: $0.body, received: $0.receivedAt, link: $0.link, knowsReporter: $0.knowsReporter,
        identity: file.revealed[$0.id])
    }
    messages = file.messages.map(MessageBody.init)
    investigations = file.investigations.map(InvestigationRowBody.init)
    attachments = file.files.all.map(AttachmentBody.init)
    importedHistory = file.imported.events.map(ImportedEventBody.init)
    notes = file.notes.map {
      NoteBody(id: $0.id, body: $0.body, visibility: $0.visibility, author: $0.author, created: $0.createdAt)
    }
  }
}

struct ReportBody: Encodable, Sendable {
  let id: ID<Report>
  let reference: String
  let channel: ReportChannel
  let reporter: ReporterKind
  let language: String
  let body: String
  let received: Date
  let link: ReportLink
  let knowsReporter: Bool
  /// Only in the answer to a reveal.
  let identity: ReporterIdentity?

  enum CodingKeys: String, CodingKey {
    case id, reference, channel, reporter, language, body, received, link, identity
    case knowsReporter = "knows_reporter"
  }
}

struct NoteBody: Encodable, Sendable {
  let id: ID<Note>
  let body: String
  let visibility: NoteVisibility
  let author: String?
  let created: Date
}
