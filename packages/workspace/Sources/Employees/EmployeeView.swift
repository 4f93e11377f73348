// The page of one employee: who they are on the left, what can be done on the right, history below.

import Access
import EthicoTypes
import Markup
import Web

enum EmployeeView {
  static func page(_ file: EmployeeFile, _ setback: Setback?, _ context: Inside) -> Page {
    let employee = file.employee
    let acting = context.acting
    let employees = PeopleTab.employees.path(acting)
    let here = employees.appending(employee.id)
    return Page(
      employee.name, section: acting.path("people"),
      crumbs: [Crumb("People", acting.path("people")), Crumb("Employees", employees)], trace: employee.name,
      value: EmployeeRecordBody(file)
    ) { frame in
      doneLine(employee, frame)
      setbackPanel(setback)
      pageHead(employee.name, facts: [.text("Number \(employee.row.number)"), employeeStateBadge(employee.state)]) {
        if acting.may(.manageUsers) { linkButton("Edit employee", to: here.appending("edit")) }
      }
      columns {
        div {
          person(file, acting, frame)
          importedPanels(file.imports, acting, frame)
        }
        if acting.may(.manageUsers) {
          switch employee.state {
          case .active: ending(employee, here, frame)
          case .ended: reactivation(employee, here, frame)
          }
        }
      }
      historyPanel(
        file.history,
        names: Dictionary(uniqueKeysWithValues: file.units.map { ($0.id.description, $0.name) }), frame)
      ImportedHistoryView.panel(file.imported, below: here, frame)
    }
  }

  private static func doneLine(_ employee: EmployeeRecord, _ frame: Frame) -> HTML {
    let sentence: String? =
      switch frame.done {
      case "added": "\(employee.name) is added."
      case "edited": "\(employee.name) saved."
      case "ended": "\(employee.name) has ended. No campaign asks them any more."
      case "reactivated": "\(employee.name) is active again."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func person(_ file: EmployeeFile, _ acting: ActingContext, _ frame: Frame) -> HTML {
    let employee = file.employee
    return panel("Employee") {
      properties([
        ("Number", .text(employee.row.number)),
        ("Job title", clientText(employee.row.title)),
        ("E-mail", clientText(employee.row.email)),
        ("Unit", unit(file, acting)),
        (
          "Signs in as",
          employee.user.map { user in a(.href(acting.path("people", user.id)), .dirAuto) { user.name } } ?? dash
        ),
        ("Ended", employee.row.endedAt.map { frame.face.moment($0) } ?? dash),
        ("Last change", frame.face.ago(employee.changedAt)),
      ])
    }
  }

  private static func unit(_ file: EmployeeFile, _ acting: ActingContext) -> HTML {
    guard let id = file.employee.unitID else { return dash }
    return HTML {
      for (index, step) in file.units.way(to: id).enumerated() {
        if index > 0 { " › " }
        a(.href(PeopleTab.units.path(acting).appending(step.id)), .dirAuto) { step.name }
      }
    }
  }

  private static func ending(_ employee: EmployeeRecord, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "End employment",
      consequence: "\(employee.name) is asked by no new campaign. What they attested and disclosed stays."
    ) {
      postForm(here.appending("end"), frame.secrets("end"), version: employee.row.version, leaving: .silent) {
        formActs { submitButton("End employment", style: .danger) }
      }
    }
  }

  private static func reactivation(_ employee: EmployeeRecord, _ here: Path, _ frame: Frame) -> HTML {
    panel("Reactivate") {
      p { "\(employee.name) works here again and is asked by campaigns." }
      postForm(
        here.appending("reactivate"), frame.secrets("reactivate"), version: employee.row.version, leaving: .silent
      ) {
        formActs { submitButton("Reactivate employee", style: .plain) }
      }
    }
  }
}
