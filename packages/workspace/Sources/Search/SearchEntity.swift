// What search finds: the kinds that a person knows, and the entities that the index keeps apart.

import Access
public import EthicoTypes

/// What a found record is to a person.
enum SearchKind: String, Term {
  case report
  case `case`
  case message, note, policy, disclosure, campaign, person, file
}

/// What the index keeps apart: by its table, and a policy's published text from the one that is worked on.
public enum SearchEntity: String, Term {
  case report
  case `case`
  case caseMessage = "case_message"
  case note, policy
  case policyDraft = "policy_draft"
  case disclosure, campaign
  case clientUser = "client_user"
  case employee, attachment

  /// What pages call its records, in the plural; within a sentence in lower case.
  public var label: String {
    switch self {
    case .report: "Reports"
    case .case: "Cases"
    case .caseMessage: "Messages"
    case .note: "Notes"
    case .policy: "Policies"
    case .policyDraft: "Drafts of policies"
    case .disclosure: "Disclosures"
    case .campaign: "Campaigns"
    case .clientUser: "Users"
    case .employee: "Employees"
    case .attachment: "File names"
    }
  }

  var kind: SearchKind {
    switch self {
    case .report: .report
    case .case: .case
    case .caseMessage: .message
    case .note: .note
    case .policy, .policyDraft: .policy
    case .disclosure: .disclosure
    case .campaign: .campaign
    case .clientUser, .employee: .person
    case .attachment: .file
    }
  }

  /// What lets somebody read such a record; of a file it is enough to be allowed to read what it hangs on.
  var permissions: [Permission] {
    switch self {
    case .report, .case, .caseMessage, .note: [.readCases]
    case .policy: [.readPolicies]
    case .policyDraft: [.readDrafts]
    case .disclosure: [.readDisclosures]
    case .campaign: [.readCampaigns]
    case .clientUser, .employee: [.readUsers]
    case .attachment: [.readCases, .readDisclosures, .readPolicies]
    }
  }
}

extension ActingContext {
  /// The entities in which this search may find anything.
  var searchable: [SearchEntity] {
    SearchEntity.allCases.filter { $0.permissions.contains(where: may) }
  }
}
