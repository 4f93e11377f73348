// One client's move from another system: what comes over, who there decided it, and how far it is.

package import EthicoTypes
package import FoundationEssentials

/// One client's move from another system. A client has one that is open at most.
package struct MigrationProject: Sendable, Hashable {
  package let id: ID<MigrationProject>
  package let state: ProjectState
  package let choices: [ImportChoice]
  /// Who at the client decided what comes over.
  package let decidedBy: String?
  /// The system that all of it comes from, where somebody said so.
  package let source: SourceSystem?
  package let openedAt: Date
  /// When the client agreed that everything is here; `nil` again once a new file has come.
  package let signedOffAt: Date?
  /// Until when what came in files is kept, and when it was removed.
  package let purgeAt: Date?
  package let purgedAt: Date?
  package let version: Int
}

/// Where a client's move stands.
package enum ProjectState: String, Term {
  case scoping, active, reconciling, closed
  case signedOff = "signed_off"

  /// Which states may follow; the database holds the same list.
  package var next: Set<ProjectState> {
    switch self {
    case .scoping: [.active]
    case .active: [.reconciling]
    case .reconciling: [.active, .signedOff]
    case .signedOff: [.active, .closed]
    case .closed: []
    }
  }
}

/// One of the six kinds of data that a client may have brought over. People come with all of them.
package enum ImportChoice: String, Term {
  case policy, attestation, disclosure, attachment
  case `case`
  case auditEvent = "audit_event"

  /// In the order and the words of the checklist that clients know.
  package static let checklist: [ImportChoice] = [.policy, .attestation, .case, .disclosure, .attachment, .auditEvent]

  package var label: String {
    switch self {
    case .policy: "Policies"
    case .attestation: "Attestations"
    case .case: "Cases/Investigations"
    case .disclosure: "Disclosures (COI, gifts)"
    case .attachment: "Historical attachments"
    case .auditEvent: "Audit trail"
    }
  }
}

/// What comes over, as a form says it.
package struct ScopeDraft: Sendable, Hashable {
  package let choices: [ImportChoice]
  package let decidedBy: String

  package init(choices: [ImportChoice], decidedBy: String) {
    self.choices = choices
    self.decidedBy = decidedBy
  }

  /// The longest name of who decided, in characters.
  package static let decidedByLimit = 200
}

/// One decision about what comes over.
enum ScopeChange {}

/// Why a project was left as it was.
package enum ProjectRefusal: Error, Sendable, Hashable {
  /// Somebody saved it after this person began.
  case stale(MigrationProject)
  /// Records of a kind that is to be left out are here already.
  case committed(ImportChoice, records: Int)
  case badTransition(MigrationProject, to: ProjectState)
  /// The client has left: nothing comes over.
  case tenantClosed
}
