// The forms in which an employee is added and edited.

import Access
import EthicoTypes
import Markup
import Web

enum EmployeeFormView {
  static func adding(_ state: FormState, setback: Setback?, units: [OrgUnit], _ context: Inside) -> Page {
    let people = context.acting.path("people")
    let employees = PeopleTab.employees.path(context.acting)
    return Page(
      "Add an employee", section: people, crumbs: [Crumb("People", people), Crumb("Employees", employees)],
      value: VersionBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Add an employee")
      postForm(employees, frame.secrets("add"), state: state) {
        fields(state, units.choices())
        formActs {
          submitButton("Add employee")
          linkButton("Discard employee", to: employees, style: .quiet)
        }
      }
    }
  }

  static func editing(
    _ found: EmployeeRecord, _ state: FormState, setback: Setback?, units: [OrgUnit], _ context: Inside
  ) -> Page {
    let people = context.acting.path("people")
    let employees = PeopleTab.employees.path(context.acting)
    let here = employees.appending(found.id)
    return Page(
      "Edit \(found.name)", section: people,
      crumbs: [Crumb("People", people), Crumb("Employees", employees), Crumb(found.name, here)], trace: found.name,
      value: VersionBody(version: found.row.version)
    ) { frame in
      pageHead("Edit \(found.name)", facts: [employeeStateBadge(found.state)])
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(named(found.fields, units), typed(state, units)) }
      postForm(here.appending("edit"), frame.secrets("edit"), version: found.row.version, state: state) {
        fields(state, units.choices(keeping: found.unitID))
        formActs {
          submitButton("Save employee")
          linkButton("Discard changes", to: here, style: .quiet)
        }
      }
    }
  }

  /// The same values with the unit by its name.
  private static func named(
    _ fields: [(name: String, value: String)], _ units: [OrgUnit]
  ) -> [(name: String, value: String)] {
    fields.map { field in
      guard field.name == "unit" else { return field }
      return (field.name, units.first { $0.id.description == field.value }?.name ?? "")
    }
  }

  private static func typed(_ state: FormState, _ units: [OrgUnit]) -> FormState {
    FormState(FormFields(named(state.fields.pairs, units)))
  }

  private static func fields(_ state: FormState, _ units: [Choice]) -> HTML {
    HTML {
      textField(
        "number", label: "Number", help: "As the client's HR data has it; one employee each.", state: state,
        maxLength: EmployeeDraft.numberLimit, size: .short)
      textField("name", label: "Name", state: state, maxLength: ClientUserDraft.nameLimit)
      textField(
        "email", label: "E-mail", state: state, kind: .email, need: .optional, maxLength: FieldError.emailLimit)
      textField("title", label: "Job title", state: state, need: .optional, maxLength: ClientUserDraft.titleLimit)
      selectField("unit", label: "Unit", state: state, options: [("", "None")] + units, need: .optional)
    }
  }
}

/// A form of a record, to programs: the version that a change has to name; none for a new one.
struct VersionBody: Encodable, Sendable {
  let version: Int?
}
