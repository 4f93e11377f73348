// The search tab: how the index of each entity stands.

import Access
import EthicoTypes
import Jobs
import Markup
import Web
import Workspace

enum IndexListView {
  static func page(_ standings: [IndexStanding], _ acting: ActingContext) -> Page {
    let here = DebugTab.search.path(acting)
    let body = IndexListBody(items: standings.map { IndexBody($0) })
    return Page(
      "Search index", section: acting.debugSection, crumbs: [Crumb("Debug", acting.debugSection)], value: body
    ) { frame in
      pageHead("Search index")
      DebugTab.search.bar(acting)
      dataTable(
        "How the index of each entity stands", standings,
        columns: [
          Column("Entity", kind: .link) { standing in
            a(.href(here.appending(standing.entity.rawValue))) { standing.entity.label }
          },
          Column("Records", kind: .number) { grouped($0.records) },
          Column("Found", kind: .number) { grouped($0.found) },
          Column("Waiting", kind: .number) { grouped($0.waiting) },
          Column("Missing", kind: .number) { faulty($0.missing, .bad) },
          Column("Surplus", kind: .number) { faulty($0.surplus, .attention) },
          Column("Oldest wait") { standing in standing.oldestWait.map(frame.face.ago) ?? dash },
          Column("Mapping") { mappingBadge($0) },
          Column("Rebuild") { rebuildWords($0, acting) },
        ])
    }
  }

  /// A number that should be nothing stands out where it is something.
  private static func faulty(_ number: Int, _ meaning: Meaning) -> HTML {
    number == 0 ? "0" : badge(grouped(number), meaning)
  }
}

/// Whether the documents were made by the mapping of this release: the same on every page.
func mappingBadge(_ standing: IndexStanding) -> HTML {
  standing.outdated == 0 ? badge("Current", .good) : badge("Stale, \(grouped(standing.outdated))", .attention)
}

/// How far a rebuild is, leading to its job; whether one was begun and ended before its work did.
func rebuildWords(_ standing: IndexStanding, _ acting: ActingContext) -> HTML {
  guard let rebuild = standing.rebuild else {
    return standing.building == nil ? dash : badge("Ended early", .attention)
  }
  let done = rebuild.total.map { "\(grouped(rebuild.done ?? 0)) of \(grouped($0))" }
  return HTML {
    badge(rebuild.state.label, .away)
    " "
    a(.href(DebugTab.jobs.path(acting).appending(rebuild.job))) { done ?? "waits" }
  }
}
