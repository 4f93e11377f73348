// Reads and keeps how far the reckoning of a move is.

package import Access
package import EthicoTypes
package import Postgres

extension Reckoning: RowDecodable {
  /// A reckoning whose job ended without a word has failed: it was cancelled, or its worker was lost too often.
  private static let selection: SQL = """
    SELECT r.id, CASE WHEN r.state = 'running' AND j.id IS NULL THEN 'failed' ELSE r.state END AS state, r.ordered_by,
      r.began_at, r.ended_at,
      CASE WHEN r.state = 'running' AND j.id IS NULL THEN \(lost) ELSE r.failure END AS failure,
      j.done, j.total, j.started_at
    FROM migration_reckoning r
    LEFT JOIN job j ON j.tenant_id = r.tenant_id AND j.id = r.job_id AND j.state IN ('queued', 'running', 'retrying')
    """

  private static let lost = "Its work ended before its time. Nothing was kept of it."

  package init(row: Row) throws {
    id = try row["id"]
    state = try row["state"]
    orderedBy = try row["ordered_by"]
    beganAt = try row["began_at"]
    endedAt = try row["ended_at"]
    failure = try row["failure"]
    done = try row["done"]
    total = try row["total"]
    workedSince = try row["started_at"]
  }

  /// The newest one of a project.
  package static func latest(
    of project: ID<MigrationProject>, in tx: AuditedTransaction
  ) async throws -> Reckoning? {
    try await tx.first(
      "\(fragment: selection) WHERE r.project_id = \(project) ORDER BY r.began_at DESC, r.id DESC LIMIT 1",
      as: Reckoning.self)
  }

  static func find(_ id: ID<Reckoning>, in tx: AuditedTransaction) async throws -> Reckoning? {
    try await tx.first("\(fragment: selection) WHERE r.id = \(id)", as: Reckoning.self)
  }

  /// Ends whatever still stands as running of a project.
  static func end(
    of project: ID<MigrationProject>, _ state: State, failure: String? = nil, in tx: AuditedTransaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE migration_reckoning SET state = \(state), failure = \(failure), ended_at = \(tx.at)
      WHERE project_id = \(project) AND state = 'running'
      """)
  }

  /// Ends one whose job ended without a word, so that another can begin.
  static func endLost(of project: ID<MigrationProject>, in tx: AuditedTransaction) async throws {
    try await end(of: project, .failed, failure: lost, in: tx)
  }
}
