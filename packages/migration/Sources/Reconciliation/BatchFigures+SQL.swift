// Counts the rows of batches: what was decided of each, what the records tell of it, and why rows stayed behind.

import Access
import EthicoTypes
import Mapping
import Postgres

extension BatchFigures {
  /// The batches of a project whose import is over, by the kind of their records.
  static func all(
    of project: ID<MigrationProject>, in tx: AuditedTransaction
  ) async throws -> [ImportEntity: [BatchFigures]] {
    let (counted, told) = try await tx.together(rows(of: project), reasons(of: project))
    let reasons = Dictionary(grouping: told, by: \.batch)
    return Dictionary(grouping: counted, by: \.entity).mapValues { batches in
      batches.map { batch in
        BatchFigures(
          id: batch.id, title: batch.title, rows: batch.rows,
          reasons: FigureReason.sum((reasons[batch.id] ?? []).map { FigureReason(code: $0.code, count: $0.count) }))
      }
    }
  }

  /// What never came to its end and was taken back whole counts as little as what was cancelled.
  private static let isOver: SQL = """
    (b.state IN ('committed', 'partially_undone') OR b.state = 'undone' AND b.committed_at IS NOT NULL)
    """

  /// A row that was tied to somebody and changed them became one record.
  private static func rows(of project: ID<MigrationProject>) -> Query<Counted> {
    Query(
      """
      SELECT b.id, b.entity, f.name, b.source_table, COALESCE(b.row_count, d.rows) AS rows, d.inserted, d.updated,
        d.unchanged, d.rejected, d.skipped, l.made, l.changed, l.undone
      FROM migration_batch b
      JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS rows, count(*) FILTER (WHERE s.decision = 'insert') AS inserted,
          count(*) FILTER (WHERE s.decision IN ('update', 'conflict')) AS updated,
          count(*) FILTER (WHERE s.decision = 'unchanged') AS unchanged,
          count(*) FILTER (WHERE s.decision = 'reject') AS rejected,
          count(*) FILTER (WHERE s.decision = 'skip') AS skipped
        FROM migration_staged_row s
        WHERE s.batch_id = b.id
      ) d
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE r.made) AS made, count(*) FILTER (WHERE NOT r.made) AS changed,
          count(*) FILTER (WHERE r.made AND NOT r.stands) AS undone
        FROM (
          SELECT bool_or(p.action <> 'update') AS made,
            bool_or(p.action <> 'update' AND p.undone_at IS NULL) AS stands
          FROM migration_provenance p
          WHERE p.batch_id = b.id AND p.entity = b.entity AND p.content_hash IS NOT NULL
          GROUP BY p.row_no
        ) r
      ) l
      WHERE b.project_id = \(project) AND \(fragment: isOver)
      ORDER BY b.committed_at, b.id
      """)
  }

  /// A row that broke several rules stays behind for the first.
  private static func reasons(of project: ID<MigrationProject>) -> Query<Told> {
    Query(
      """
      SELECT s.batch_id, i.code, count(*) AS count
      FROM migration_batch b
      JOIN migration_staged_row s ON s.batch_id = b.id AND s.decision = 'reject'
      CROSS JOIN LATERAL (
        SELECT code FROM migration_row_issue
        WHERE batch_id = s.batch_id AND row_no = s.row_no AND level = 'blocker'
        ORDER BY n
        LIMIT 1
      ) i
      WHERE b.project_id = \(project) AND \(fragment: isOver)
      GROUP BY s.batch_id, i.code
      """)
  }

  private struct Counted: RowDecodable {
    let id: ID<Batch>
    let entity: ImportEntity
    let title: String
    let rows: RowFigures

    init(row: Row) throws {
      id = try row["id"]
      let name: String = try row["entity"]
      guard let entity = ImportEntity(rawValue: name) else {
        throw RowError.value(column: "entity", expected: "ImportEntity", found: name)
      }
      self.entity = entity
      let file: String = try row["name"]
      let table: String? = try row["source_table"]
      title = file + (table.map { $0.isEmpty ? "" : " (\($0))" } ?? "")
      rows = RowFigures(
        source: try row["rows"], inserted: try row["inserted"], updated: try row["updated"],
        unchanged: try row["unchanged"], rejected: try row["rejected"], skipped: try row["skipped"],
        made: try row["made"], changed: try row["changed"], undone: try row["undone"])
    }
  }

  private struct Told: RowDecodable {
    let batch: ID<Batch>
    let code: String
    let count: Int

    init(row: Row) throws {
      batch = try row["batch_id"]
      code = try row["code"]
      count = try row["count"]
    }
  }
}
