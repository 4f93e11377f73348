// The flags tab: what each flag says for this client, and why.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import Markup
import Web

enum FlagListView {
  static func page(_ flags: [ClientFlag], _ names: [String: String], _ acting: ActingContext) -> Page {
    let here = DebugTab.flags.path(acting)
    let body = FlagListBody(items: flags.map(FlagBody.init))
    return Page("Flags", section: acting.debugSection, crumbs: [Crumb("Debug", here)], value: body) { frame in
      pageHead("Flags")
      DebugTab.flags.bar(acting)
      dataTable(
        "Feature flags", flags,
        columns: [
          Column("Flag", kind: .link) { found in a(.href(here.appending(found.flag.key))) { found.flag.label } },
          Column("Here") { flagBadge($0.verdict.value) },
          Column("Why") { $0.why },
          Column("Set here") { override($0, names, frame) },
          Column("Owner") { $0.flag.owner },
          Column("Until") { flagEnd($0.flag, at: frame.face.now) },
        ])
    }
  }

  private static func override(_ found: ClientFlag, _ names: [String: String], _ frame: Frame) -> HTML {
    guard let change = found.change else { return dash }
    return HTML {
      frame.face.ago(change.at)
      ", "
      actorName(change.by, names)
    }
  }
}
