// The addresses of employees: reads what was asked, lets the employee's record do it, shows the page that follows.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum EmployeeController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("people/employees", name: "employee.list", use: list)
    group.get("people/employees/new", name: "employee.add_form", use: addForm)
    group.post("people/employees", name: "employee.add", use: add)
    group.get("people/employees/{employee}", name: "employee.show", use: show)
    group.get("people/employees/{employee}/edit", name: "employee.edit_form", use: editForm)
    group.post("people/employees/{employee}/edit", name: "employee.edit", use: edit)
    group.post("people/employees/{employee}/end", name: "employee.end", use: end)
    group.post("people/employees/{employee}/reactivate", name: "employee.reactivate", use: reactivate)
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let filter = try EmployeeFilter(context)
    return try await context.look { tx in
      EmployeeListView.page(
        try await EmployeeRecord.page(filter, in: tx), filter, units: try await OrgUnit.all(in: tx), context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let id = try context.id("employee", of: Employee.self)
    return try await context.look(at: EmployeeRecord.object(id)) { tx in
      try await screen(id, nil, context, in: tx)
    }
  }

  /// The page of an employee, with why the last act on it was refused.
  private static func screen(
    _ id: ID<Employee>, _ setback: Setback?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await EmployeeRecord.find(id, in: tx) else { throw RecordMissing() }
    let (imports, imported) = try await tx.together(ImportedFrom.of(id), ImportedEvent.about([id.uuid]))
    let file = EmployeeFile(
      employee: found, units: try await OrgUnit.all(in: tx), imports: imports, imported: ImportedHistory(imported),
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return EmployeeView.page(file, setback, context)
  }

  // MARK: Adding and editing

  private static func addForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    return try await context.look { tx in
      EmployeeFormView.adding(FormState(), setback: nil, units: try await OrgUnit.all(in: tx), context)
    }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    return try await context.attempt { tx in
      let id = try await EmployeeRecord.add(try EmployeeDraft(context.form.fields), in: tx)
      return context.acting.path("people", "employees", id).query("done", "added")
    } otherwise: { setback, tx in
      EmployeeFormView.adding(
        FormState(context.form.fields, errors: setback.errors), setback: setback, units: try await OrgUnit.all(in: tx),
        context)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("employee", of: Employee.self)
    return try await context.look(at: EmployeeRecord.object(id)) { tx in
      guard let found = try await EmployeeRecord.find(id, in: tx) else { throw RecordMissing() }
      return EmployeeFormView.editing(
        found, FormState(found.fields), setback: nil, units: try await OrgUnit.all(in: tx), context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("employee", of: Employee.self)
    return try await context.attempt(EmployeeRecord.object(id)) { tx in
      let found = try await EmployeeRecord.hold(id, in: tx)
      try found.demand(context.form.version)
      try await found.edit(try EmployeeDraft(context.form.fields), in: tx)
      return context.acting.path("people", "employees", id).query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await EmployeeRecord.find(id, in: tx) else { throw RecordMissing() }
      return EmployeeFormView.editing(
        found, FormState(context.form.fields, errors: setback.errors), setback: setback,
        units: try await OrgUnit.all(in: tx), context)
    }
  }

  // MARK: Acts on the employee's page

  private static func end(_ context: Inside) async throws -> Answer {
    try await act(context, done: "ended") { found, tx in try await found.end(in: tx) }
  }

  private static func reactivate(_ context: Inside) async throws -> Answer {
    try await act(context, done: "reactivated") { found, tx in try await found.reactivate(in: tx) }
  }

  private static func act(
    _ context: Inside, done: StaticString,
    _ change: @Sendable @escaping (EmployeeRecord, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("employee", of: Employee.self)
    return try await context.attempt(EmployeeRecord.object(id)) { tx in
      let found = try await EmployeeRecord.hold(id, in: tx)
      try found.demand(context.form.version)
      try await change(found, tx)
      return context.acting.path("people", "employees", id).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(id, setback, context, in: tx)
    }
  }
}

/// Everything that the page of an employee shows.
struct EmployeeFile: Sendable {
  let employee: EmployeeRecord
  let units: [OrgUnit]
  /// Where they came from, if they came from another system.
  let imports: [ImportedFrom]
  /// What a former system wrote down about them.
  let imported: ImportedHistory
  let history: [TrailStep]
}

extension EmployeeFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    unit = context.query("unit").flatMap { ID<OrgUnit>($0) }
    states = context.queries("state").compactMap(EmployeeState.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: Employee.self) {
      after = Cursor(name: place.key, id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    if let unit { conditions.append(("unit", unit.description)) }
    conditions += states.map { ("state", $0.rawValue) }
    return conditions
  }
}
