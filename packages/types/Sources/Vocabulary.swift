// The enumerations that every area shares, stored as their raw text and shown by their label.

/// A value stored as text in the database and shown to people by a label.
public protocol Term: RawRepresentable, CaseIterable, Codable, Hashable, Sendable where RawValue == String {
  /// The word shown on a page, in sentence case.
  var label: String { get }
}

extension Term {
  /// The raw text with spaces for underscores and a capital first letter.
  public var label: String {
    var letters = rawValue.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
    if let first = letters.first, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first { letters[0] = first - 0x20 }
    return String(decoding: letters, as: UTF8.self)
  }
}

/// Where a client organisation stands with us.
public enum TenantStatus: String, Term {
  case trial, onboarding, live, suspended, closed

  /// The statuses that may follow. Who was suspended or has left comes back to where they stood; who has bought does
  /// not go back to trying.
  public var nextStatuses: [TenantStatus] {
    switch self {
    case .trial: [.onboarding, .live, .suspended, .closed]
    case .onboarding: [.live, .suspended, .closed]
    case .live: [.onboarding, .suspended, .closed]
    case .suspended: [.trial, .onboarding, .live, .closed]
    case .closed: [.trial, .onboarding, .live]
    }
  }
}

/// What a client organisation has bought.
public enum Tier: String, Term {
  case plg, smb, enterprise

  /// As sales writes it.
  public var label: String {
    switch self {
    case .plg: "PLG"
    case .smb: "SMB"
    case .enterprise: "Enterprise"
    }
  }
}

/// The industry of a client organisation.
public enum Industry: String, Term {
  case healthcare, manufacturing, technology, retail, education, government, other
  case financialServices = "financial_services"
}

/// The role of a person who signs in at a client.
public enum ClientRole: String, Term {
  case manager, employee, investigator
  case systemAdmin = "system_admin"
  case complianceOfficer = "compliance_officer"
  case triageLead = "triage_lead"
  case policyAuthor = "policy_author"
  case policyReviewer = "policy_reviewer"
  case departmentAdmin = "department_admin"

  /// Whether a person of this role may work on a case, as its lead or beside it.
  public var worksCases: Bool {
    switch self {
    case .systemAdmin, .complianceOfficer, .triageLead, .investigator: true
    case .manager, .employee, .policyAuthor, .policyReviewer, .departmentAdmin: false
    }
  }
}

/// Whether a person at a client can sign in.
public enum UserState: String, Term {
  case invited, active, deactivated
}

/// Where a staff person stands with the console.
public enum StaffState: String, Term {
  case active, invited, locked, deactivated
}

/// How soon a ticket wants to be worked on.
public enum TicketPriority: String, Term {
  case urgent, high, normal, low
}

/// Where a ticket stands.
public enum TicketState: String, Term {
  case open, resolved, closed
  case inProgress = "in_progress"
  case waitingOnClient = "waiting_on_client"

  /// The states in which somebody at Ethico or at the client still has something to do.
  public static let unresolved: [TicketState] = [.open, .inProgress, .waitingOnClient]
}

/// How a staff person came into a client's workspace.
public enum EntryKind: String, Term {
  case ticketLink = "ticket_link"
  case manualSearch = "manual_search"
}

/// Why a staff person enters a client's workspace; always optional.
public enum EntryReason: String, Term {
  case configuration, onboarding, training, other
  case reproduceIssue = "reproduce_issue"
  case dataCorrection = "data_correction"
  case userAccess = "user_access"
  case caseReassignment = "case_reassignment"
}

/// What ended an access. Never a clock.
public enum EndKind: String, Term {
  case manual, revoked
  case tenantClosed = "tenant_closed"
}
