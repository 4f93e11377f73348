// A record's page inside a workspace, named outside of it: where somebody who steps in wants to stand.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

/// A record's page, relative to an access. It gives no right and tells nothing of the record: only an open access leads
/// there, and the page itself says whether it is there.
struct WorkspacePlace: Sendable, Hashable {
  /// As the address of the way in holds it: `policies/0190…`.
  let text: String
  private let segments: [String]

  /// The pages that can be named, each with a star for an id.
  private static let pages = [
    "cases/*", "policies/*", "disclosures/*", "people/employees/*", "campaigns/*/attestations/*",
  ]

  /// Reads a place that came from outside; `nil` for anything but a record's page.
  init?(_ text: String) {
    guard text.utf8.count <= 200 else { return nil }
    let segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let shape = segments.map { UUID(uuidString: $0) == nil ? $0 : "*" }.joined(separator: "/")
    guard Self.pages.contains(shape) else { return nil }
    self.text = text
    self.segments = segments
  }

  /// The page that shows an imported record.
  init(_ page: RecordPage) {
    switch page {
    case .case(let id): segments = ["cases", id.lowercaseText]
    case .policy(let id): segments = ["policies", id.lowercaseText]
    case .disclosure(let id): segments = ["disclosures", id.lowercaseText]
    case .employee(let id): segments = ["people", "employees", id.lowercaseText]
    case .attestation(let id, let campaign):
      segments = ["campaigns", campaign.lowercaseText, "attestations", id.lowercaseText]
    }
    text = segments.joined(separator: "/")
  }

  /// Its address under an access.
  func path(in access: ID<Impersonation>) -> Path {
    segments.reduce(Path.access(access)) { $0.appending($1) }
  }

  /// What the page before the workspace calls it.
  var noun: String {
    switch segments.first {
    case "cases": "the case"
    case "policies": "the policy"
    case "disclosures": "the disclosure"
    case "people": "the employee"
    default: "the attestation"
    }
  }
}
