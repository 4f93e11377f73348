// The verbs of an employee: add, edit, end, reactivate.

import Access
import EthicoTypes
import Postgres
import Web

extension EmployeeRecord {
  /// Throws when somebody saved the employee after version `seen`.
  func demand(_ seen: Int) throws {
    guard row.version == seen else { throw EmployeeRefusal.stale(self) }
  }

  /// Adds somebody who works at the client.
  static func add(_ draft: EmployeeDraft, in tx: AuditedTransaction) async throws -> ID<Employee> {
    let id: ID<Employee> = tx.newID()
    try await draft.holdingRules {
      try await tx.execute(
        """
        INSERT INTO employee (tenant_id, id, number, name, email, title, org_unit_id)
        VALUES (\(tx.author.tenant), \(id), \(draft.number), \(draft.name), \(draft.email), \(draft.title),
          \(draft.unit))
        """)
    }
    try await tx.record(
      "employee.add", object: object(id), status: 303, detail: "\(draft.name): number \(draft.number)")
    return id
  }

  /// Changes the words about the employee, and where they work.
  func edit(_ draft: EmployeeDraft, in tx: AuditedTransaction) async throws {
    try await draft.holdingRules {
      try await tx.execute(
        """
        UPDATE employee SET number = \(draft.number), name = \(draft.name), email = \(draft.email),
          title = \(draft.title), org_unit_id = \(draft.unit)
        WHERE id = \(id)
        """)
    }
    try await tx.record("employee.edit", object: object, status: 303, detail: "\(name): edited")
  }

  /// Says that the employee has left. No campaign asks them any more; what they did stays.
  func end(in tx: AuditedTransaction) async throws {
    guard state == .active else { throw EmployeeRefusal.badTransition(self) }
    try await tx.execute("UPDATE employee SET ended_at = \(tx.at) WHERE id = \(id)")
    try await tx.record("employee.end", object: object, status: 303, detail: "\(name): Active → Ended")
  }

  /// Takes the employee back.
  func reactivate(in tx: AuditedTransaction) async throws {
    guard state == .ended else { throw EmployeeRefusal.badTransition(self) }
    do {
      try await tx.execute("UPDATE employee SET ended_at = NULL WHERE id = \(id)")
    } catch let error as PostgresError where error.constraint == "employee_unit" {
      throw EmployeeRefusal.unitRetired(self)
    }
    try await tx.record("employee.reactivate", object: object, status: 303, detail: "\(name): Ended → Active")
  }
}

extension EmployeeDraft {
  /// The database holds that a number and an address are one employee's, and a unit one of this client in use.
  fileprivate func holdingRules(_ write: () async throws -> Void) async throws {
    do {
      try await write()
    } catch let error as PostgresError {
      switch error.constraint {
      case "employee_number": throw Invalid("number", "Somebody else has the number \(number).")
      case "employee_email": throw Invalid("email", "\(email ?? "") is another employee's.")
      case "employee_email_folded": throw Invalid("email", "\(email ?? "") cannot be used as an e-mail address here.")
      case "employee_unit", "employee_org_unit_fkey": throw Invalid([.unitUnknown])
      default: throw error
      }
    }
  }
}
