// The page of one entity's index: what search does not find as it stands, and what repairs it.

import Access
import EthicoTypes
import Jobs
import Markup
import Web
import Workspace

enum IndexView {
  static func page(_ file: IndexFile, setback: Setback?, _ acting: ActingContext) -> Page {
    let list = DebugTab.search.path(acting)
    let standing = file.standing
    let here = list.appending(standing.entity.rawValue)
    return Page(
      "Search index of \(standing.entity.label.lowercased())", section: acting.debugSection,
      crumbs: [Crumb("Search index", list)], trace: standing.entity.label, live: list.appending("live"),
      value: IndexFileBody(file)
    ) { frame in
      let slots = IndexSlots(standing, .unseen, acting, at: frame.face.now)
      result(frame, done(file))
      errorSummary(setback?.errors ?? [], "Nothing was indexed")
      setbackPanel(setback)
      pageHead(standing.entity.label, facts: [slots.mapping.view, "generation \(standing.generation)"]) {
        if acting.staff.may(.indexWrite) { acts(here, frame) }
      }
      DebugTab.search.bar(acting)
      liveRegion {
        p(.class("newer")) { slots.rebuild.again.view }
        columns {
          div {
            faults(file.check, here, acting, frame)
            debugHistory(file.history, file.names, frame)
          }
          panel("Where it stands") {
            properties([
              ("Records", slots.records.view),
              ("Found", slots.found.view),
              ("Waiting", slots.waiting.view),
              ("Oldest wait", standing.oldestWait.map(frame.face.ago) ?? dash),
              ("Missing", slots.missing.view),
              ("Surplus", slots.surplus.view),
              ("Mapping", slots.mapping.view),
              ("Rebuild", slots.rebuild.view),
            ])
          }
        }
      }
    }
  }

  private static func done(_ file: IndexFile) -> [String: String] {
    [
      "checked": "Every document was compared with its record: \(file.check?.words ?? "–").",
      "reindexed": "The record was indexed again.",
      "rebuild": "The rebuild is in line. The index answers as before until it is done.",
    ]
  }

  @HTMLBuilder private static func acts(_ here: Path, _ frame: Frame) -> [HTML] {
    postButton("Check index", to: here.appending("check"), frame.secrets("check"))
    postButton("Rebuild index", to: here.appending("rebuild"), frame.secrets("rebuild"))
  }

  private static func faults(_ check: IndexCheck?, _ here: Path, _ acting: ActingContext, _ frame: Frame) -> HTML {
    panel("Not as it should be") {
      if let check {
        faultTable(check, here, acting, frame)
      } else {
        p(.class("muted")) { "There are as many documents as records. Checking the index compares each of them." }
      }
    }
  }

  private static func faultTable(_ check: IndexCheck, _ here: Path, _ acting: ActingContext, _ frame: Frame) -> HTML {
    HTML {
      if check.isClean {
        p(.class("muted")) { "Search finds every record as it stands." }
      } else {
        let total = check.counts.values.reduce(0, +)
        if total > check.first.count { p(.class("muted")) { "The first \(check.first.count) of \(grouped(total))." } }
        dataTable(
          "Records that search does not find as they stand", check.first,
          columns: [
            Column("Record", kind: .link) { record in
              div { clientText(record.title) }
              copyText(record.id.description, name: "id")
            },
            Column("What is wrong") { faultBadge($0.fault) },
            Column("Repair") { record in
              if acting.staff.may(.indexWrite) {
                postButton(
                  "Re-index", to: here.appending("reindex"), frame.secrets(record.id.description),
                  fields: [("record", record.id.description)], style: .small, name: "Re-index \(record.title)")
              }
            },
          ])
      }
    }
  }

  private static func faultBadge(_ fault: IndexFault) -> HTML {
    switch fault {
    case .missing: badge(fault.label, .bad)
    case .surplus, .differs: badge(fault.label, .attention)
    }
  }
}
