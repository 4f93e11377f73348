// The JSON face of investigations.

import EthicoTypes
import FoundationEssentials

/// An investigation as its case gives it to programs.
struct InvestigationRowBody: Encodable, Sendable {
  let id: ID<Investigation>
  let title: String
  let state: InvestigationState
  let investigator: PersonReference?
  let opened: Date

  init(_ row: InvestigationRow) {
    id = row.id
    title = row.title
    state = row.state
    investigator = row.investigator
    opened = row.openedAt
  }
}

/// An investigation with its words.
struct InvestigationBody: Encodable, Sendable {
  let id: ID<Investigation>
  let caseID: ID<Case>
  let title: String
  let state: InvestigationState
  let nextStates: [InvestigationState]
  let investigator: PersonReference?
  let plan: String
  let findings: String
  let opened: Date
  let closed: Date?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, title, state, investigator, plan, findings, opened, closed, version
    case caseID = "case_id"
    case nextStates = "next_states"
  }

  init(_ found: Investigation) {
    id = found.id
    caseID = found.caseID
    title = found.title
    state = found.state
    nextStates = found.state.nextStates
    investigator = found.investigator
    plan = found.plan
    findings = found.findings
    opened = found.row.openedAt
    closed = found.closedAt
    version = found.version
  }
}

/// The form that opens an investigation, for programs: who may investigate.
struct InvestigationAddBody: Encodable, Sendable {
  let candidates: [PersonReference]
}
