// An investigation of a case: who leads it, what is planned and what was found.

import EthicoTypes
import FoundationEssentials

/// Where an investigation stands.
enum InvestigationState: String, Term {
  case new, assigned, investigating
  case onHold = "on_hold"
  case pendingReview = "pending_review"
  case closed

  /// The states that may follow. The database holds the same table.
  var nextStates: [InvestigationState] {
    switch self {
    case .new: [.assigned]
    case .assigned: [.investigating]
    case .investigating: [.pendingReview, .onHold]
    case .onHold: [.investigating]
    case .pendingReview: [.closed, .investigating]
    case .closed: []
    }
  }
}

/// An investigation as its case lists it.
struct InvestigationRow: Sendable, Hashable {
  let id: ID<Investigation>
  let title: String
  let state: InvestigationState
  let investigator: PersonReference?
  let openedAt: Date
}

/// An investigation with all that its page shows.
struct Investigation: Sendable, Hashable {
  let row: InvestigationRow
  let caseID: ID<Case>
  let caseReference: String
  let plan: String
  let findings: String
  let closedAt: Date?
  let version: Int
  let changedAt: Date

  var id: ID<Investigation> { row.id }
  var title: String { row.title }
  var state: InvestigationState { row.state }
  var investigator: PersonReference? { row.investigator }
}
