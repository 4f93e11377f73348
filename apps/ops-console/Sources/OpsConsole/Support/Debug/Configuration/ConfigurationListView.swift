// The configuration tab: what holds for this client, where each value comes from, and what the program itself runs on.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web
import Workspace

enum ConfigurationListView {
  static func page(_ desk: ConfigurationDesk, _ program: [ProgramSetting], _ acting: ActingContext) -> Page {
    let here = DebugTab.configuration.path(acting)
    let body = ConfigurationListBody(
      items: desk.settings.map(ConfigurationBody.init), secrets: desk.secrets.map(ClientSecretBody.init),
      program: program.map(ProgramSettingBody.init))
    return Page("Configuration", section: acting.debugSection, crumbs: [Crumb("Debug", here)], value: body) { frame in
      pageHead("Configuration")
      DebugTab.configuration.bar(acting)
      dataTable(
        "What holds for this client", desk.settings,
        columns: [
          Column("Setting", kind: .link) { found in
            a(.href(here.appending(found.setting.key))) { found.setting.label }
          },
          Column("Key") { found in code { found.setting.key } },
          Column("Value") { clientText($0.setting.shown($0.value)) },
          Column("Source") { sourceBadge($0.source) },
          Column("Set") { found in
            found.changedAt.map {
              setAt($0, found.object(in: found.source), of: found.stored.map { _ in acting.tenant }, frame)
            } ?? dash
          },
          Column("By") { found in
            found.changedBy.map { setBy($0, in: found.stored?.access, desk.names, frame) } ?? dash
          },
        ])
      if !desk.secrets.isEmpty { panel("Secrets of this client") { secretTable(desk.secrets, acting, frame) } }
      if !program.isEmpty { programPanel(program) }
    }
  }

  /// The client's secrets, of which nothing is shown but their age.
  private static func secretTable(_ secrets: [ClientSecret], _ acting: ActingContext, _ frame: Frame) -> HTML {
    dataTable(
      "Secrets of this client", secrets,
      columns: [
        Column("Secret", kind: .link) { secret in
          // Whoever acts as somebody sees of the client's own pages what that person sees.
          if acting.subject == nil {
            a(.href(acting.path("settings", "sign-in"))) { ClientSecret.label }
          } else {
            strong { ClientSecret.label }
          }
        },
        Column("Shared with") { clientText($0.issuer) },
        Column("Value") { secret in
          "set, "
          frame.face.span(since: secret.setAt)
        },
        Column("Set") { setAt($0.setAt, $0.object, of: acting.tenant, frame) },
      ])
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
