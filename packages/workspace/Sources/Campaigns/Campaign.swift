// A campaign: asks an audience of employees to attest one version of one policy by a day.

import Access
import EthicoTypes
import FoundationEssentials

/// Where a campaign stands.
enum CampaignStatus: String, Term {
  case draft, scheduled, active, paused, completed, cancelled

  /// The states that may follow. The database holds the same table.
  var nextStatuses: [CampaignStatus] {
    switch self {
    case .draft: [.active, .scheduled, .cancelled]
    case .scheduled: [.active, .cancelled]
    case .active: [.paused, .completed, .cancelled]
    case .paused: [.active, .cancelled]
    case .completed, .cancelled: []
    }
  }

  /// Whether nobody has been asked yet.
  var isPlanned: Bool {
    switch self {
    case .draft, .scheduled: true
    case .active, .paused, .completed, .cancelled: false
    }
  }

  /// Whether it asks nobody any more, for good.
  var isOver: Bool { nextStatuses.isEmpty }
}

/// How an employee attests.
enum AttestationKind: String, Term {
  case checkbox, signature, quiz

  /// A quiz needs questions, which a campaign of this form does not have.
  static let offered: [AttestationKind] = [.checkbox, .signature]
}

/// Whom a campaign asks.
enum AudienceKind: String, Term {
  case all, units, list

  var label: String {
    switch self {
    case .all: "All employees"
    case .units: "Org units, with those below them"
    case .list: "A list of employees"
    }
  }
}

/// Whom a campaign asks, with their ids.
struct Audience: Sendable, Hashable {
  let kind: AudienceKind
  /// Of org units or employees; none where everybody is asked.
  let ids: [UUID]
}

/// A version of a policy, by the policy's title.
struct PolicyReference: Sendable, Hashable {
  let id: ID<Policy>
  let title: String
  let number: Int
}

/// A campaign as a list shows it.
struct CampaignRow: Sendable, Hashable {
  let id: ID<Campaign>
  let name: String
  let status: CampaignStatus
  let policy: PolicyReference
  let dueAt: Date
  let createdAt: Date
  let asked: Int
  let completed: Int
  let version: Int
}

/// A campaign with all that its page shows of itself.
struct Campaign: Sendable, Hashable {
  let id: ID<Campaign>
  let name: String
  let kind: AttestationKind
  let status: CampaignStatus
  let policy: PolicyReference
  let audience: Audience
  /// When a scheduled campaign begins by itself.
  let startsAt: Date?
  let dueAt: Date
  let activatedAt: Date?
  let endedAt: Date?
  let version: Int
  let changedAt: Date

  /// Whether it can be told then to start by itself: its day is to come.
  func mayBeScheduled(at now: Date) -> Bool {
    status.nextStatuses.contains(.scheduled) && startsAt.map { $0 > now } == true
  }

  /// Whether it is to have started by then, and has not.
  func isStartDue(at now: Date) -> Bool {
    status == .scheduled && startsAt.map { $0 <= now } == true
  }
}

/// How many attestations of a campaign are in which state.
struct CampaignProgress: Sendable, Hashable {
  let counts: [AttestationState: Int]
  let refused: Int

  init(_ states: [StateCount]) {
    counts = Dictionary(states.map { ($0.state, $0.count) }, uniquingKeysWith: +)
    refused = states.reduce(0) { $0 + $1.refused }
  }

  var total: Int { counts.values.reduce(0, +) }
  var completed: Int { counts[.completed] ?? 0 }

  /// Those who are still asked.
  var open: Int {
    counts.filter(\.key.isOpen).values.reduce(0, +)
  }
}

/// An org unit as the form of a campaign offers it.
struct UnitChoice: Sendable, Hashable {
  let id: UUID
  let name: String
  let parent: String?
  /// How many employees it has itself.
  let employees: Int
}
