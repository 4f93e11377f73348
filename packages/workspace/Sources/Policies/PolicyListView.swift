// The list of policies: filters in the address, one row a policy.

import Access
import EthicoTypes
import Markup
import Web

enum PolicyListView {
  static func page(_ policies: PolicyPage, _ filter: PolicyFilter, _ context: Inside) -> Page {
    let here = context.acting.path("policies")
    let next = policies.next.map { filter.position(behind: $0.title, $0.id) }
    let body = PolicyListBody(
      items: policies.rows.map { PolicyRowBody($0, filter.sight) }, count: policies.count, next: next)
    return Page("Policies", section: here, value: body) { frame in
      pageHead("Policies") {
        if context.acting.may(.editPolicies) {
          linkButton("Write a policy", to: here.appending("new"), style: .primary)
        }
      }
      filters(filter, policies, here)
      if policies.rows.isEmpty {
        nothing(filter, here)
      } else {
        table(policies.rows, filter, context, frame)
        pagination(filter, at: here, shown: policies.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: PolicyFilter, _ policies: PolicyPage, _ here: Path) -> HTML {
    let types = Filter.several(
      "type", label: "Type", options: choices(PolicyType.self), chosen: filter.types.map(\.rawValue))
    let statuses = Filter.several(
      "status", label: "Status", options: choices(PolicyStatus.self), chosen: filter.statuses.map(\.rawValue))
    let words = Filter.words("q", label: "Words of the title", value: filter.words)
    return filterBar(
      filter, at: here, filter.sight == .everything ? [words, statuses, types] : [words, types],
      count: CappedCount(policies.count, limit: PolicyPage.countLimit).of("policy", "policies") + ", by title")
  }

  private static func nothing(_ filter: PolicyFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No policies yet", "A policy appears here when somebody writes one; readers see it once published.")
  }

  private static func table(
    _ rows: [PolicyRow], _ filter: PolicyFilter, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let copies = [
      Column<PolicyRow>("Working copy") { row in row.workingStatus.map(policyBadge) ?? dash }
    ]
    return dataTable(
      "Policies", rows,
      columns: [
        Column("Title", kind: .link) { row in
          a(.href(context.acting.path("policies", row.id)), .lang(row.language), .dirAuto) { row.title }
        },
        Column("Type") { $0.type.label },
        Column("Status") { policyBadge($0.status) },
      ] + (filter.sight == .everything ? copies : []) + [
        Column("Version", kind: .number) { row in row.currentVersion.map { .text(grouped($0)) } ?? dash },
        Column("Language") { languageName($0.language) },
        Column("Published") { row in row.publishedAt.map { frame.face.ago($0) } ?? dash },
        Column("Changed") { frame.face.ago($0.changedAt) },
      ])
  }
}

/// The badge of where a policy stands: the same on every page.
func policyBadge(_ status: PolicyStatus) -> HTML {
  badge(status.label, status.meaning)
}

/// The badge of a published policy's working copy.
func workingCopyBadge(_ status: PolicyStatus) -> HTML {
  badge("Working copy: \(status.label.lowercased())", status.meaning)
}

extension PolicyStatus {
  fileprivate var meaning: Meaning {
    switch self {
    case .draft: .neutral
    case .pendingApproval: .attention
    case .approved: .info
    case .published: .good
    case .retired: .neutral
    }
  }
}
