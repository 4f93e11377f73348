// The list of the staff: by name, filters in the address, one row a person.

import Access
import EthicoTypes
import Markup
import Web

enum StaffListView {
  private static let here: Path = "/staff"

  static func page(_ found: StaffPage, _ filter: StaffFilter) -> Page {
    let next = found.next.map { filter.position(behind: $0.name, $0.id) }
    let body = StaffListBody(items: found.people.map(StaffBody.init), count: found.count, next: next)
    return Page("Staff", section: here, value: body) { frame in
      pageHead("Staff") {
        linkButton("Show presets", to: "/staff/presets")
        linkButton("Invite a person", to: here.appending("new"), style: .primary)
      }
      filters(filter, found)
      if found.people.isEmpty {
        filter.isFiltered
          ? nothingMatches(filter.words, clear: here)
          : nothingYet("Nobody is here yet", "Whoever is invited appears here.")
      } else {
        table(found.people, frame)
        pagination(filter, at: here, shown: found.people.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: StaffFilter, _ found: StaffPage) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Name or e-mail address", value: filter.words),
        .several("state", label: "State", options: choices(StaffState.self), chosen: filter.states.map(\.rawValue)),
        .one(
          "capability", label: "May", any: "Any capability",
          options: Capability.allCases.filter { $0 != .tenantRead }.map { ($0.rawValue, "May \($0.label)") },
          chosen: filter.capability),
      ],
      count: CappedCount(found.count, limit: StaffPage.countLimit).of("person", "people"))
  }

  private static func table(_ people: [StaffRecord], _ frame: Frame) -> HTML {
    dataTable(
      "Staff", people,
      columns: [
        Column("Name", kind: .link) { person in a(.href(.staff(person.id)), .dirAuto) { person.name } },
        Column("E-mail") { clientText($0.email) },
        Column("State") { staffStateBadge($0.state) },
        Column("May") { .text(summary($0)) },
        Column("Reports to") { person in clientText(person.reportsTo?.name) },
        Column("Last sign-in") { person in person.lastSignInAt.map { frame.face.ago($0) } ?? never },
        Column("Accesses", kind: .number) { .text(grouped($0.openAccesses)) },
      ])
  }

  /// `Support L1, Auditor`, `2 capabilities`, `Look up clients`.
  private static func summary(_ person: StaffRecord) -> String {
    guard person.state != .deactivated else { return "Nothing" }
    let own = person.capabilities.filter { $0 != Capability.tenantRead.rawValue }
    let presets = person.presets.map(presetLabel)
    switch (presets.isEmpty, own.count) {
    case (false, _): return presets.joined(separator: ", ")
    case (true, 0): return "Look up clients"
    case (true, let count): return counted(count, "capability", "capabilities")
    }
  }
}

/// The badge of where a staff person stands: the same on every page.
func staffStateBadge(_ state: StaffState) -> HTML {
  switch state {
  case .active: badge(state.label, .good)
  case .invited: badge(state.label, .info)
  case .locked: badge(state.label, .bad)
  case .deactivated: badge(state.label, .neutral)
  }
}

/// `Support L2` for `support_l2`.
func presetLabel(_ name: String) -> String {
  let words = name.split(separator: "_").map { word in
    word.count == 2 && word.last?.isNumber == true ? word.uppercased() : String(word)
  }.joined(separator: " ")
  return words.capitalizedFirst
}

/// What a capability lets a person do, with a capital first letter; the raw text of one that we do not know.
func capabilityLabel(_ raw: String) -> String {
  guard let label = Capability(rawValue: raw)?.label else { return raw }
  return label.capitalizedFirst
}
