// Reads the conflicts of a batch that nobody has decided yet.

package import Access
package import EthicoTypes
package import Mapping
package import Postgres

extension Conflict: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    rowNumber = try row["row_no"]
    key = try row["source_record_id"]
    field = try row["field"]
    source = try row["source"]
    ours = try row["ours"]
    seen = try row["seen"]
    editedBy = try row["edited_by"]
    editedAt = try row["edited_at"]
    page = try RecordPage(row: row)
  }

  /// A conflict stands while what its row brought stands: with an undo of that, it is nobody's question any more. `p`
  /// is that layer.
  static func standing(_ table: TargetTable) -> SQL {
    """
    FROM migration_conflict c
    JOIN \(fragment: table.name) t ON t.tenant_id = c.tenant_id AND t.id = c.target_id
    CROSS JOIN LATERAL (
      SELECT p.tenant_id, p.record_id, p.entity, p.source_system, p.source_record_id, p.target_table, p.target_id,
        p.seq
      FROM migration_provenance p
      WHERE p.target_id = c.target_id AND p.batch_id = c.batch_id AND p.row_no = c.row_no
        AND p.target_table = \(table.rawValue) AND p.action = 'update' AND p.undone_at IS NULL
      ORDER BY p.seq DESC
      LIMIT 1
    ) p
    CROSS JOIN LATERAL (
      SELECT CASE WHEN s.ours IS NULL THEN to_jsonb(t) ELSE s.ours END ->> c.field AS ours,
        COALESCE(s.edits -> c.field ->> 0, t.changed_by) AS changed_by,
        COALESCE((s.edits -> c.field ->> 1)::timestamptz, t.changed_at) AS changed_at
      FROM (VALUES (1)) AS one (n)
      LEFT JOIN LATERAL (\(fragment: table.standingOfParts("p.target_id", "p.record_id"))) s
        ON c.field = ANY(\(table.partFields))
    ) o
    """
  }

  /// Whether `c`, with its layer `p`, waits for a decision: nobody has decided, what it asks about is still known, and
  /// no later batch that stands asks about the same field. The latest question is the one that counts; with an undo of
  /// its batch the one before it is asked again.
  static let isOpen: SQL = """
    c.resolution IS NULL AND c.purged_at IS NULL AND NOT EXISTS (
      SELECT FROM migration_conflict n
      JOIN migration_provenance q ON q.target_id = n.target_id AND q.batch_id = n.batch_id AND q.row_no = n.row_no
        AND q.target_table = p.target_table AND q.action = 'update' AND q.undone_at IS NULL
      WHERE n.target_id = c.target_id AND n.field = c.field AND n.batch_id <> c.batch_id AND q.seq > p.seq)
    """

  /// What stands here now, in a digest: nothing and an empty text are two things.
  static let digest: SQL = """
    encode(sha256(convert_to(CASE WHEN o.ours IS NULL THEN '' ELSE '=' || o.ours END, 'UTF8')), 'hex')
    """

  /// The open conflicts of a batch by row and field, from behind a position on: one more than a page, if there are so
  /// many.
  package static func page(
    of batch: ID<Batch>, as entity: ImportEntity, behind position: ConflictPosition = .start, in tx: AuditedTransaction
  ) async throws -> [Conflict] {
    guard let table = entity.patched else { return [] }
    return try await tx.query(
      """
      SELECT c.id, c.row_no, p.source_record_id, c.field, left(\(fragment: name("c.source_value")), \(shownLength)::int)
          AS source,
        left(\(fragment: name("o.ours")), \(shownLength)::int) AS ours, \(fragment: digest) AS seen,
        CASE WHEN o.ours IS NOT DISTINCT FROM c.our_value THEN c.edited_by ELSE o.changed_by END AS edited_by,
        CASE WHEN o.ours IS NOT DISTINCT FROM c.our_value THEN c.edited_at ELSE o.changed_at END AS edited_at,
        \(fragment: RecordPage.columns)
      \(fragment: standing(table))
      \(fragment: RecordPage.sources)
      WHERE c.batch_id = \(batch) AND (c.row_no, c.field) > (\(position.row), \(position.field))
        AND \(fragment: isOpen)
      ORDER BY c.row_no, c.field
      LIMIT \(pageLength + 1)
      """, as: Conflict.self)
  }

  /// A value as people know it: the name behind an id.
  private static func name(_ value: SQL) -> SQL {
    """
    CASE c.field
      WHEN 'category_id' THEN (SELECT k.name FROM category k WHERE k.id = (\(fragment: value))::uuid)
      WHEN 'employee_id' THEN (SELECT e.name FROM employee e WHERE e.id = (\(fragment: value))::uuid)
      WHEN 'org_unit_id' THEN (SELECT u.name FROM org_unit u WHERE u.id = (\(fragment: value))::uuid)
      WHEN 'lead_id' THEN (SELECT u.name FROM client_user u WHERE u.id = (\(fragment: value))::uuid)
      WHEN 'investigation_investigator_id' THEN (
        SELECT u.name FROM client_user u WHERE u.id = (\(fragment: value))::uuid)
      ELSE \(fragment: value) END
    """
  }

  /// How many fields wait for a decision, by batch: as `isOpen` says of each, of all of them at once and
  /// in their order: none is held against every other.
  package static func open(of project: ID<MigrationProject>, in tx: AuditedTransaction) async throws -> [ID<Batch>: Int]
  {
    let counted = try await tx.query(
      """
      WITH asked AS (
        SELECT c.batch_id, c.target_id, c.field, p.target_table, p.seq,
          c.resolution IS NULL AND c.purged_at IS NULL AS is_undecided
        FROM migration_conflict c
        CROSS JOIN LATERAL (
          SELECT p.target_table, max(p.seq) AS seq
          FROM migration_provenance p
          WHERE p.batch_id = c.batch_id AND p.row_no = c.row_no AND p.target_id = c.target_id AND p.action = 'update'
            AND p.undone_at IS NULL
          GROUP BY p.target_table
        ) p
      ), latest AS (
        SELECT a.*, first_value(a.batch_id) OVER own AS last_batch, first_value(a.seq) OVER own AS last_seq
        FROM asked a
        WINDOW own AS (PARTITION BY a.target_id, a.field, a.target_table ORDER BY a.seq DESC)
      ), other AS (
        -- Of the other batches the one that asked last is the first of all, or else the second.
        SELECT l.*, CASE WHEN l.batch_id <> l.last_batch THEN l.last_seq
            ELSE max(l.seq) FILTER (WHERE l.batch_id <> l.last_batch)
              OVER (PARTITION BY l.target_id, l.field, l.target_table) END AS other_seq
        FROM latest l
      )
      SELECT o.batch_id, count(*) AS fields
      FROM other o
      JOIN migration_batch b ON b.id = o.batch_id
      WHERE b.project_id = \(project) AND o.is_undecided AND (o.other_seq IS NULL OR o.other_seq < o.seq)
      GROUP BY o.batch_id
      """, as: Counted.self)
    return Dictionary(uniqueKeysWithValues: counted.map { ($0.batch, $0.fields) })
  }

  private struct Counted: RowDecodable {
    let batch: ID<Batch>
    let fields: Int

    init(row: Row) throws {
      batch = try row["batch_id"]
      fields = try row["fields"]
    }
  }
}
