// What a staff person may do: each capability with who granted it, when, why and until when, and the way to take it.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CapabilityPanel {
  static func view(_ file: StaffFile, _ frame: Frame) -> HTML {
    let grants = file.grants.filter { $0.capability != Capability.tenantRead.rawValue }
    return panel("What they may do", aside: span(.class("count")) { grouped(grants.count) }) {
      if grants.isEmpty {
        p(.class("muted")) { "Look up clients, as everybody may. Nothing else is granted." }
      } else {
        table(grants, file, frame)
        presetActs(grants, file, frame)
      }
      if !file.taken.isEmpty { before(file.taken, frame) }
    }
  }

  private static func table(_ grants: [StaffGrant], _ file: StaffFile, _ frame: Frame) -> HTML {
    dataTable(
      "Capabilities", grants,
      columns: [
        Column("Capability") { grant in
          span { capabilityLabel(grant.capability) }
          " "
          code(.class("muted")) { grant.capability }
        },
        Column("Granted") { grant in
          span {
            frame.face.ago(grant.grantedAt)
            " by \(grant.grantedBy)"
            grant.preset.map { " with \(presetLabel($0))" } ?? ""
          }
        },
        Column("Why") { clientText($0.rationale) },
        Column("Until") { grant in until(grant, frame) },
        Column("Take") { grant in takeButton(grant, file, frame) },
      ])
  }

  private static func until(_ grant: StaffGrant, _ frame: Frame) -> HTML {
    guard let until = grant.until else { return span(.class("muted")) { "No\u{A0}end" } }
    return grant.counts(at: frame.face.now) ? frame.face.moment(until) : badge("Over", .neutral)
  }

  private static func takeButton(_ grant: StaffGrant, _ file: StaffFile, _ frame: Frame) -> HTML {
    let ends = grant.capability == Capability.supportAct.rawValue ? file.person.openAccesses : 0
    return postButton(
      ends == 0 ? "Take" : "Take, ends \(counted(ends, "access", "accesses"))",
      to: Path.staff(file.person.id).appending("take"),
      frame.secrets("take-" + grant.id.description), fields: [("grant", grant.id.description)],
      style: ends == 0 ? [.small, .quiet] : [.small, .danger], name: "Take \(grant.capability)")
  }

  /// One button a preset, for taking all that came with it.
  private static func presetActs(_ grants: [StaffGrant], _ file: StaffFile, _ frame: Frame) -> HTML {
    let byPreset = Dictionary(grouping: grants.filter { $0.preset != nil }) { $0.preset ?? "" }
    return div(.class("form-acts")) {
      for (preset, grants) in byPreset.sorted(by: { $0.key < $1.key }) {
        postButton(
          presetTaking(preset, grants, file), to: Path.staff(file.person.id).appending("take"),
          frame.secrets("take-" + preset), fields: [("preset", preset)], style: [.small, .danger])
      }
    }
  }

  private static func presetTaking(_ preset: String, _ grants: [StaffGrant], _ file: StaffFile) -> String {
    let acts = grants.contains { $0.capability == Capability.supportAct.rawValue }
    let ends = acts ? file.person.openAccesses : 0
    let taking = "Take \(presetLabel(preset)): \(counted(grants.count, "capability", "capabilities"))"
    return ends == 0 ? taking : taking + ", ends \(counted(ends, "access", "accesses"))"
  }

  private static func before(_ taken: [StaffGrant], _ frame: Frame) -> HTML {
    details(.class("history")) {
      summary { "Held before · \(grouped(taken.count))" }
      dataTable(
        "Held before", taken,
        columns: [
          Column("Capability") { grant in code { grant.capability } },
          Column("Granted") { grant in
            span {
              frame.face.moment(grant.grantedAt)
              " by \(grant.grantedBy)"
            }
          },
          Column("Why") { clientText($0.rationale) },
          Column("Ended") { grant in
            span {
              grant.ending.map { frame.face.moment($0.at) } ?? dash
              grant.ending.map { " by \($0.by)" } ?? ""
            }
          },
        ])
    }
  }
}
