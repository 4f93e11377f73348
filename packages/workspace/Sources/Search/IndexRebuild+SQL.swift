// Reads which indices are being made anew, and how far each is.

public import Access
import EthicoTypes
import Jobs
public import Postgres

extension IndexRebuild: RowDecodable {
  /// Reads the columns `job_id`, `job_state`, `done`, `total` and `started_at`.
  public init(row: Row) throws {
    job = try row["job_id"]
    state = try row["job_state"]
    done = try row["done"]
    total = try row["total"]
    startedAt = try row["started_at"]
  }

  /// The rebuilds that wait or run: what changes from moment to moment, without counting a record.
  public static func all(in tx: AuditedTransaction) async throws -> [SearchEntity: IndexRebuild] {
    let found = try await tx.query(
      """
      SELECT unique_key AS entity, id AS job_id, state AS job_state, done, total, started_at
      FROM job
      WHERE kind = \(SearchRebuild.kind) AND unique_key = ANY(\(SearchEntity.allCases))
        AND state IN ('queued', 'running', 'retrying')
      """, as: EntityRebuild.self)
    return Dictionary(found.map { ($0.entity, $0.rebuild) }) { $1 }
  }
}

private struct EntityRebuild: Sendable, RowDecodable {
  let entity: SearchEntity
  let rebuild: IndexRebuild

  init(row: Row) throws {
    entity = try row["entity"]
    rebuild = try IndexRebuild(row: row)
  }
}
