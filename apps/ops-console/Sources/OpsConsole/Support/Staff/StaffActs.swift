// What can be done to a staff person, each with its consequence in numbers.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum StaffActs {
  /// Whose page an administrator looks at.
  enum Subject {
    case oneself, another
  }

  static func view(
    _ file: StaffFile, _ presets: [CapabilityPreset], _ forms: PageForms, _ subject: Subject, _ frame: Frame
  ) -> HTML {
    switch subject {
    case .oneself:
      return panel("Acts") {
        p(.class("muted")) {
          "Nobody grants to themselves, and nobody locks or deactivates themselves. Another administrator can."
        }
      }
    case .another:
      return HTML {
        switch file.person.state {
        case .active, .invited:
          grantForm(file, presets, forms, frame)
          lockForm(file, forms, frame)
          deactivation(file, frame)
        case .locked:
          grantForm(file, presets, forms, frame)
          bareForm("Unlock", "Unlock person", "unlock", consequence: unlocking(file.person), file, frame)
          deactivation(file, frame)
        case .deactivated:
          bareForm(
            "Reactivate", "Reactivate person", "reactivate",
            consequence: "\(file.person.name) can sign in again, and may look up clients and nothing else.",
            file, frame)
        }
      }
    }
  }

  private static func grantForm(
    _ file: StaffFile, _ presets: [CapabilityPreset], _ forms: PageForms, _ frame: Frame
  ) -> HTML {
    let state = forms.state("staff.grant")
    let options =
      [(value: "", label: "Choose")]
      + presets.map { preset in
        let count = preset.capabilities.filter { $0 != Capability.tenantRead.rawValue }.count
        return (value: "preset:" + preset.name, label: "Preset \(presetLabel(preset.name)) (\(count))")
      }
      + Capability.allCases.filter { $0 != .tenantRead }.map { capability in
        let name = capability.rawValue
        return (value: "capability:" + name, label: "\(capabilityLabel(name)) · \(name)")
      }
    return panel("Grant") {
      postForm(
        Path.staff(file.person.id).appending("grant"), frame.secrets("grant"), version: file.person.version,
        state: state, leaving: .silent, refused: "Nothing was granted yet"
      ) {
        selectField("what", label: "What", state: state, options: options)
        textField(
          "rationale", label: "Why", help: "Kept with the grant for the access review.", state: state,
          maxLength: NewGrant.rationaleLimit)
        textField(
          "until", label: "Until", help: "The last day on which it counts.", state: state, kind: .date,
          need: .optional, size: .short)
        formActs { submitButton("Grant capabilities", style: .plain) }
      }
    }
  }

  private static func lockForm(_ file: StaffFile, _ forms: PageForms, _ frame: Frame) -> HTML {
    let state = forms.state("staff.lock")
    let open = file.person.openAccesses
    let waits = open == 0 ? "" : "; " + counted(open, "access waits", "accesses wait")
    let signIns = file.person.openSignIns
    let ends = signIns == 0 ? "Refuses sign-ins" : "Ends \(counted(signIns, "sign-in")) and refuses new ones"
    return formDanger("Lock", consequence: "\(ends) until somebody unlocks\(waits).") {
      postForm(
        Path.staff(file.person.id).appending("lock"), frame.secrets("lock"), version: file.person.version,
        state: state, leaving: .silent, refused: "Not locked yet"
      ) {
        textField(
          "reason", label: "Reason", help: "\(LockReason.least) characters or more; it stands on this page.",
          state: state, maxLength: LockReason.limit)
        formActs { submitButton("Lock person", style: .danger) }
      }
    }
  }

  private static func deactivation(_ file: StaffFile, _ frame: Frame) -> HTML {
    formDanger("Deactivate", consequence: deactivating(file)) {
      button("Deactivate person", "deactivate", file, .danger, frame)
    }
  }

  /// `Ends 2 accesses and 1 sign-in, takes 9 capabilities and keeps Jordan Doyle out.`
  private static func deactivating(_ file: StaffFile) -> String {
    let held = file.grants.filter { $0.capability != Capability.tenantRead.rawValue }.count
    var ends: [String] = []
    if file.person.openAccesses > 0 { ends.append(counted(file.person.openAccesses, "access", "accesses")) }
    if file.person.openSignIns > 0 { ends.append(counted(file.person.openSignIns, "sign-in")) }
    var parts: [String] = []
    if !ends.isEmpty { parts.append("ends " + ends.joined(separator: " and ")) }
    if held > 0 { parts.append("takes " + counted(held, "capability", "capabilities")) }
    let before = parts.joined(separator: ", ")
    let sentence = (before.isEmpty ? "" : before + " and ") + "keeps \(file.person.name) out."
    return sentence.capitalizedFirst
  }

  private static func unlocking(_ person: StaffRecord) -> String {
    let waits = person.openAccesses
    let goOn = waits == 0 ? "" : "; " + counted(waits, "access goes on", "accesses go on")
    return "\(person.name) can sign in again\(goOn)."
  }

  private static func bareForm(
    _ title: String, _ label: String, _ verb: String, consequence: String, _ file: StaffFile, _ frame: Frame
  ) -> HTML {
    panel(title) {
      p { consequence }
      button(label, verb, file, .plain, frame)
    }
  }

  /// A form of one button, bound to the version of the person that is shown.
  private static func button(
    _ label: String, _ verb: String, _ file: StaffFile, _ style: ButtonStyle, _ frame: Frame
  ) -> HTML {
    actForm(
      label, to: Path.staff(file.person.id).appending(verb), frame.secrets(verb), version: file.person.version,
      style: style)
  }
}
