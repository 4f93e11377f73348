// The verbs of a unit: add, rename, move, retire.

import Access
import EthicoTypes
import Postgres
import Web

extension OrgUnit {
  /// Throws when somebody saved the unit after version `seen`, or it is no longer used.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw OrgUnitRefusal.stale(self) }
    guard retiredAt == nil else { throw OrgUnitRefusal.retired(self) }
  }

  /// Adds a unit.
  static func add(_ draft: OrgUnitDraft, in tx: AuditedTransaction) async throws -> ID<OrgUnit> {
    let id: ID<OrgUnit> = tx.newID()
    try await draft.kind.holdingPlace {
      try await tx.execute(
        """
        INSERT INTO org_unit (tenant_id, id, parent_id, kind, name)
        VALUES (\(tx.author.tenant), \(id), \(draft.parent), \(draft.kind), \(draft.name.text))
        """)
    }
    try await tx.record(
      "org_unit.add", object: object(id), status: 303, detail: "\(draft.name.text): \(draft.kind.label.lowercased())")
    return id
  }

  /// Gives the unit another name.
  func rename(_ next: OrgUnitName, in tx: AuditedTransaction) async throws {
    guard next.text != name else { throw Invalid("name", "The unit has this name already.") }
    try await tx.execute("UPDATE org_unit SET name = \(next.text) WHERE id = \(id)")
    try await tx.record("org_unit.rename", object: object, status: 303, detail: "\(name): → \(next.text)")
  }

  /// Puts the unit, with all below it, below another one, or on top.
  func move(below parent: ID<OrgUnit>?, in tx: AuditedTransaction) async throws {
    guard parent != parentID else { throw Invalid("parent", "The unit stands there already.") }
    try await kind.holdingPlace {
      try await tx.execute("UPDATE org_unit SET parent_id = \(parent) WHERE id = \(id)")
    }
    let place = try await tx.first("SELECT name FROM org_unit WHERE id = \(parent)", as: String.self)
    try await tx.record(
      "org_unit.move", object: object, status: 303, detail: "\(name): \(place.map { "below \($0)" } ?? "to the top")")
  }

  /// Takes the unit out of use. It stays where past records name it.
  func retire(in tx: AuditedTransaction) async throws {
    do {
      try await tx.execute("UPDATE org_unit SET retired_at = \(tx.at) WHERE id = \(id)")
    } catch let error as PostgresError where error.constraint == "org_unit_in_use" {
      throw OrgUnitRefusal.inUse(self)
    }
    try await tx.record("org_unit.retire", object: object, status: 303, detail: "\(name): retired")
  }
}

extension OrgUnitKind {
  /// The database holds that a unit stands below a larger one of this client that is in use.
  fileprivate func holdingPlace(_ write: () async throws -> Void) async throws {
    do {
      try await write()
    } catch let error as PostgresError
      where error.constraint == "org_unit_place" || error.constraint == "org_unit_parent_fkey"
    {
      throw Invalid("parent", "A \(label.lowercased()) stands on top, or below a larger unit that is in use.")
    }
  }
}
