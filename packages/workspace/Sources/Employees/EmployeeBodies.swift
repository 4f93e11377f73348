// The JSON face of employees.

import EthicoTypes
import FoundationEssentials

/// An employee as a list gives them to programs.
struct EmployeeRowBody: Encodable, Sendable {
  let id: ID<Employee>
  let number: String
  let name: String
  let email: String?
  let title: String?
  let unit: String?
  let state: EmployeeState
  let version: Int

  init(_ row: EmployeeRow) {
    id = row.id
    number = row.number
    name = row.name
    email = row.email
    title = row.title
    unit = row.unit
    state = row.state
    version = row.version
  }
}

/// A page of employees.
struct EmployeeListBody: Encodable, Sendable {
  let items: [EmployeeRowBody]
  let count: Int
  let next: String?
}

/// An employee with what belongs to them.
struct EmployeeRecordBody: Encodable, Sendable {
  let employee: EmployeeRowBody
  let unit: ID<OrgUnit>?
  let ended: Date?
  let importedHistory: [ImportedEventBody]

  enum CodingKeys: String, CodingKey {
    case employee, unit, ended
    case importedHistory = "imported_history"
  }

  init(_ file: EmployeeFile) {
    let found = file.employee
    employee = EmployeeRowBody(found.row)
    unit = found.unitID
    ended = found.row.endedAt
    importedHistory = file.imported.events.map(ImportedEventBody.init)
  }
}
