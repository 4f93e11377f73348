// The errors tab: what goes wrong at this client, alike errors together, the one that happened last first.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum ErrorListView {
  static func page(
    _ found: ErrorPage, _ places: ErrorPlaces, _ filter: ErrorFilter, _ place: ErrorPlace, at moment: Date
  ) -> Page {
    let here = place.list
    let next = found.nextText(filter)
    let body = ErrorListBody(
      items: found.groups.map { ErrorBody($0, at: moment) }, count: found.count, next: next)
    return Page("Errors", section: place.section, crumbs: place.crumbs, value: body) { frame in
      pageHead("Errors")
      place.tabs
      filters(found, places, filter, here)
      if found.groups.isEmpty {
        nothing(filter, here)
      } else {
        table(found.groups, here, frame)
        pagination(filter, at: here, shown: found.groups.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(
    _ found: ErrorPage, _ places: ErrorPlaces, _ filter: ErrorFilter, _ here: Path
  ) -> HTML {
    filterBar(
      filter, at: here,
      [
        .several("state", label: "State", options: choices(ErrorState.self), chosen: filter.states.map(\.rawValue)),
        .several("kind", label: "Kind", options: choices(ErrorKind.self), chosen: filter.kinds.map(\.rawValue)),
        .one(
          "place", label: "Route or job", any: "Any route or job", options: places.places.map { ($0, $0) },
          chosen: filter.place),
        .one(
          "release", label: "Last seen in", any: "Any release", options: places.releases.map { ($0, $0) },
          chosen: filter.release, prefix: "Release "),
      ],
      count: CappedCount(found.count, limit: ErrorPage.countLimit).of("error", "errors") + ", the last one first")
  }

  private static func nothing(_ filter: ErrorFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches("", clear: here)
      : nothingYet("No errors", "Requests and jobs that fail appear here, alike ones together, for 30 days.")
  }

  private static func table(_ groups: [ErrorGroup], _ here: Path, _ frame: Frame) -> HTML {
    dataTable(
      "Errors", groups,
      columns: [
        Column("Error", kind: .link) { group in
          div {
            a(.href(here.appending(group.id)), .dirAuto) { group.message }
            div(.class("muted")) { "\(group.kind.label) \(group.place)" }
          }
        },
        Column("State") { errorStateBadge($0.state(at: frame.face.now)) },
        Column("24 h", kind: .number) { grouped($0.lastDay) },
        Column("7 d", kind: .number) { grouped($0.lastWeek) },
        Column("14 days") { sparkline("Errors a day", $0.days) },
        Column("Users", kind: .number) { peopleCount($0) },
        Column("Release") { group in clientText(group.lastRelease) },
        Column("Last, first") { group in
          div {
            div { frame.face.ago(group.lastAt) }
            div(.class("muted")) { frame.face.ago(group.firstAt) }
          }
        },
      ])
  }
}

/// Whom a group of errors met: `12`, `200+`, or a dash where it met nobody, as a job does. At the limit nobody more is
/// kept, so that there may be more.
func peopleCount(_ group: ErrorGroup) -> HTML {
  let isFull = group.people >= ErrorGroup.peopleLimit
  return group.people == 0 ? dash : .text(grouped(group.people) + (isFull ? "+" : ""))
}
