// The areas of a workspace that a navigation leads to, and whether the acting person may open them.

public import Access

/// An area of a workspace.
public enum WorkspaceArea: Sendable, CaseIterable {
  case cases, reports, policies, campaigns, disclosures, people

  var permission: Permission {
    switch self {
    case .cases, .reports: .readCases
    case .policies: .readPolicies
    case .campaigns: .readCampaigns
    case .disclosures: .readDisclosures
    case .people: .readUsers
    }
  }
}

extension ActingContext {
  /// Whether the navigation shows the area.
  public func mayOpen(_ area: WorkspaceArea) -> Bool {
    may(area.permission)
  }
}
