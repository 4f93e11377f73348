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
          Column("Asked in") { found in found.flag.place.map { .text($0) } ?? badge("Not used", .neutral) },
          Column("Why") { $0.why },
          Column("Set here") { flagChange($0.change, $0.fleet.object, of: acting.tenant, names, frame) },
          Column("Owner") { $0.flag.owner },
          Column("Until") { flagEnd($0.flag, at: frame.face.now) },
        ])
    }
  }
}

/// When a flag was set and by whom; a dash where it was not.
/// - Parameter tenant: where it was set; `nil` for all clients.
func flagChange(
  _ change: FlagChange?, _ object: AuditObject, of tenant: Tenant?, _ names: [String: String], _ frame: Frame
) -> HTML {
  guard let change else { return dash }
  return HTML {
    setAt(change.at, object, of: tenant, frame)
    ", "
    setBy(change.by, in: change.access, names, frame)
  }
}
