// Says where data comes from: the files of a project together, and the rows of one batch.

package import Access
package import EthicoTypes
import Postgres

extension MigrationProject {
  /// Says which system the data comes from: what is read from now on counts as coming from there, and so do the batches
  /// of which nobody has said it and that are not imported.
  /// - Parameters:
  ///   - source: `nil` leaves it to each file.
  ///   - version: of the project that the person saw.
  /// - Throws: `ProjectRefusal.stale`, `FileRefusal.noProject`, with nothing changed.
  package static func come(from source: SourceSystem?, version: Int, in tx: AuditedTransaction) async throws {
    guard let project = try await hold(in: tx) else { throw FileRefusal.noProject }
    guard project.version == version else { throw ProjectRefusal.stale(project) }
    if source != project.source {
      try await tx.execute(
        "UPDATE migration_project SET source_system = \(source?.code) WHERE id = \(project.id)")
    }
    if let source {
      try await Batch.name(source, ofUnnamedIn: project.id, [.profiled, .mapped, .staged, .validated], in: tx)
    }
    try await tx.record(
      "migration.source", object: object(project.id), status: 303, detail: source?.label ?? "as each file says")
  }
}

extension Batch {
  /// Says which system the rows come from. Which of them are here already depends on it, so that rows that were checked
  /// are to be checked again.
  /// - Throws: `BatchRefusal`, with nothing changed.
  package func come(from source: SourceSystem, in tx: AuditedTransaction) async throws {
    try demandOpen(for: .mapped)
    if source != self.source {
      try await tx.execute(
        """
        UPDATE migration_batch
        SET source_system = \(source.code), state = \(state == .profiled ? BatchState.profiled : .mapped)
        WHERE id = \(id)
        """)
      try await ValueMapping.recall(for: id, of: entity, from: source, in: tx)
    }
    try await tx.record("migration.source", object: object, status: 303, detail: "\(title): \(source.label)")
  }

  /// Has the batches of a project come from a system of which nobody has said where they come from.
  /// - Parameter states: of the batches; those whose rows were checked are mapped then.
  static func name(
    _ source: SourceSystem, ofUnnamedIn project: ID<MigrationProject>, _ states: [BatchState],
    in tx: AuditedTransaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE migration_batch
      SET source_system = \(source.code), state = CASE state WHEN 'profiled' THEN state ELSE 'mapped' END
      WHERE project_id = \(project) AND source_system = \(SourceSystem.unnamed.code) AND state = ANY(\(states))
      """)
  }

  /// What the rows of a new batch come from, as far as that is known. The first file that names a system names it for
  /// those that came before it as well: files come in any order.
  static func source(
    of suggestion: BatchSuggestion, in project: ID<MigrationProject>, _ tx: AuditedTransaction
  ) async throws -> SourceSystem {
    // Two files that are read at once must not both be the first.
    _ = try await tx.first("SELECT 1 FROM migration_project WHERE id = \(project) FOR UPDATE", as: Int.self)
    if let known = try await ProjectSources.of(project, in: tx).ofNewBatches { return known }
    guard let detected = suggestion.detected else { return .unnamed }
    try await name(detected, ofUnnamedIn: project, [.profiled, .mapped], in: tx)
    return detected
  }
}
