// The page of one unit, and the form in which one is added.

import Access
import EthicoTypes
import Markup
import Web

enum OrgUnitView {
  static func page(
    _ unit: OrgUnit, among units: [OrgUnit], _ history: [TrailStep], _ forms: OrgUnitForms, _ context: Inside
  ) -> Page {
    let acting = context.acting
    let people = acting.path("people")
    let tree = PeopleTab.units.path(acting)
    let here = tree.appending(unit.id)
    return Page(
      unit.name, section: people, crumbs: [Crumb("People", people), Crumb("Org units", tree)], trace: unit.name,
      value: OrgUnitBody(unit)
    ) { frame in
      doneLine(unit, frame)
      setbackPanel(forms.setback)
      pageHead(
        unit.name, facts: [.text(unit.kind.label)] + (unit.retiredAt == nil ? [] : [badge("Retired", .neutral)])
      ) {
        if acting.may(.manageUsers), unit.retiredAt == nil {
          linkButton("Add a unit below", to: tree.appending("new").query("below", unit.id))
        }
      }
      columns {
        panel("Unit") {
          properties([
            ("Kind", .text(unit.kind.label)),
            ("Below", way(unit, units, tree)),
            ("Employees", employees(unit, acting)),
            ("Units below", below(unit, units, tree)),
            ("Retired", unit.retiredAt.map { frame.face.moment($0) } ?? dash),
          ])
        }
        if acting.may(.manageUsers), unit.retiredAt == nil {
          div {
            renaming(unit, forms, here, frame)
            moving(unit, units, forms, here, frame)
            retiring(unit, here, frame)
          }
        }
      }
      historyPanel(history, names: Dictionary(uniqueKeysWithValues: units.map { ($0.id.description, $0.name) }), frame)
    }
  }

  private static func doneLine(_ unit: OrgUnit, _ frame: Frame) -> HTML {
    let words: String? =
      switch frame.done {
      case "added": "is added."
      case "renamed": "has its new name."
      case "moved": "has moved, with all below it."
      case "retired": "is retired."
      default: nil
      }
    guard let words else { return .nothing }
    return resultLine(
      HTML {
        span(.dirAuto) { unit.name }
        " \(words)"
      })
  }

  private static func way(_ unit: OrgUnit, _ units: [OrgUnit], _ tree: Path) -> HTML {
    guard let parent = unit.parentID else { return "Nothing: it stands on top" }
    return HTML {
      for (index, step) in units.way(to: parent).enumerated() {
        if index > 0 { " › " }
        a(.href(tree.appending(step.id)), .dirAuto) { step.name }
      }
    }
  }

  private static func employees(_ unit: OrgUnit, _ acting: ActingContext) -> HTML {
    guard unit.employees > 0 else { return "None" }
    return a(.href(PeopleTab.employees.path(acting).query("unit", unit.id).query("state", "active"))) {
      grouped(unit.employees)
    }
  }

  private static func below(_ unit: OrgUnit, _ units: [OrgUnit], _ tree: Path) -> HTML {
    let own = units.filter { $0.parentID == unit.id && $0.retiredAt == nil }
    guard !own.isEmpty else { return "None" }
    return ul { for part in own { li { a(.href(tree.appending(part.id)), .dirAuto) { part.name } } } }
  }

  private static func renaming(_ unit: OrgUnit, _ forms: OrgUnitForms, _ here: Path, _ frame: Frame) -> HTML {
    let state = forms.name ?? FormState([("name", unit.name)])
    return panel("Rename") {
      postForm(here.appending("rename"), frame.secrets("rename"), version: unit.version, state: state) {
        textField("name", label: "Name", state: state, maxLength: OrgUnit.nameLimit)
        formActs { submitButton("Rename unit", style: .plain) }
      }
    }
  }

  private static func moving(
    _ unit: OrgUnit, _ units: [OrgUnit], _ forms: OrgUnitForms, _ here: Path, _ frame: Frame
  ) -> HTML {
    let state = forms.place ?? FormState([("parent", unit.parentID?.description ?? "")])
    let larger = units.filter { $0.kind.holds(unit.kind) && $0.retiredAt == nil }.map(\.id.description)
    return panel("Move") {
      postForm(
        here.appending("move"), frame.secrets("move"), version: unit.version, state: state, leaving: .silent
      ) {
        selectField(
          "parent", label: "Below", state: state,
          options: [("", "Nothing: on top")] + units.choices().filter { larger.contains($0.value) }, need: .optional)
        formActs { submitButton("Move unit", style: .plain) }
      }
    }
  }

  private static func retiring(_ unit: OrgUnit, _ here: Path, _ frame: Frame) -> HTML {
    if let uses = unit.uses {
      return panel("Retire") {
        p(.class("muted")) { "It holds \(uses). A unit can be retired once nothing is in it." }
      }
    }
    return formDanger(
      "Retire",
      consequence: "It holds 0 employees and 0 units, and takes no more; past records go on naming it."
    ) {
      postForm(here.appending("retire"), frame.secrets("retire"), version: unit.version, leaving: .silent) {
        formActs { submitButton("Retire unit", style: .danger) }
      }
    }
  }
}

enum OrgUnitAddView {
  static func page(_ state: FormState, _ setback: Setback?, _ units: [OrgUnit], _ context: Inside) -> Page {
    let people = context.acting.path("people")
    let tree = PeopleTab.units.path(context.acting)
    return Page(
      "Add a unit", section: people, crumbs: [Crumb("People", people), Crumb("Org units", tree)],
      value: VersionBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Add a unit")
      postForm(tree, frame.secrets("add"), state: state) {
        textField("name", label: "Name", state: state, maxLength: OrgUnit.nameLimit)
        selectField(
          "kind", label: "Kind", state: state, options: [("", "Choose a kind")] + choices(OrgUnitKind.self))
        selectField(
          "parent", label: "Below", help: "A larger kind of unit.", state: state,
          options: [("", "Nothing: on top")] + units.choices(), need: .optional)
        formActs {
          submitButton("Add unit")
          linkButton("Discard unit", to: tree, style: .quiet)
        }
      }
    }
  }
}
