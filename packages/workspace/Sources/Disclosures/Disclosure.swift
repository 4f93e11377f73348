// A disclosure: what an employee declared – a gift, a second job, a relative at a supplier – and what was decided.

import EthicoTypes
import FoundationEssentials

/// What is declared.
enum DisclosureKind: String, Term {
  case coi, gift, political, charitable, travel
  case outsideEmployment = "outside_employment"

  var label: String {
    switch self {
    case .coi: "Conflict of interest"
    case .gift: "Gift"
    case .outsideEmployment: "Outside employment"
    case .political: "Political"
    case .charitable: "Charitable"
    case .travel: "Travel"
    }
  }

  /// In the order in which people look for them.
  static let allCases: [DisclosureKind] = [.coi, .gift, .outsideEmployment, .political, .charitable, .travel]
}

/// Where a disclosure stands.
enum DisclosureState: String, Term {
  case submitted
  case underReview = "under_review"
  case approved, conditions, rejected, expired

  var label: String {
    switch self {
    case .submitted: "Submitted"
    case .underReview: "Under review"
    case .approved: "Approved"
    case .conditions: "Approved with conditions"
    case .rejected: "Rejected"
    case .expired: "Expired"
    }
  }

  /// The states that may follow. The database holds the same table.
  var nextStates: [DisclosureState] {
    switch self {
    case .submitted: [.underReview]
    case .underReview: [.approved, .conditions, .rejected]
    case .approved: [.underReview, .expired]
    case .conditions: [.approved, .expired]
    case .rejected: [.underReview]
    case .expired: []
    }
  }

  /// What somebody may decide now.
  var verdicts: [DisclosureVerdict] {
    nextStates.compactMap { next in DisclosureVerdict.allCases.first { $0.state == next } }
  }

  /// Whether a decision may be taken up again.
  var canReopen: Bool {
    switch self {
    case .approved, .rejected: true
    case .submitted, .underReview, .conditions, .expired: false
    }
  }
}

/// A decision about a disclosure.
enum DisclosureVerdict: String, Term {
  case approved, conditions, rejected

  var state: DisclosureState {
    switch self {
    case .approved: .approved
    case .conditions: .conditions
    case .rejected: .rejected
    }
  }

  var label: String {
    switch self {
    case .approved: "Approve"
    case .conditions: "Approve with conditions"
    case .rejected: "Reject"
    }
  }

  /// Whether what is allowed may end on a day.
  var mayExpire: Bool {
    switch self {
    case .approved, .conditions: true
    case .rejected: false
    }
  }
}

/// What a thing is worth, in hundredths of its currency.
struct DisclosedValue: Sendable, Hashable {
  let amountMinor: Int
  let currency: String

  /// Currencies of two decimals, by their codes [ISO 4217].
  static let currencies = ["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "SEK", "BRL"]

  init(amountMinor: Int, currency: String) {
    self.amountMinor = amountMinor
    self.currency = currency
  }

  /// Reads `1250`, `1250.5` or `1,250.50`; `nil` for what is no amount.
  init?(_ text: String, currency: String) {
    let digits = text.replacing(",", with: "").replacing(" ", with: "")
    guard let match = digits.wholeMatch(of: #/([0-9]{1,12})(?:\.([0-9]{1,2}))?/#), let whole = Int(match.1) else {
      return nil
    }
    let fraction = match.2.map(String.init) ?? ""
    let hundredths = Int(fraction + String(repeating: "0", count: 2 - fraction.count)) ?? 0
    self.init(amountMinor: whole * 100 + hundredths, currency: currency)
  }
}

/// Who disclosed: a row of the client's HR data.
struct DisclosingEmployee: Sendable, Hashable {
  let id: ID<DisclosingEmployee>
  let number: String
  let name: String
}

/// A disclosure as a list shows it.
struct DisclosureRow: Sendable, Hashable {
  let id: ID<Disclosure>
  let reference: String
  let employee: DisclosingEmployee
  let kind: DisclosureKind
  let title: String
  let value: DisclosedValue?
  let state: DisclosureState
  let submittedAt: Date
  let expiresAt: Date?
  let version: Int
}

/// A disclosure with all that its page shows.
struct Disclosure: Sendable, Hashable {
  let row: DisclosureRow
  let body: String
  let decision: String?
  let decidedAt: Date?
  let changedAt: Date

  var id: ID<Disclosure> { row.id }
  var reference: String { row.reference }
  var state: DisclosureState { row.state }
  var version: Int { row.version }
}
