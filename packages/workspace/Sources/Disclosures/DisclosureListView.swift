// The list of disclosures: filters in the address, one row a disclosure.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum DisclosureListView {
  static func page(_ disclosures: DisclosurePage, _ filter: DisclosureFilter, _ context: Inside) -> Page {
    let here = context.acting.path("disclosures")
    let next = disclosures.next.map {
      filter.position(behind: CursorDate.text($0.submittedAt), $0.id)
    }
    let body = DisclosureListBody(
      items: disclosures.rows.map(DisclosureRowBody.init), count: disclosures.count, next: next)
    return Page("Disclosures", section: here, value: body) { frame in
      pageHead("Disclosures") {
        if context.acting.may(.decideDisclosures) {
          linkButton("Add a disclosure", to: here.appending("new"), style: .primary)
        }
      }
      filters(filter, disclosures, here)
      if disclosures.rows.isEmpty {
        nothing(filter, here)
      } else {
        table(disclosures.rows, context, frame)
        pagination(filter, at: here, shown: disclosures.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: DisclosureFilter, _ disclosures: DisclosurePage, _ here: Path) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Title, reference or employee", value: filter.words),
        .several("kind", label: "Kind", options: choices(DisclosureKind.self), chosen: filter.kinds.map(\.rawValue)),
        .several(
          "state", label: "State", options: choices(DisclosureState.self), chosen: filter.states.map(\.rawValue)),
      ],
      count: CappedCount(disclosures.count, limit: DisclosurePage.countLimit).of("disclosure", "disclosures")
        + ", newest first")
  }

  private static func nothing(_ filter: DisclosureFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No disclosures yet", "A disclosure appears here when an employee declares something.")
  }

  private static func table(_ rows: [DisclosureRow], _ context: Inside, _ frame: Frame) -> HTML {
    dataTable(
      "Disclosures", rows,
      columns: [
        Column("Reference", kind: .link) { row in
          a(.href(context.acting.path("disclosures", row.id))) { row.reference }
        },
        Column("Employee") { clientText($0.employee.name) },
        Column("Kind") { $0.kind.label },
        Column("Title") { clientText($0.title) },
        Column("Value", kind: .number) { row in row.value.map { .text($0.text) } ?? dash },
        Column("State") { disclosureBadge($0.state) },
        Column("Submitted") { frame.face.ago($0.submittedAt) },
        Column("Holds until") { row in row.lastDay.map { .text($0) } ?? dash },
      ])
  }
}

extension DisclosureRow {
  /// The last day on which it holds, as `31 Mar 2027`: days are those of UTC, for whoever looks.
  var lastDay: String? {
    expiresAt.map { ClockFace.dayOfUTC($0.addingTimeInterval(-1)) }
  }

  /// The same, as the form of a decision takes it.
  var lastDayTyped: String? {
    expiresAt.map { CalendarDay.text($0.addingTimeInterval(-1)) }
  }
}

extension DisclosedValue {
  /// `1,250.50 EUR`.
  var text: String {
    let fraction = String(amountMinor % 100)
    return "\(grouped(amountMinor / 100)).\(fraction.count == 1 ? "0" + fraction : fraction) \(currency)"
  }
}
