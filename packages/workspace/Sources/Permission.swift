// What a client user may do, by role. Acting as somebody offers what that person may do, to reproduce what they see;
// acting as nobody offers all that any role may, and what is Ethico's own to do.

public import Access
import EthicoTypes
import HTTPTypes
import Web

/// Something that a client's own people may or may not do in their workspace.
public enum Permission: String, CaseIterable, Sendable {
  case readCases = "read cases"
  case workCases = "work on cases"
  case readDisclosures = "read disclosures"
  case decideDisclosures = "decide disclosures"
  case readUsers = "see the list of users"
  case manageUsers = "manage users"
  case manageSettings = "change settings"
  /// Nobody at the client: by its domains a client is found at Ethico, so no client says itself that they are its own.
  case verifyDomains = "verify domains"
  case readPolicies = "read policies"
  case readDrafts = "see drafts of policies"
  case editPolicies = "write policies"
  case approvePolicies = "approve policies"
  case publishPolicies = "publish and retire policies"
  case readCampaigns = "see campaigns"
  case runCampaigns = "run campaigns"
}

extension ClientRole {
  var permissions: Set<Permission> {
    switch self {
    case .systemAdmin: Set(Permission.allCases).subtracting([.verifyDomains])
    case .complianceOfficer:
      [
        .readCases, .workCases, .readDisclosures, .decideDisclosures, .readUsers, .manageSettings, .readPolicies,
        .readDrafts, .editPolicies, .approvePolicies, .publishPolicies, .readCampaigns, .runCampaigns,
      ]
    case .triageLead, .investigator: [.readCases, .workCases, .readDisclosures, .readUsers, .readPolicies]
    case .departmentAdmin: [.readUsers, .readPolicies]
    case .policyAuthor: [.readPolicies, .readDrafts, .editPolicies, .readCampaigns]
    case .policyReviewer: [.readPolicies, .readDrafts, .approvePolicies, .readCampaigns]
    case .manager, .employee: [.readPolicies]
    }
  }
}

extension ActingContext {
  /// Whether the person acted as may do it; as nobody, whether any role may, or Ethico.
  public func may(_ permission: Permission) -> Bool {
    subject.map { $0.role.permissions.contains(permission) } ?? true
  }
}

extension WorkspaceContext {
  /// Throws the page that the subject would see too.
  func demand(_ permission: Permission) async throws {
    try await demand(any: [permission])
  }

  /// The same where one of several permissions is enough; the page names the first.
  func demand(any permissions: [Permission]) async throws {
    guard !permissions.contains(where: acting.may), let permission = permissions.first else { return }
    try await ledger.refuse(acting.author, action: "access.denied", status: 403, detail: permission.rawValue)
    throw Problem(
      .forbidden, "role", "\(acting.subject?.name ?? "This person") may not \(permission.rawValue).",
      "That is what this person sees as well. Act as somebody else, or as nobody, to go on.")
  }
}
