// The flags of the fleet: the list, and the form that changes one for all clients.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import Markup
import Web

enum FleetFlagView {
  private static let here: Path = "/platform/flags"

  static func list(_ flags: [FleetFlag], _ names: [String: String]) -> Page {
    Page("Flags", section: here, value: FleetFlagListBody(items: flags.map(FleetFlagBody.init))) { frame in
      pageHead("Flags", facts: [.text("what holds for all clients; exceptions are set at each client")])
      dataTable(
        "Flags of the fleet", flags,
        columns: [
          Column("Flag", kind: .link) { found in a(.href(.fleetFlag(found.flag))) { found.flag.label } },
          Column("Rules") { rules($0) },
          Column("Default") { flagBadge($0.flag.fallback) },
          Column("Asked in") { found in found.flag.place.map { .text($0) } ?? badge("Not used", .neutral) },
          Column("Owner") { $0.flag.owner },
          Column("Until") { flagEnd($0.flag, at: frame.face.now) },
          Column("Changed") { changed($0, names, frame) },
        ])
    }
  }

  private static func rules(_ found: FleetFlag) -> HTML {
    switch found.rule {
    case .none: dash
    case .unreadable: badge("Cannot be read: the default holds", .bad)
    case .read(let rule) where rule.killSwitch == .on: badge("Kill switch on", .bad)
    case .read(let rule):
      .text(
        ([rule.tiers.isEmpty ? nil : "on for " + rule.tiers.map(\.label).sorted().joined(separator: ", ")]
          + [rule.share.map { "\(FlagRule.percent($0)) % of clients" }]).compactMap(\.self).joined(separator: "; "))
    }
  }

  private static func changed(_ found: FleetFlag, _ names: [String: String], _ frame: Frame) -> HTML {
    flagChange(found.change, found.object, of: nil, names, frame)
  }

  static func page(
    _ found: FleetFlag, _ history: TrailPage, _ state: FormState, setback: Setback?, _ viewer: Staff
  ) -> Page {
    Page(found.flag.label, section: here, crumbs: [Crumb("Flags", here)], value: FleetFlagBody(found)) { frame in
      result(frame, ["set": "\(found.flag.label) is set for all clients."])
      setbackPanel(setback)
      pageHead(found.flag.label, facts: [rules(found)])
      p { flagPurpose(found.flag) }
      postForm(.fleetFlag(found.flag), frame.secrets, version: found.version, state: state) {
        radioGroup(
          "kill_switch", label: "Kill switch", help: "On: the feature is off everywhere, whatever else is set.",
          state: state, options: [("off", "Off"), ("on", "On")])
        checkboxGroup(
          "tiers", label: "Tiers that have it", help: "Asked after what is set at the client itself.", state: state,
          options: choices(Tier.self))
        textField(
          "percent", label: "Percentage of clients",
          help: "Of the other tiers: 0 to 100, two decimals. Empty: the default, \(found.flag.fallback.rawValue).",
          state: state, need: .optional, maxLength: 6, size: .short)
        textField(
          "name", label: "Type the key to confirm", help: "\(found.flag.key): this changes it for all clients.",
          state: state, maxLength: 80)
        formActs { submitButton("Set for all clients", style: [.primary, .danger]) }
      }
      past(found, history, viewer, frame)
    }
  }

  /// Who set what for all clients before.
  private static func past(_ found: FleetFlag, _ history: TrailPage, _ viewer: Staff, _ frame: Frame) -> HTML {
    guard !history.steps.isEmpty else { return .nothing }
    let reading = TrailReading(.record(tenant: ID(Chain.platform), found.object), by: viewer)
    let names = TrailNames(history.steps)
    return panel("History") { timeline(history.steps.map { $0.shown(reading, names, frame.face) }, frame.face) }
  }
}
