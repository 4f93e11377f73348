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
      "Search index", section: acting.debugSection, crumbs: [Crumb("Debug", acting.debugSection)],
      live: here.appending("live"), value: body
    ) { frame in
      pageHead("Search index")
      DebugTab.search.bar(acting)
      liveRegion {
        dataTable(
          "How the index of each entity stands",
          standings.map { Row(standing: $0, slots: IndexSlots($0, .unseen, acting, at: frame.face.now)) },
          columns: [
            Column("Entity", kind: .link) { row in
              a(.href(here.appending(row.standing.entity.rawValue))) { row.standing.entity.label }
            },
            Column("Records", kind: .number) { $0.slots.records.view },
            Column("Found", kind: .number) { $0.slots.found.view },
            Column("Waiting", kind: .number) { row in
              div {
                row.slots.waiting.view
                if let oldest = row.standing.oldestWait {
                  div(.class("muted")) {
                    "oldest "
                    frame.face.ago(oldest)
                  }
                }
              }
            },
            Column("Missing", kind: .number) { $0.slots.missing.view },
            Column("Surplus", kind: .number) { $0.slots.surplus.view },
            Column("Mapping") { $0.slots.mapping.view },
            Column("Rebuild") { $0.slots.rebuild.view },
          ])
      }
    }
  }

  private struct Row {
    let standing: IndexStanding
    let slots: IndexSlots
  }
}
