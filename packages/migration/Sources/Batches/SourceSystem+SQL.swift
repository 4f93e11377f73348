// Reads which systems a project's data comes from.

package import Access
package import EthicoTypes
import FoundationEssentials
import Postgres

extension ProjectSources {
  /// Systems of one project that are looked at.
  private static let limit = 100

  /// What is known of a project's sources.
  package static func of(_ project: ID<MigrationProject>, in tx: AuditedTransaction) async throws -> ProjectSources {
    let said = try await tx.first(
      "SELECT source_system FROM migration_project WHERE id = \(project)", as: String?.self)
    let used = try await tx.query(
      """
      SELECT source_system, bool_or(committed_at IS NOT NULL AND state <> 'undone') AS has_come
      FROM migration_batch
      WHERE project_id = \(project) AND state <> 'cancelled'
      GROUP BY source_system
      ORDER BY bool_and(state = 'undone'), min(committed_at), min(id::text)
      LIMIT \(limit)
      """, as: UsedSource.self)
    return ProjectSources(
      said: (said ?? nil).map(SourceSystem.init),
      found: used.first { $0.hasCome || $0.system.isNamed }?.system,
      used: used.map(\.system))
  }
}

/// A system of a project's batches, and whether records came from it.
private struct UsedSource: Sendable, RowDecodable {
  let system: SourceSystem
  let hasCome: Bool

  init(row: Row) throws {
    system = SourceSystem(try row["source_system"])
    hasCome = try row["has_come"]
  }
}
