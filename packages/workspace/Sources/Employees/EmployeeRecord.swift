// An employee: a row of the client's HR data, who may or may not sign in. The id's type, `Employee`, is older.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

/// Whether somebody works at the client still.
enum EmployeeState: String, Term {
  case active, ended
}

/// An employee as a list shows them.
struct EmployeeRow: Sendable, Hashable {
  let id: ID<Employee>
  let number: String
  let name: String
  let email: String?
  let title: String?
  let unit: String?
  let endedAt: Date?
  let version: Int

  var state: EmployeeState { endedAt == nil ? .active : .ended }
}

/// An employee with all that their page shows.
struct EmployeeRecord: Sendable, Hashable {
  let row: EmployeeRow
  let unitID: ID<OrgUnit>?
  /// Who they are as somebody who signs in.
  let user: UserReference?
  let changedAt: Date

  var id: ID<Employee> { row.id }
  var name: String { row.name }
  var state: EmployeeState { row.state }

  static func object(_ id: ID<Employee>) -> AuditObject { AuditObject("employee", id) }
  var object: AuditObject { Self.object(id) }

  /// A user that a record leads to.
  struct UserReference: Sendable, Hashable {
    let id: ID<ClientUser>
    let name: String
  }

  /// The stored values, as the form shows them.
  var fields: [(name: String, value: String)] {
    [
      ("number", row.number), ("name", row.name), ("email", row.email ?? ""), ("title", row.title ?? ""),
      ("unit", unitID?.description ?? ""),
    ]
  }
}

/// Why an employee was left as they were.
enum EmployeeRefusal: Refusal, Hashable {
  /// Somebody saved the employee after this person began.
  case stale(EmployeeRecord)
  /// They are what they should become.
  case badTransition(EmployeeRecord)
  /// The unit they would come back to takes nobody any more.
  case unitRetired(EmployeeRecord)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(now.name)
    case .badTransition(let now):
      Setback(.conflict, "bad_transition", "\(now.name) is \(now.state.label.lowercased()).", "Nothing was changed.")
    case .unitRetired(let now):
      Setback(
        .conflict, "unit_retired", "“\(now.row.unit ?? "The unit")” is not used any more.",
        "Nothing was changed. Give \(now.name) another unit first.")
    }
  }
}

/// What somebody wants to see of the employees.
struct EmployeeFilter: Sendable, Hashable {
  var words = ""
  var unit: ID<OrgUnit>?
  var states: [EmployeeState] = []
  var after: Cursor?
  var limit = 50

  /// Where the next page begins: the name of the last employee shown, and their id.
  struct Cursor: Sendable, Hashable {
    let name: String
    let id: ID<Employee>
  }
}

/// A page of the list.
struct EmployeePage: Sendable {
  let rows: [EmployeeRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: EmployeeFilter.Cursor?

  static let countLimit = 10_000
}

/// The words about an employee as somebody wants them, checked.
struct EmployeeDraft: Sendable, Hashable {
  let number: String
  let name: String
  /// Folded to lower case.
  let email: String?
  let title: String?
  let unit: ID<OrgUnit>?

  static let numberLimit = 40

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    number = fields["number"] ?? ""
    if number.isEmpty || number.contains(where: \.isControl) {
      errors.append(FieldError("number", "Write the employee's number, on one line."))
    }
    if let error = FieldError(tooLong: number, "number", "A number", limit: Self.numberLimit) { errors.append(error) }
    name = fields["name"] ?? ""
    if name.isEmpty || name.contains(where: \.isControl) {
      errors.append(FieldError("name", "Say what the person is called, on one line."))
    }
    if let error = FieldError(tooLong: name, "name", "A name", limit: ClientUserDraft.nameLimit) {
      errors.append(error)
    }
    email = fields.given("email")?.lowercased()
    if let email, let error = FieldError(email: email, "email") { errors.append(error) }
    title = fields.given("title")
    if let title {
      if title.contains(where: \.isControl) { errors.append(FieldError("title", "A job title is one line of text.")) }
      if let error = FieldError(tooLong: title, "title", "A job title", limit: ClientUserDraft.titleLimit) {
        errors.append(error)
      }
    }
    unit = fields.given("unit").flatMap { ID<OrgUnit>($0) }
    if unit == nil, fields.given("unit") != nil { errors.append(.unitUnknown) }
    guard errors.isEmpty else { throw Invalid(errors) }
  }
}

extension FieldError {
  static let unitUnknown = FieldError("unit", "Choose a unit that is in use here.")
}
