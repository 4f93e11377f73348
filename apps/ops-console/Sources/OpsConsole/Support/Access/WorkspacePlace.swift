// A record's page inside a workspace, named outside of it: where somebody who steps in wants to stand.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web
import Workspace

/// A record's page, relative to an access, or the record of a reference. It gives no right and tells nothing of the
/// record: only an open access leads there, and the page itself says whether it is there.
struct WorkspacePlace: Sendable, Hashable {
  /// As the address of the way in holds it: `policies/0190…` or `RPT-2026-00412`.
  let text: String
  private let target: Target

  private enum Target: Sendable, Hashable {
    case page([String])
    case reference(RecordReference)
  }

  /// The pages that can be named, each with a star for an id.
  private static let pages = [
    "cases/*", "reports/*", "policies/*", "disclosures/*", "people/*", "people/employees/*", "campaigns/*",
    "campaigns/*/attestations/*",
  ]

  /// Reads a place that came from outside; `nil` for anything but a record's page or reference.
  init?(_ text: String) {
    guard text.utf8.count <= 200 else { return nil }
    if let reference = RecordReference(text) {
      target = .reference(reference)
      self.text = reference.text
      return
    }
    let segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let shape = segments.map { UUID(uuidString: $0) == nil ? $0 : "*" }.joined(separator: "/")
    guard Self.pages.contains(shape) else { return nil }
    target = .page(segments)
    self.text = text
  }

  init(_ reference: RecordReference) {
    text = reference.text
    target = .reference(reference)
  }

  /// The page that shows an imported record.
  init(_ page: RecordPage) {
    let segments: [String]
    switch page {
    case .case(let id): segments = ["cases", id.lowercaseText]
    case .policy(let id): segments = ["policies", id.lowercaseText]
    case .disclosure(let id): segments = ["disclosures", id.lowercaseText]
    case .employee(let id): segments = ["people", "employees", id.lowercaseText]
    case .attestation(let id, let campaign):
      segments = ["campaigns", campaign.lowercaseText, "attestations", id.lowercaseText]
    }
    text = segments.joined(separator: "/")
    target = .page(segments)
  }

  /// Its address under an access. Whose reference it is says the search of that client.
  func path(in access: ID<Impersonation>) -> Path {
    switch target {
    case .page(let segments): segments.reduce(Path.access(access)) { $0.appending($1) }
    case .reference(let reference): Path.access(access).appending("search").query("q", reference.text)
    }
  }

  /// What the page before the workspace calls it.
  var noun: String {
    switch target {
    case .reference(let reference): reference.text
    case .page(let segments):
      switch (segments.first, segments.count) {
      case ("cases", _): "the case"
      case ("reports", _): "the report"
      case ("policies", _): "the policy"
      case ("disclosures", _): "the disclosure"
      case ("people", 2): "the user"
      case ("people", _): "the employee"
      case (_, 2): "the campaign"
      default: "the attestation"
      }
    }
  }
}
