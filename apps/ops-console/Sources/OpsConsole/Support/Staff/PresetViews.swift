// The pages of presets: all of them side by side, and the form of one.

import Access
import EthicoTypes
import Markup
import Web

enum PresetListView {
  static func page(_ presets: [CapabilityPreset]) -> Page {
    Page(
      "Presets", section: "/staff", crumbs: [Crumb("Staff", "/staff")],
      value: PresetListBody(items: presets.map(PresetBody.init))
    ) { frame in
      if let changed = presets.first(where: { $0.name == frame.done }) {
        resultLine("\(presetLabel(changed.name)) saved. Who holds what did not change.")
      }
      pageHead("Presets", facts: ["what is granted together", "who holds what stands on each person’s page"])
      dataTable(
        "Presets", presets,
        columns: [
          Column("Preset", kind: .link) { preset in
            a(.href(Path("/staff/presets").appending(preset.name))) { presetLabel(preset.name) }
          },
          Column("Grants") { .text(sentence($0)) },
          Column("People", kind: .number) { .text(grouped($0.holders)) },
        ])
    }
  }

  /// `Enter clients’ workspaces, work on tickets`.
  private static func sentence(_ preset: CapabilityPreset) -> String {
    let order = Capability.allCases.map(\.rawValue)
    let own = preset.capabilities.filter { $0 != Capability.tenantRead.rawValue }
      .sorted { (order.firstIndex(of: $0) ?? order.count) < (order.firstIndex(of: $1) ?? order.count) }
      .map { Capability(rawValue: $0)?.label ?? $0 }.joined(separator: ", ")
    return own.isEmpty ? "Look up clients" : own.capitalizedFirst
  }
}

enum PresetEditView {
  /// Every capability, and those of another release that the preset holds.
  private static func offered(_ preset: CapabilityPreset) -> [String] {
    let ours = Capability.allCases.map(\.rawValue)
    return (ours + preset.capabilities.filter { !ours.contains($0) }).filter { $0 != Capability.tenantRead.rawValue }
  }

  static func page(_ preset: CapabilityPreset, _ state: FormState, setback: Setback?) -> Page {
    let name = presetLabel(preset.name)
    return Page(
      name, section: "/staff", crumbs: [Crumb("Staff", "/staff"), Crumb("Presets", "/staff/presets")],
      value: PresetBody(preset)
    ) { frame in
      setbackPanel(setback)
      pageHead(name, facts: [.text(counted(preset.holders, "person", "people"))])
      postForm(Path("/staff/presets").appending(preset.name), frame.secrets("preset"), state: state) {
        p(.class("muted")) {
          "Changes what this preset grants from now on. Those who were granted it before keep what they hold."
        }
        if setback?.isStale == true { p { "Stored now: \(preset.capabilities.joined(separator: ", "))." } }
        hiddenField("seen", preset.capabilities.joined(separator: " "))
        checkboxGroup(
          "capabilities", label: "Grants", help: "To look up clients is always part of it.", state: state,
          options: offered(preset).map { ($0, "\(capabilityLabel($0)) · \($0)") })
        formActs {
          submitButton("Save preset", style: .primary)
          linkButton("Back to presets", to: "/staff/presets", style: .quiet)
        }
      }
    }
  }
}
