// The page of one setting at one client: what each layer says, the form that sets it here, and who did so before.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web
import Workspace

enum ConfigurationView {
  static func page(_ file: SettingFile, typed: String?, setback: Setback?, _ acting: ActingContext) -> Page {
    let list = DebugTab.configuration.path(acting)
    let found = file.found
    let setting = found.setting
    return Page(
      setting.label, section: acting.debugSection, crumbs: [Crumb("Configuration", list)], trace: setting.key,
      value: ConfigurationBody(found)
    ) { frame in
      doneLine(found, frame)
      setbackPanel(setback)
      pageHead(setting.label, facts: [clientText(setting.shown(found.value)), sourceBadge(found.source)])
      DebugTab.configuration.bar(acting)
      columns {
        div {
          panel("Where it comes from") { layers(file, acting, frame) }
          debugHistory(file.history, shared: file.shared, file.names, frame)
        }
        panel("Here") {
          if acting.staff.may(.configWrite) {
            forms(found, typed, setback, list.appending(setting.key), frame)
          } else {
            notYours(.configWrite)
          }
        }
      }
    }
  }

  private static func doneLine(_ found: ClientSetting, _ frame: Frame) -> HTML {
    guard frame.done != nil else { return .nothing }
    return resultLine(
      HTML {
        "\(found.setting.label) is now "
        clientText(found.setting.shown(found.value))
        found.stored == nil ? ", as for others." : "."
      })
  }

  /// One layer: what it says, since when.
  private struct Layer {
    let source: SettingSource
    let label: String
    let value: String?
    let changedAt: Date?
  }

  private static func layers(_ file: SettingFile, _ acting: ActingContext, _ frame: Frame) -> HTML {
    let found = file.found
    let tier = file.layers.value(of: found.setting, in: file.tier.rawValue, .tier)
    let platform = file.layers.value(of: found.setting, in: SettingLayers.platform, .platform)
    let rows = [
      Layer(
        source: .tenant, label: "This client", value: found.stored?.value, changedAt: found.stored?.changedAt),
      Layer(source: .tier, label: "Tier \(file.tier.label)", value: tier?.value, changedAt: tier?.changedAt),
      Layer(source: .platform, label: "Platform", value: platform?.value, changedAt: platform?.changedAt),
      Layer(source: .fallback, label: "Default", value: found.setting.fallback, changedAt: nil),
    ]
    return dataTable(
      "The layers, in the order in which they are asked", rows,
      columns: [
        Column("Layer", kind: .link) { row in strong { row.label } },
        Column("Value") { row in clientText(row.value.map(found.setting.shown)) },
        Column("Set") { row in
          row.changedAt.map {
            setAt($0, found.object(in: row.source), of: row.source == .tenant ? acting.tenant : nil, frame)
          } ?? dash
        },
        Column("Holds") { row in row.source == found.source ? badge("Holds", .good) : dash },
      ])
  }

  @HTMLBuilder private static func forms(
    _ found: ClientSetting, _ typed: String?, _ setback: Setback?, _ here: Path, _ frame: Frame
  ) -> [HTML] {
    let setting = found.setting
    let errors = (setback?.errors ?? []).map { FieldError(setting.key, $0.message) }
    let state = FormState(FormFields([(name: setting.key, value: typed ?? found.value)]), errors: errors)
    postForm(here, frame.secrets("set"), version: found.version, state: state) {
      SettingListView.control(setting, state)
      formActs { submitButton("Set here") }
    }
    if found.stored != nil {
      p { "Cleared, it is \(setting.shown(found.inherited.value)) again, as for others." }
      postButton(
        "Clear here", to: here.appending("clear"), frame.secrets("clear"),
        fields: [("version", String(found.version))])
    }
  }
}
