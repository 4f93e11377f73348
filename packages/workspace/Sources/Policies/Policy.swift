// A policy: what a client asks of its people, as text that is worked on and published in versions.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// Where a policy, or the working copy of a published one, stands.
enum PolicyStatus: String, Term {
  case draft, approved, published, retired
  case pendingApproval = "pending_approval"

  static let allCases: [PolicyStatus] = [.draft, .pendingApproval, .approved, .published, .retired]

  /// The states that may follow. The database holds the same table.
  var nextStatuses: [PolicyStatus] {
    switch self {
    case .draft: [.pendingApproval]
    case .pendingApproval: [.approved, .draft]
    case .approved: [.published, .draft]
    case .published: [.retired]
    case .retired: [.draft]
    }
  }
}

/// What a policy is about.
enum PolicyType: String, Term {
  case codeOfConduct = "code_of_conduct"
  case antiHarassment = "anti_harassment"
  case antiBribery = "anti_bribery"
  case dataPrivacy = "data_privacy"
  case informationSecurity = "information_security"
  case giftEntertainment = "gift_entertainment"
  case conflictsOfInterest = "conflicts_of_interest"
  case travelExpense = "travel_expense"
  case whistleblower
  case socialMedia = "social_media"
  case acceptableUse = "acceptable_use"
  case other

  var label: String {
    switch self {
    case .antiHarassment: "Anti-harassment"
    case .antiBribery: "Anti-bribery"
    case .giftEntertainment: "Gifts and entertainment"
    case .travelExpense: "Travel and expenses"
    case .codeOfConduct, .dataPrivacy, .informationSecurity, .conflictsOfInterest, .whistleblower, .socialMedia,
      .acceptableUse, .other:
      word(rawValue)
    }
  }
}

/// A policy as a list shows it.
struct PolicyRow: Sendable, Hashable {
  let id: ID<Policy>
  let title: String
  let type: PolicyType
  let language: String
  let status: PolicyStatus
  let workingStatus: PolicyStatus?
  let currentVersion: Int?
  let publishedAt: Date?
  let changedAt: Date
  let version: Int
}

/// A policy with all that its page shows of itself.
struct Policy: Sendable, Hashable {
  let id: ID<Policy>
  /// The number it came with; one that was written here has none.
  let number: String?
  /// What it is known as: the published title once there is one.
  let title: String
  let type: PolicyType
  let language: String
  let status: PolicyStatus
  /// The number of the version that counts or, once retired, did.
  let currentVersion: Int?
  /// The highest number of a version: one that came over later may be of an older text.
  let lastVersion: Int?
  let working: WorkingText
  let version: Int

  /// The text that is worked on.
  struct WorkingText: Sendable, Hashable {
    /// Where the working copy of a published policy stands; `nil` where there is none.
    let status: PolicyStatus?
    let title: String
    let body: String
  }

  /// The state that the text on the way to its next version is in.
  var openStatus: PolicyStatus { working.status ?? status }

  /// Whether the text can be edited.
  var isDraft: Bool { openStatus == .draft }

  /// Whether there is text that is not published.
  var hasUnpublishedText: Bool {
    switch openStatus {
    case .draft, .pendingApproval, .approved: true
    case .published, .retired: false
    }
  }

  var nextVersion: Int { (lastVersion ?? 0) + 1 }

  /// The moves that are possible now: of the text, and of the policy itself while a working copy is on its way.
  var moves: [PolicyStatus] {
    openStatus.nextStatuses + (working.status == nil ? [] : status.nextStatuses)
  }
}

/// What was published, as it was.
struct PolicyVersion: Sendable, Hashable {
  let number: Int
  let title: String
  let body: String
  let language: String
  let changeNote: String?
  let publishedAt: Date
}

/// A version by its number, for lists.
struct PolicyVersionRow: Sendable, Hashable {
  let number: Int
  let title: String
  let changeNote: String?
  let publishedAt: Date
}

/// How much of a client's policies somebody may see.
enum PolicySight: Sendable, Hashable {
  /// Drafts, working copies, what was retired, and the history.
  case everything
  /// What everybody at the client may read.
  case published
}
