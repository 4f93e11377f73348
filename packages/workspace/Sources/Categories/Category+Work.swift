// The verbs of a category: add, edit, move among those beside it, retire.

import Access
import EthicoTypes
import Postgres
import Web

extension Category {
  /// Throws when somebody saved the category after version `seen`, or it is no longer used.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw CategoryRefusal.stale(self) }
    guard retiredAt == nil else { throw CategoryRefusal.retired(self) }
  }

  /// Adds a category behind the others.
  static func add(_ draft: CategoryDraft, in tx: AuditedTransaction) async throws -> ID<Category> {
    let id: ID<Category> = tx.newID()
    try await draft.demandLead(in: tx)
    try await draft.holdingRules {
      try await tx.execute(
        """
        INSERT INTO category (tenant_id, id, parent_id, code, name, severity_default, sla_days, lead_id, position)
        SELECT \(tx.author.tenant), \(id), \(draft.parent), \(draft.code), \(draft.name), \(draft.severity),
          \(draft.days), \(draft.lead), COALESCE(max(k.position) + 1, 0)
        FROM category k
        """)
    }
    try await tx.record("category.add", object: object(id), status: 303, detail: "\(draft.name): code \(draft.code)")
    return id
  }

  /// Changes what the category says.
  func edit(_ draft: CategoryDraft, in tx: AuditedTransaction) async throws {
    if draft.lead != lead?.id { try await draft.demandLead(in: tx) }
    try await draft.holdingRules {
      try await tx.execute(
        """
        UPDATE category SET parent_id = \(draft.parent), code = \(draft.code), name = \(draft.name),
          severity_default = \(draft.severity), sla_days = \(draft.days), lead_id = \(draft.lead)
        WHERE id = \(id)
        """)
    }
    try await tx.record("category.edit", object: object, status: 303, detail: "\(name): edited")
  }

  /// Changes places with the one above or below it.
  func move(_ direction: CategoryDirection, in tx: AuditedTransaction) async throws {
    guard retiredAt == nil else { throw CategoryRefusal.retired(self) }
    var order = try await beside(in: tx)
    guard let place = order.firstIndex(of: id) else { throw RecordMissing() }
    let next = direction == .up ? place - 1 : place + 1
    guard order.indices.contains(next) else {
      throw Invalid("direction", "“\(name)” is the \(direction == .up ? "first" : "last") already.")
    }
    order.swapAt(place, next)
    try await tx.execute(
      """
      UPDATE category k SET position = o.place
      FROM unnest(\(order)) WITH ORDINALITY AS o (id, place)
      WHERE k.id = o.id AND k.position <> o.place
      """)
    try await tx.record("category.move", object: object, status: 303, detail: "\(name): \(direction.rawValue)")
  }

  /// Takes the category out of use. Closed cases go on naming it.
  func retire(in tx: AuditedTransaction) async throws {
    do {
      try await tx.execute("UPDATE category SET retired_at = \(tx.at) WHERE id = \(id)")
    } catch let error as PostgresError where error.constraint == "category_in_use" {
      throw CategoryRefusal.inUse(self)
    }
    try await tx.record("category.retire", object: object, status: 303, detail: "\(name): retired")
  }
}

extension CategoryDraft {
  /// Throws unless the one whom new cases go to may lead them.
  fileprivate func demandLead(in tx: AuditedTransaction) async throws {
    guard let lead else { return }
    let known = try await CategoryLead.all(in: tx)
    guard known.contains(where: { $0.id == lead }) else { throw Invalid([.categoryLead]) }
  }

  /// The database holds that a code is one category's, and where a category may stand.
  fileprivate func holdingRules(_ write: () async throws -> Void) async throws {
    do {
      try await write()
    } catch let error as PostgresError {
      switch error.constraint {
      case "category_code": throw Invalid("code", "Another category has the code \(code).")
      case "category_place", "category_parent_fkey": throw Invalid([.categoryPlace])
      default: throw error
      }
    }
  }
}
