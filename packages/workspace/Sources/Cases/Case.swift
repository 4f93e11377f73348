// A case: the work on one or more reports.

package import Access
package import EthicoTypes
import FoundationEssentials

/// Where a case stands in its pipeline.
enum CaseStage: String, Term {
  case new, assigned, active, review, closed, remediation, archived

  /// The stages that may follow, in the order a person would think of them. The database holds the same table.
  var nextStages: [CaseStage] {
    switch self {
    case .new: [.assigned, .closed]
    case .assigned: [.active, .closed]
    case .active: [.review, .closed]
    case .review: [.active, .closed]
    case .closed: [.remediation, .archived, .active]
    case .remediation: [.archived, .active]
    case .archived: []
    }
  }

  /// Whether the work on it has begun, or is over.
  var isPastAssigned: Bool {
    switch self {
    case .new, .assigned: false
    case .active, .review, .closed, .remediation, .archived: true
    }
  }

  /// Where there is work on a case that somebody leads.
  static let open: [CaseStage] = [.assigned, .active, .review]

  /// A closed case says how it came out.
  var needsOutcome: Bool {
    switch self {
    case .closed, .remediation, .archived: true
    case .new, .assigned, .active, .review: false
    }
  }
}

/// Whether there is work left on a case; follows from its stage.
enum CaseStatus: String, Term {
  case new, open, closed
}

/// How grave a case is.
enum Severity: String, Term {
  case high, medium, low
}

/// How a case came out.
enum CaseOutcome: String, Term {
  case substantiated, unsubstantiated, inconclusive
  case policyViolation = "policy_violation"
  case noViolation = "no_violation"
  /// It turned out to be another case's; only a merge gives it.
  case merged

  /// Those that a person closes a case with.
  static let chosen = allCases.filter { $0 != .merged }
}

/// Who may read a note.
enum NoteVisibility: String, Term {
  case `private`, team, all
}

/// A person by id and name.
package struct PersonReference: Sendable, Hashable, Encodable {
  package let id: ID<ClientUser>
  let name: String
}

/// A case as a list shows it.
struct CaseRow: Sendable, Hashable {
  let id: ID<Case>
  let reference: String
  let title: String
  let category: String
  let stage: CaseStage
  let severity: Severity
  let lead: PersonReference?
  let openedAt: Date
  let dueAt: Date
  let version: Int
}

/// A case with all that its page shows.
package struct Case: Sendable, Hashable {
  let id: ID<Case>
  let reference: String
  let title: String
  let summary: String
  let category: String
  let categoryID: ID<Category>
  /// What came of it when its category last named who is to lead it; `nil` once a person chose.
  let routing: String?
  let stage: CaseStage
  let status: CaseStatus
  let severity: Severity
  let outcome: CaseOutcome?
  let openedAt: Date
  let dueAt: Date
  let closedAt: Date?
  let version: Int
  let changedAt: Date
  /// Those who work on it beside the lead, by name.
  let members: [PersonReference]
  package let lead: PersonReference?
  /// The case that this one went into.
  let mergedInto: LinkedCase?
  /// The cases that went into this one.
  let mergedFrom: [LinkedCase]

  /// The stages that may follow; a case that was merged is only put away.
  var nextStages: [CaseStage] {
    mergedInto == nil ? stage.nextStages : stage.nextStages.filter { $0 == .archived }
  }

  /// Whether the time that was set for it has run out.
  func isOverdue(at now: Date) -> Bool {
    !stage.needsOutcome && dueAt < now
  }
}

/// What a reporter said, as it was received.
struct Report: Sendable, Hashable {
  let id: ID<Report>
  let reference: String
  let channel: ReportChannel
  let reporter: ReporterKind
  let language: String
  let body: String
  let receivedAt: Date
  let link: ReportLink
  /// Whether a name or an address of the reporter is kept.
  let knowsReporter: Bool
}

/// What a report is to a case.
enum ReportLink: String, Term {
  /// The one that the case was made of.
  case primary
  case related
  case mergedFrom = "merged_from"

  /// What a report that is linked later may be.
  static let offered: [ReportLink] = [.related, .mergedFrom]

  var label: String {
    switch self {
    case .primary: "Primary"
    case .related: "Related"
    case .mergedFrom: "Merged from another case"
    }
  }
}

/// A note on a case.
struct Note: Sendable, Hashable {
  let id: ID<Note>
  let body: String
  let visibility: NoteVisibility
  /// The client user who wrote it; `nil` for Ethico Support.
  let author: String?
  let createdAt: Date
}

/// Someone who may lead a case, with how many open cases they lead where that was counted.
package struct LeadCandidate: Sendable, Hashable {
  package let person: PersonReference
  let role: ClientRole
  let load: Int?
}
