// The first page inside a client: how much is there, and where to go.

import Access
import EthicoTypes
import Markup
import Web

enum OverviewView {
  static func page(_ counts: WorkspaceCounts, _ context: Inside) -> Page {
    let acting = context.acting
    return Page("Overview", section: acting.home, value: OverviewBody(counts, acting)) { frame in
      pageHead(acting.tenant.name, facts: facts(acting))
      search(acting)
      div(.class("cards")) {
        if acting.may(.readCases) {
          figure(counts.newCases, "new cases", "not assigned yet", acting.path("cases").query("stage", "new"))
          figure(
            counts.openCases, "open cases", "\(grouped(counts.overdueCases)) of all unclosed are overdue",
            acting.path("cases"))
        }
        if acting.may(.readPolicies) {
          figure(
            counts.publishedPolicies, "published policies",
            acting.may(.readDrafts)
              ? "\(grouped(counts.policiesInApproval)) wait for approval" : "for everybody to read",
            acting.path("policies").query("status", "published"))
        }
        if acting.may(.readCampaigns) {
          figure(
            counts.activeCampaigns, "active campaigns",
            "\(grouped(counts.overdueAttestations)) attestations are overdue", acting.path("campaigns"))
        }
        if acting.may(.readDisclosures) {
          figure(
            counts.openDisclosures, "open disclosures",
            "\(grouped(counts.submittedDisclosures)) of them not taken up yet",
            acting.path("disclosures").query([("state", "submitted"), ("state", "under_review")]))
        }
        if acting.may(.readUsers) {
          figure(
            counts.activeUsers, "active people", "\(grouped(counts.invitedUsers)) more invited", acting.path("people"))
        }
      }
    }
  }

  private static func facts(_ acting: ActingContext) -> [HTML] {
    [
      .text(
        acting.subject.map { "what \($0.name) sees, as \($0.role.label)" }
          ?? "without a user: all that any role may see and do")
    ]
  }

  /// What brings most people here: one record, by its reference or its words.
  private static func search(_ acting: ActingContext) -> HTML {
    form(.class("find"), .get, .action(acting.path("search")), .role("search")) {
      label(.for("f-search-q"), .class("visually-hidden")) { "Search" }
      input(
        .id("f-search-q"), .type("search"), .name("q"), .maxlength(SearchWords.limit), .autocomplete("off"),
        .dirAuto, .placeholder("A reference, or words"), .data("filter"))
      button(.type("submit"), .class("button primary")) { "Search" }
    }
  }

  private static func figure(_ number: Int, _ title: String, _ words: String, _ path: Path) -> HTML {
    section(.class("card")) {
      p(.class("figure")) { grouped(number) }
      h2 { a(.href(path)) { title.capitalizedFirst } }
      p(.class("muted")) { words }
    }
  }
}

/// The counts as programs read them: like the page, no more than the acting person may look into.
struct OverviewBody: Encodable, Sendable {
  var newCases: Int?
  var openCases: Int?
  var overdueCases: Int?
  var openDisclosures: Int?
  var submittedDisclosures: Int?
  var activeUsers: Int?
  var invitedUsers: Int?
  var publishedPolicies: Int?
  var policiesInApproval: Int?
  var activeCampaigns: Int?
  var overdueAttestations: Int?

  enum CodingKeys: String, CodingKey {
    case newCases = "new_cases"
    case openCases = "open_cases"
    case overdueCases = "overdue_cases"
    case openDisclosures = "open_disclosures"
    case submittedDisclosures = "submitted_disclosures"
    case activeUsers = "active_users"
    case invitedUsers = "invited_users"
    case publishedPolicies = "published_policies"
    case policiesInApproval = "policies_in_approval"
    case activeCampaigns = "active_campaigns"
    case overdueAttestations = "overdue_attestations"
  }

  init(_ counts: WorkspaceCounts, _ acting: ActingContext) {
    if acting.may(.readCases) {
      newCases = counts.newCases
      openCases = counts.openCases
      overdueCases = counts.overdueCases
    }
    if acting.may(.readDisclosures) {
      openDisclosures = counts.openDisclosures
      submittedDisclosures = counts.submittedDisclosures
    }
    if acting.may(.readUsers) {
      activeUsers = counts.activeUsers
      invitedUsers = counts.invitedUsers
    }
    if acting.may(.readPolicies) { publishedPolicies = counts.publishedPolicies }
    if acting.may(.readDrafts) { policiesInApproval = counts.policiesInApproval }
    if acting.may(.readCampaigns) {
      activeCampaigns = counts.activeCampaigns
      overdueAttestations = counts.overdueAttestations
    }
  }
}
