// The batches that a reckoning counts: those whose import is over. Which version of each was counted is kept with the
// figures, so that it is known at once whether anything was imported or taken back since.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Mapping
package import Postgres

/// A batch whose import is over.
struct ReckonedBatch: Sendable, RowDecodable {
  let id: ID<Batch>
  let entity: ImportEntity
  /// The file, and the table of it.
  let title: String
  let version: Int
  /// How many rows its table has; `nil` where nobody has said.
  let rowCount: Int?
  let lastRow: Int
  /// The last row that its import came to; `nil` where that came to its end.
  let reachedRow: Int?

  init(row: Row) throws {
    id = try row["id"]
    entity = try .named(try row["entity"])
    let file: String = try row["name"]
    let table: String? = try row["source_table"]
    title = file + (table.map { $0.isEmpty ? "" : " (\($0))" } ?? "")
    version = try row["version"]
    rowCount = try row["row_count"]
    lastRow = try row["last_row"]
    reachedRow = try row["reached_row"]
  }

  /// What never came to its end and was taken back whole counts as little as what was cancelled.
  static let isOver: SQL = """
    (b.state IN ('committed', 'partially_undone') OR b.state = 'undone' AND b.committed_at IS NOT NULL)
    """

  /// Those of a project, in the order in which they came over.
  static func all(of project: ID<MigrationProject>) -> Query<ReckonedBatch> {
    Query(
      """
      SELECT b.id, b.entity, f.name, b.source_table, b.version, b.row_count,
        COALESCE((SELECT max(s.row_no) FROM migration_staged_row s WHERE s.batch_id = b.id), 0) AS last_row,
        CASE WHEN b.committed_at IS NULL THEN COALESCE((
          SELECT k.row_no FROM migration_checkpoint k
          WHERE k.batch_id = b.id AND k.phase = \(ImportChunk.phase)), 0) END AS reached_row
      FROM migration_batch b
      JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
      WHERE b.project_id = \(project) AND \(fragment: isOver)
      ORDER BY b.committed_at, b.id
      LIMIT 1000
      """)
  }

  /// Whether anything of a project has come over.
  static func isAny(of project: ID<MigrationProject>, in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first(
      "SELECT 1 FROM migration_batch b WHERE b.project_id = \(project) AND \(fragment: isOver) LIMIT 1", as: Int.self)
      != nil
  }

  /// The spans that its rows are counted in.
  var spans: [RowSpan] {
    stride(from: 1, through: lastRow, by: RowSpan.rows).map { first in
      RowSpan(batch: self, first: first, last: min(lastRow, first + RowSpan.rows - 1))
    }
  }
}

extension ImportEntity {
  fileprivate static func named(_ name: String) throws -> ImportEntity {
    guard let entity = ImportEntity(rawValue: name) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: name)
    }
    return entity
  }
}

/// Records of a kind that were imported or taken back after they had been reckoned.
package struct FiguresChange: Sendable, Hashable, RowDecodable {
  package let entity: ImportEntity
  package let at: Date

  package init(row: Row) throws {
    entity = try .named(try row["entity"])
    at = try row["at"]
  }

  /// What happened since to the batches that were counted, and which came over since. What people make of their
  /// records is their work.
  package static func all(
    since reckoned: [Reconciliation], of project: ID<MigrationProject>, in tx: AuditedTransaction
  ) async throws -> [FiguresChange] {
    let batches = reckoned.flatMap(\.figures.batches)
    return try await tx.query(
      """
      SELECT b.entity, max(b.changed_at) AS at
      FROM migration_batch b
      LEFT JOIN unnest(\(batches.map(\.id)), \(batches.map { $0.version ?? 0 })) AS k (id, version) ON k.id = b.id
      WHERE b.project_id = \(project) AND b.version IS DISTINCT FROM k.version
        AND (k.id IS NOT NULL OR \(fragment: ReckonedBatch.isOver))
      GROUP BY b.entity
      ORDER BY b.entity
      """, as: FiguresChange.self)
  }
}
