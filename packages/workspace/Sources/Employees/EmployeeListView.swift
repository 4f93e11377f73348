// The list of employees: filters in the address, one row a person.

import Access
import EthicoTypes
import Markup
import Web

enum EmployeeListView {
  static func page(_ employees: EmployeePage, _ filter: EmployeeFilter, units: [OrgUnit], _ context: Inside) -> Page {
    let acting = context.acting
    let here = PeopleTab.employees.path(acting)
    let next = employees.next.map { filter.position(behind: $0.name, $0.id) }
    let body = EmployeeListBody(items: employees.rows.map(EmployeeRowBody.init), count: employees.count, next: next)
    let people = acting.path("people")
    return Page("Employees", section: people, crumbs: [Crumb("People", people)], value: body) { _ in
      pageHead("Employees") {
        if acting.may(.manageUsers) { linkButton("Add an employee", to: here.appending("new"), style: .primary) }
      }
      PeopleTab.employees.tabs(acting)
      filters(filter, employees, units, here)
      if employees.rows.isEmpty {
        nothing(filter, here)
      } else {
        table(employees.rows, here)
        pagination(filter, at: here, shown: employees.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(
    _ filter: EmployeeFilter, _ employees: EmployeePage, _ units: [OrgUnit], _ here: Path
  ) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Name, number or e-mail", value: filter.words),
        .one(
          "unit", label: "Unit", any: "Any unit", options: units.choices(keeping: filter.unit),
          chosen: filter.unit?.description, unknown: "Unknown unit"),
        .several(
          "state", label: "State", options: choices(EmployeeState.self), chosen: filter.states.map(\.rawValue)),
      ],
      count: CappedCount(employees.count, limit: EmployeePage.countLimit).of("employee", "employees") + ", by name")
  }

  private static func nothing(_ filter: EmployeeFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No employees yet", "An employee appears here when somebody adds them or HR data is brought in.")
  }

  private static func table(_ rows: [EmployeeRow], _ here: Path) -> HTML {
    dataTable(
      "Employees", rows,
      columns: [
        Column("Name", kind: .link) { row in a(.href(here.appending(row.id)), .dirAuto) { row.name } },
        Column("Number") { $0.number },
        Column("Job title") { clientText($0.title) },
        Column("Unit") { clientText($0.unit) },
        Column("E-mail") { clientText($0.email) },
        Column("State") { employeeStateBadge($0.state) },
      ])
  }
}

/// The badge of whether somebody works here still.
func employeeStateBadge(_ state: EmployeeState) -> HTML {
  switch state {
  case .active: badge(state.label, .good)
  case .ended: badge(state.label, .neutral)
  }
}
