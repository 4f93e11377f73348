// The page of one flag at one client: the five rules in their order, which of them decides, and what can be set here.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import Markup
import Web

enum FlagView {
  static func page(_ file: FlagFile, setback: Setback?, _ acting: ActingContext) -> Page {
    let found = file.found
    let list = DebugTab.flags.path(acting)
    return Page(
      found.flag.label, section: acting.debugSection, crumbs: [Crumb("Flags", list)], trace: found.flag.key,
      value: FlagBody(found)
    ) { frame in
      result(frame, done(found))
      setbackPanel(setback)
      pageHead(found.flag.label, facts: [flagBadge(found.verdict.value), .text(found.why)]) {
        if acting.staff.may(.flagsWrite) { acts(found, list.appending(found.flag.key), frame) }
      }
      DebugTab.flags.bar(acting)
      columns {
        div {
          panel("Why") { rules(found) }
          if !acting.staff.may(.flagsWrite) { panel("Here") { notYours(.flagsWrite) } }
          debugHistory(file.history, shared: file.shared, file.names, frame)
        }
        panel("Flag") {
          properties([
            ("Key", copyText(found.flag.key, name: "key")),
            ("Switches", flagPurpose(found.flag)),
            ("Asked in", found.flag.place.map { .text($0) } ?? dash),
            ("Owner", .text(found.flag.owner)),
            ("Until", flagEnd(found.flag, at: frame.face.now)),
            ("Set here", flagChange(found.change, found.fleet.object, of: acting.tenant, file.names, frame)),
            ("Set for all", flagChange(found.fleet.change, found.fleet.object, of: nil, file.names, frame)),
          ])
        }
      }
    }
  }

  private static func done(_ found: ClientFlag) -> [String: String] {
    let now = "\(found.flag.label) is \(found.verdict.value.rawValue) here now."
    return ["set": now, "cleared": "\(now) What holds for others holds here too."]
  }

  @HTMLBuilder private static func acts(_ found: ClientFlag, _ here: Path, _ frame: Frame) -> [HTML] {
    let version = ("version", String(found.version))
    if found.override != .none {
      postButton("Clear here", to: here.appending("clear"), frame.secrets("clear"), fields: [version], style: .primary)
    }
    for value in FlagValue.allCases where found.override != .read(value) {
      postButton(
        "Turn \(value.rawValue) here", to: here, frame.secrets(value.rawValue),
        fields: [version, ("value", value.rawValue)])
    }
  }

  /// One rule: what is set, and whether it decides.
  private struct Rule {
    let reason: FlagReason
    let label: String
    let standing: String
  }

  private static func rules(_ found: ClientFlag) -> HTML {
    let rule = found.fleet.rule
    var held = FlagRule()
    if case .read(let stored) = rule { held = stored }
    let tiers = held.tiers.map(\.label).sorted().joined(separator: ", ")
    let rows = [
      Rule(
        reason: .killSwitch, label: "Kill switch",
        standing: rule == .unreadable ? "Cannot be read" : held.killSwitch == .on ? "On: off for everybody" : "Off"),
      Rule(reason: .override, label: "Set here", standing: override(found.override)),
      Rule(
        reason: .tier, label: "Tier rule",
        standing: tiers.isEmpty ? "None" : "On for \(tiers); this client is \(found.tier.label)"),
      Rule(
        reason: .percentage, label: "Percentage",
        standing: found.shareWords.map { "\($0); this client stands at \(found.place) %" }
          ?? "None; this client would stand at \(found.place) %"),
      Rule(reason: .fallback, label: "Default", standing: found.flag.fallback.label),
    ]
    return dataTable(
      "The rules, in the order in which they are asked", rows,
      columns: [
        Column("Rule", kind: .link) { row in strong { row.label } },
        Column("What is set") { $0.standing },
        Column("Decides") { decides($0, found.verdict) },
      ])
  }

  private static func decides(_ rule: Rule, _ verdict: FlagVerdict) -> HTML {
    let isDefault = rule.reason == .fallback && verdict.reason == .error
    return rule.reason == verdict.reason || isDefault ? flagBadge(verdict.value) : dash
  }

  private static func override(_ reading: FlagReading<FlagValue>) -> String {
    switch reading {
    case .none: "Nothing"
    case .read(let value): value.label
    case .unreadable: "Cannot be read"
    }
  }
}
