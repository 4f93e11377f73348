// The units of a client as the tree they are, and its JSON face.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum OrgUnitTreeView {
  static func page(_ units: [OrgUnit], _ context: Inside) -> Page {
    let acting = context.acting
    let people = acting.path("people")
    let here = PeopleTab.units.path(acting)
    return Page(
      "Org units", section: people, crumbs: [Crumb("People", people)],
      value: OrgUnitListBody(items: units.map(OrgUnitBody.init))
    ) { _ in
      pageHead("Org units") {
        if acting.may(.manageUsers) { linkButton("Add a unit", to: here.appending("new"), style: .primary) }
      }
      PeopleTab.units.tabs(acting)
      let used = units.filter { $0.retiredAt == nil }
      if used.isEmpty {
        nothingYet("No units yet", "A unit appears here when somebody adds it or HR data is brought in.")
      } else {
        panel("Units", aside: span(.class("count")) { grouped(used.count) }) {
          div(.class("tree")) { branch(below: nil, used, here) }
        }
      }
      let retired = units.filter { $0.retiredAt != nil }
      if !retired.isEmpty {
        panel("Retired", aside: span(.class("count")) { grouped(retired.count) }) {
          ul { for unit in retired { li { a(.href(here.appending(unit.id)), .dirAuto) { unit.name } } } }
        }
      }
    }
  }

  /// The units right below one, each with what is below it. A larger kind holds a smaller one, which ends the descent.
  private static func branch(below parent: ID<OrgUnit>?, _ units: [OrgUnit], _ here: Path) -> HTML {
    let own = units.filter { $0.parentID == parent }
    guard !own.isEmpty else { return .nothing }
    return ul {
      for unit in own {
        li {
          p {
            a(.href(here.appending(unit.id)), .dirAuto) { unit.name }
            span(.class("muted")) { unit.kind.label }
            if unit.employees > 0 { span(.class("muted")) { counted(unit.employees, "employee") } }
          }
          branch(below: unit.id, units, here)
        }
      }
    }
  }
}

/// Every unit of a client.
struct OrgUnitListBody: Encodable, Sendable {
  let items: [OrgUnitBody]
}

/// A unit as programs read it.
struct OrgUnitBody: Encodable, Sendable {
  let id: ID<OrgUnit>
  let parent: ID<OrgUnit>?
  let kind: OrgUnitKind
  let name: String
  let employees: Int
  let retired: Date?
  let version: Int

  init(_ unit: OrgUnit) {
    id = unit.id
    parent = unit.parentID
    kind = unit.kind
    name = unit.name
    employees = unit.employees
    retired = unit.retiredAt
    version = unit.version
  }
}
