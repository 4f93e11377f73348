// The verbs of a client's move from another system.

package import Access
package import EthicoTypes
import Postgres

extension MigrationProject {
  /// What the trail calls it.
  package static func object(_ id: ID<MigrationProject>) -> AuditObject { AuditObject("migration_project", id) }

  /// Says what comes over and who at the client decided it; the first time, that begins the project.
  /// - Parameter version: of the project that the person saw; 0 where there was none.
  /// - Throws: `ProjectRefusal`, with nothing changed.
  package static func choose(_ draft: ScopeDraft, version: Int, in tx: AuditedTransaction) async throws {
    let chosen = ImportChoice.checklist.filter(draft.choices.contains)
    guard let there = try await hold(in: tx) else {
      let id: ID<MigrationProject> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO migration_project (tenant_id, id, state, entities, decided_by)
        VALUES (\(tx.author.tenant), \(id), 'active', \(chosen), \(draft.decidedBy))
        """)
      return try await note(id, from: [], to: chosen, draft.decidedBy, in: tx)
    }
    guard there.version == version else { throw ProjectRefusal.stale(there) }
    let imported = try await imported(in: tx)
    for choice in there.choices where !chosen.contains(choice) {
      if let records = imported[choice], records > 0 { throw ProjectRefusal.committed(choice, records: records) }
    }
    let next = there.state == .scoping ? ProjectState.active : there.state
    try await tx.execute(
      """
      UPDATE migration_project SET entities = \(chosen), decided_by = \(draft.decidedBy), state = \(next)
      WHERE id = \(there.id)
      """)
    try await note(there.id, from: there.choices, to: chosen, draft.decidedBy, in: tx)
  }

  private static func note(
    _ id: ID<MigrationProject>, from before: [ImportChoice], to after: [ImportChoice], _ decidedBy: String,
    in tx: AuditedTransaction
  ) async throws {
    let change: ID<ScopeChange> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO migration_scope_change (tenant_id, id, project_id, entities_before, entities_after, decided_by)
      VALUES (\(tx.author.tenant), \(change), \(id), \(before), \(after), \(decidedBy))
      """)
    try await tx.record(
      "migration.scope", object: object(id), status: 303,
      detail: "\(after.map(\.label).joined(separator: ", ")), decided by \(decidedBy)")
  }

  /// Leads the project to its next state.
  /// - Throws: `ProjectRefusal.badTransition` where that state may not follow.
  func move(to next: ProjectState, in tx: AuditedTransaction) async throws {
    guard state.next.contains(next) else { throw ProjectRefusal.badTransition(self, to: next) }
    guard next == .active else {
      try await tx.execute("UPDATE migration_project SET state = \(next) WHERE id = \(id)")
      return
    }
    // What was signed off is open again: nothing of it is removed meanwhile, and what comes now has not been.
    try await tx.execute(
      """
      UPDATE migration_project SET state = \(next), signed_off_at = NULL, purge_at = NULL, purged_at = NULL
      WHERE id = \(id)
      """)
  }
}
