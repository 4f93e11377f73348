// Reads and keeps what was reckoned.

package import Access
package import EthicoTypes
package import FoundationEssentials
import Mapping
package import Postgres

extension Reconciliation: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    let stored: JSONText = try row["figures"]
    figures = try JSONDecoder().decode(EntityFigures.self, from: Data(stored.text.utf8))
    madeAt = try row["made_at"]
    madeBy = try row["made_by"]
    let by: String? = try row["confirmed_by"]
    let at: Date? = try row["confirmed_at"]
    confirmation = by.flatMap { by in at.map { Confirmation(by: by, at: $0) } }
  }

  /// What was reckoned last of each kind of record, in the order of the import.
  package static func latest(of project: ID<MigrationProject>) -> Query<Reconciliation> {
    Query(
      """
      SELECT \(fragment: columns)
      FROM migration_reconciliation r
      WHERE r.project_id = \(project) AND r.made_at = (
        SELECT max(made_at) FROM migration_reconciliation WHERE project_id = \(project))
      ORDER BY \(fragment: order)
      LIMIT 20
      """)
  }

  /// What was reckoned together with one of these, of whatever project; none where this client has none of that id.
  package static func all(with id: ID<Reconciliation>) -> Query<Reconciliation> {
    Query(
      """
      SELECT \(fragment: columns)
      FROM migration_reconciliation o
      JOIN migration_reconciliation r ON r.project_id = o.project_id AND r.made_at = o.made_at
      WHERE o.id = \(id)
      ORDER BY \(fragment: order)
      LIMIT 20
      """)
  }

  private static let columns: SQL = """
    r.id, r.figures, r.made_at, COALESCE(r.made_by, r.changed_by) AS made_by, r.confirmed_by, r.confirmed_at
    """

  private static let order: SQL = "array_position(\(ImportEntity.commitOrder.map(\.rawValue))::text[], r.entity)"

  static func keep(
    _ figures: EntityFigures, of project: ID<MigrationProject>, by maker: String, in tx: AuditedTransaction
  ) async throws {
    let id: ID<Reconciliation> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO migration_reconciliation (tenant_id, id, project_id, entity, figures, made_at, made_by)
      VALUES (\(tx.author.tenant), \(id), \(project), \(figures.entity.rawValue), \(try JSONText(encoding: figures)),
        \(tx.at), \(maker))
      """)
  }
}

/// A reconciliation that a client has signed.
package struct SignedReconciliation: Sendable, Hashable, RowDecodable {
  /// One of those that were signed together.
  package let id: ID<Reconciliation>
  package let madeAt: Date
  package let confirmation: Reconciliation.Confirmation

  package init(row: Row) throws {
    id = try row["id"]
    madeAt = try row["made_at"]
    confirmation = Reconciliation.Confirmation(by: try row["confirmed_by"], at: try row["confirmed_at"])
  }

  /// Those of all the client's moves, newest first.
  package static func all() -> Query<SignedReconciliation> {
    Query(
      """
      SELECT DISTINCT ON (r.confirmed_at, r.project_id) r.id, r.made_at, r.confirmed_by, r.confirmed_at
      FROM migration_reconciliation r
      WHERE r.confirmed_at IS NOT NULL
      ORDER BY r.confirmed_at DESC, r.project_id, r.id
      LIMIT 50
      """)
  }
}

/// How far a batch is, as a signature asks it.
struct BatchStanding: RowDecodable {
  let id: ID<Batch>
  let entity: String
  let title: String
  let state: BatchState
  /// Whether records came of it.
  let isCommitted: Bool

  init(row: Row) throws {
    id = try row["id"]
    entity = try row["entity"]
    let file: String = try row["name"]
    title = (ImportEntity(rawValue: entity)?.pluralLabel ?? entity) + " of " + file
    state = try row["state"]
    isCommitted = try row["is_committed"]
  }

  /// The batches of a project that nobody cancelled.
  static func all(of project: ID<MigrationProject>) -> Query<BatchStanding> {
    Query(
      """
      SELECT b.id, b.entity, f.name, b.state, b.committed_at IS NOT NULL AS is_committed
      FROM migration_batch b
      JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
      WHERE b.project_id = \(project) AND b.state <> 'cancelled'
      ORDER BY b.id
      LIMIT 1000
      """)
  }
}

extension MigrationReadiness {
  /// A kind of data is ready that came over and was reckoned after the last thing that happened to it, without a rest.
  package static func of(_ project: MigrationProject, in tx: AuditedTransaction) async throws -> MigrationReadiness {
    let ready = try await tx.first(
      """
      SELECT count(*)
      FROM unnest(\(project.choices)::text[]) AS e (entity)
      JOIN LATERAL (
        SELECT figures, made_at FROM migration_reconciliation r
        WHERE r.project_id = \(project.id) AND r.entity = e.entity
        ORDER BY r.made_at DESC, r.id DESC
        LIMIT 1
      ) r ON true
      WHERE r.figures -> 'differences' = '[]' AND EXISTS (
          SELECT FROM migration_batch b
          WHERE b.project_id = \(project.id) AND b.entity = e.entity AND b.state IN ('committed', 'partially_undone'))
        AND NOT EXISTS (
          SELECT FROM migration_batch b
          WHERE b.project_id = \(project.id) AND b.entity = e.entity AND b.state <> 'cancelled'
            AND (b.changed_at > r.made_at OR b.state NOT IN ('committed', 'undone', 'partially_undone')))
      """, as: Int.self)
    return MigrationReadiness(ready: ready ?? 0, chosen: project.choices.count)
  }
}
