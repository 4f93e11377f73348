// An attestation: one employee, asked by one campaign.

import Access
import EthicoTypes
import FoundationEssentials

/// A row of a client's HR data.
enum Employee {}

/// Where an attestation stands.
enum AttestationState: String, Term {
  case pending, notified, completed, overdue, skipped, expired
  case inProgress = "in_progress"

  static let allCases: [AttestationState] = [
    .completed, .inProgress, .notified, .pending, .overdue, .skipped, .expired,
  ]

  /// The states that may follow. The database holds the same table.
  var nextStates: [AttestationState] {
    switch self {
    case .pending: [.notified, .overdue, .skipped, .expired]
    case .notified: [.inProgress, .overdue, .skipped, .expired]
    case .inProgress: [.completed, .overdue, .skipped, .expired]
    case .overdue: [.completed, .skipped, .expired]
    case .completed, .skipped, .expired: []
    }
  }

  /// Whether the employee is still asked.
  var isOpen: Bool { !nextStates.isEmpty }

  /// The open states that the clock makes overdue.
  static let beforeDue: [AttestationState] = [.pending, .notified, .inProgress]

  static let open: [AttestationState] = beforeDue + [.overdue]

  /// What may be stored where this is read: the clock is ahead of what is written down.
  var stored: [AttestationState] {
    switch self {
    case .overdue: Self.open
    case .pending: [.pending, .overdue]
    case .notified, .inProgress, .completed, .skipped, .expired: [self]
    }
  }
}

/// Something that is done for an employee, or asked of them.
enum AttestationAct: String, Term {
  case complete, refuse, skip, extend, remind

  /// What the act did, for a sentence.
  var done: String {
    switch self {
    case .complete: "completed"
    case .refuse: "refused"
    case .skip: "skipped"
    case .extend: "given more time"
    case .remind: "marked to be reminded"
    }
  }

  /// The field of its reason: each of its own, because their forms stand on one page.
  var reasonField: String {
    switch self {
    case .complete: "note"
    case .refuse: "refusal"
    case .skip, .extend, .remind: "reason"
    }
  }

  /// Those that several attestations may get at once.
  static let many: [AttestationAct] = [.remind, .extend, .skip]
}

/// An attestation as a list shows it.
struct AttestationRow: Sendable, Hashable {
  let id: ID<Attestation>
  let employee: EmployeeReference
  let state: AttestationState
  let dueAt: Date
  let completedAt: Date?
  let refusedAt: Date?
  let remindedAt: Date?
  let reminders: Int
  let version: Int
}

/// An employee by name.
struct EmployeeReference: Sendable, Hashable {
  let id: ID<Employee>
  let name: String
  let number: String
  let unit: String?
}

/// An attestation with all that its page shows of itself.
struct Attestation: Sendable, Hashable {
  let id: ID<Attestation>
  let campaign: ID<Campaign>
  let campaignStatus: CampaignStatus
  let employee: EmployeeReference
  /// Overdue as soon as its day has passed, whatever is stored.
  let state: AttestationState
  let dueAt: Date
  let completedAt: Date?
  let refusal: Refused?
  let reminders: Int
  let version: Int
  let changedAt: Date

  /// What an employee said who would not attest; the attestation stays open.
  struct Refused: Sendable, Hashable {
    let at: Date
    let reason: String
  }
}

/// Something that was done for an employee, by whom and as whom.
struct AttestationDeed: Sendable, Hashable {
  let act: AttestationAct
  let at: Date
  let by: Doer
  let reason: String?
  let dueAfter: Date?

  /// Who did it. A client never learns more of Ethico's people than that it was them.
  enum Doer: Sendable, Hashable {
    case ethico(as: PersonReference?)
    case person(PersonReference)
    case system

    var words: String {
      switch self {
      case .ethico(let subject): subject.map { "Ethico Support, as \($0.name)" } ?? "Ethico Support"
      case .person(let person): person.name
      case .system: "the system"
      }
    }
  }
}
