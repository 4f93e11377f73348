// The configuration tab: what holds for this client, where each value comes from, and what the program itself runs on.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web
import Workspace

enum ConfigurationListView {
  static func page(
    _ settings: [ClientSetting], _ program: [ProgramSetting], _ names: [String: String], _ acting: ActingContext
  ) -> Page {
    let here = DebugTab.configuration.path(acting)
    let body = ConfigurationListBody(
      items: settings.map(ConfigurationBody.init), program: program.map(ProgramSettingBody.init))
    return Page("Configuration", section: acting.debugSection, crumbs: [Crumb("Debug", here)], value: body) { frame in
      pageHead("Configuration")
      DebugTab.configuration.bar(acting)
      dataTable(
        "What holds for this client", settings,
        columns: [
          Column("Setting", kind: .link) { found in
            a(.href(here.appending(found.setting.key))) { found.setting.label }
          },
          Column("Key") { found in code { found.setting.key } },
          Column("Value") { clientText($0.setting.shown($0.value)) },
          Column("Source") { sourceBadge($0.source) },
          Column("Set") { found in found.changedAt.map(frame.face.ago) ?? dash },
          Column("By") { found in found.changedBy.map { .text(actorName($0, names)) } ?? dash },
        ])
      if !program.isEmpty { programPanel(program) }
    }
  }

  private static func programPanel(_ program: [ProgramSetting]) -> HTML {
    details(.class("panel history")) {
      summary { "The program’s own settings · \(program.count)" }
      dataTable(
        "The program’s own settings", program,
        columns: [
          Column("Variable", kind: .link) { row in code { row.name } },
          Column("Value") { programValue($0) },
          Column("Source") { $0.standing == .environment ? "Environment" : "Default" },
          Column("Meaning") { $0.meaning },
        ])
    }
  }

  private static func programValue(_ row: ProgramSetting) -> HTML {
    switch row.kind {
    case .plain: clientText(row.value)
    case .secret: span(.class("muted")) { row.standing == .environment ? "set, not shown" : "not set" }
    }
  }
}

/// The badge of where a value comes from.
func sourceBadge(_ source: SettingSource) -> HTML {
  switch source {
  case .tenant: badge("This client", .info)
  case .tier: badge("Tier", .away)
  case .platform: badge("Platform", .away)
  case .fallback: badge("Default", .neutral)
  }
}
