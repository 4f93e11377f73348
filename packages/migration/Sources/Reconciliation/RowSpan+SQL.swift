// Counts the rows of a span: what became of each, why some stayed behind, and what the records that came of them say
// here and in the source. A record is read once, into a table of the transaction's own, and counted there.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

/// Rows of a batch that are counted in one transaction.
struct RowSpan: Sendable {
  let batch: ReckonedBatch
  let first: Int
  let last: Int

  static let rows = 20_000

  private var source: FigureSource { .of(batch.entity) }

  func tally(in tx: AuditedTransaction) async throws -> SpanTally {
    try await tx.sql.execute(together: [Self.table, "DELETE FROM reckoned_record", records])
    let (rows, reasons, counts, pairs, amounts) = try await tx.together(
      rowCounts, reasonCounts, recordCounts, pairCounts, amountSums)
    var tally = SpanTally()
    tally.rows = rows.first?.figures ?? RowFigures()
    tally.reasons = Dictionary(uniqueKeysWithValues: reasons.map { ($0.code, $0.count) })
    if let counts = counts.first { counts.put(into: &tally) }
    tally.pairs = Dictionary(uniqueKeysWithValues: pairs.map { ($0.pair, $0.count) })
    tally.amounts = Dictionary(uniqueKeysWithValues: amounts.map { ($0.pair, $0.sum) })
    return tally
  }

  // MARK: Rows

  /// A row that was tied to somebody and changed them became one record. What an import that was given up never came to
  /// was left out by whoever gave it up.
  private var rowCounts: Query<CountedRows> {
    let isReached: SQL = "(\(batch.reachedRow)::integer IS NULL OR s.row_no <= \(batch.reachedRow))"
    return Query(
      """
      SELECT d.*, l.*
      FROM (
        SELECT count(*) AS rows,
          count(*) FILTER (WHERE s.decision = 'insert' AND \(fragment: isReached)) AS inserted,
          count(*) FILTER (WHERE s.decision IN ('update', 'conflict') AND \(fragment: isReached)) AS updated,
          count(*) FILTER (WHERE s.decision = 'unchanged' AND \(fragment: isReached)) AS unchanged,
          count(*) FILTER (WHERE s.decision = 'reject') AS rejected,
          count(*) FILTER (WHERE s.decision = 'skip' OR s.decision <> 'reject' AND NOT \(fragment: isReached))
            AS skipped
        FROM migration_staged_row s
        WHERE s.batch_id = \(batch.id) AND s.row_no BETWEEN \(first) AND \(last)
      ) d
      CROSS JOIN (
        SELECT count(*) FILTER (WHERE r.made) AS made, count(*) FILTER (WHERE NOT r.made) AS changed,
          count(*) FILTER (WHERE r.made AND NOT r.stands) AS undone
        FROM (
          SELECT bool_or(p.action <> 'update') AS made,
            bool_or(p.action <> 'update' AND p.undone_at IS NULL) AS stands
          FROM migration_provenance p
          WHERE p.batch_id = \(batch.id) AND p.row_no BETWEEN \(first) AND \(last)
            AND p.entity = \(batch.entity.rawValue) AND p.content_hash IS NOT NULL
          GROUP BY p.row_no
        ) r
      ) l
      """)
  }

  /// A row that broke several rules stays behind for the first.
  private var reasonCounts: Query<CountedReason> {
    Query(
      """
      SELECT i.code, count(*) AS count
      FROM migration_staged_row s
      CROSS JOIN LATERAL (
        SELECT code FROM migration_row_issue
        WHERE batch_id = s.batch_id AND row_no = s.row_no AND level = 'blocker'
        ORDER BY n
        LIMIT 1
      ) i
      WHERE s.batch_id = \(batch.id) AND s.row_no BETWEEN \(first) AND \(last) AND s.decision = 'reject'
      GROUP BY i.code
      """)
  }

  // MARK: Records

  private static let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS reckoned_record (
      target_id uuid, is_emptied boolean, said text[], held text[], byte_count bigint, said_byte_count bigint,
      said_amount numeric, said_currency text, held_amount numeric, held_currency text) ON COMMIT DELETE ROWS
    """

  /// The records that these rows brought and nobody took back, each with what its newest row says, from whatever batch
  /// that came, and with what stands here.
  private var records: SQL {
    let shown: SQL = source.table == .importedHistory ? "AND t.tombstoned_at IS NULL" : ""
    let isFile = batch.entity == .attachment
    let money = source.money
    return """
      INSERT INTO reckoned_record (target_id, is_emptied, said, held, byte_count, said_byte_count, said_amount,
        said_currency, held_amount, held_currency)
      SELECT s.target_id, s.parsed = '{}', ARRAY[\(fragment: list(source.dimensions.map(\.source)))]::text[],
        ARRAY[\(fragment: list(source.dimensions.map(\.here)))]::text[],
        \(fragment: isFile ? "t.byte_count" : "NULL"),
        \(fragment: isFile ? "(s.parsed ->> 'size_bytes')::numeric::bigint" : "NULL"),
        \(fragment: money?.source ?? "NULL"), \(fragment: money?.sourceCurrency ?? "NULL"),
        \(fragment: money?.here ?? "NULL"), \(fragment: money?.hereCurrency ?? "NULL")
      FROM (
        SELECT p.record_id, p.target_id, p.action, l.imported_fields AS kept,
          COALESCE(r.parsed || r.days, '{}') AS parsed
        FROM migration_provenance p
        CROSS JOIN LATERAL (
          SELECT k.batch_id, k.row_no, k.imported_fields
          FROM migration_provenance k
          WHERE k.record_id = p.record_id AND k.content_hash IS NOT NULL AND k.undone_at IS NULL
          ORDER BY k.imported_at DESC, k.seq DESC
          LIMIT 1
        ) l
        LEFT JOIN migration_staged_row r ON r.batch_id = l.batch_id AND r.row_no = l.row_no
        WHERE p.batch_id = \(batch.id) AND p.row_no BETWEEN \(first) AND \(last)
          AND p.entity = \(batch.entity.rawValue) AND p.action IN ('insert', 'link') AND p.content_hash IS NOT NULL
          AND p.undone_at IS NULL
      ) s
      JOIN \(fragment: source.table.name) t ON t.id = s.target_id \(fragment: shown)
      \(fragment: source.joins)
      """
  }

  private func list(_ values: [SQL]) -> SQL {
    guard let first = values.first else { return "" }
    return values.dropFirst().reduce(first) { "\(fragment: $0), \(fragment: $1)" }
  }

  private var recordCounts: Query<CountedRecords> {
    Query(
      """
      SELECT count(*) AS records, count(*) FILTER (WHERE r.is_emptied) AS emptied,
        COALESCE(sum(r.byte_count), 0)::bigint AS bytes,
        (sum(r.said_byte_count) FILTER (WHERE NOT r.is_emptied))::bigint AS source_bytes,
        (SELECT count(*) FROM migration_pending_ref w
          WHERE w.batch_id = \(batch.id) AND w.row_no BETWEEN \(first) AND \(last) AND w.resolved_at IS NULL
            AND EXISTS (
              SELECT FROM migration_provenance q WHERE q.target_id = w.target_id AND q.undone_at IS NULL))
          AS unresolved,
        (SELECT count(*) FROM migration_provenance q
          WHERE q.batch_id = \(batch.id) AND q.row_no BETWEEN \(first) AND \(last) AND q.entity = 'placeholder'
            AND q.undone_at IS NULL) AS placeholders
      FROM reckoned_record r
      """)
  }

  /// What the source says and what stands here, in pairs, with how many records have them.
  private var pairCounts: Query<CountedPair> {
    let dimensions = source.dimensions
    return Query(
      """
      SELECT d.name, d.source, d.here, e.is_edited, count(*) AS count
      FROM reckoned_record r
      CROSS JOIN LATERAL unnest(\(dimensions.map(\.name)), r.said, r.held, \(dimensions.map { $0.column ?? "" }))
        AS d (name, source, here, field)
      CROSS JOIN LATERAL (
        SELECT \(fragment: isEdited("d.field", differs: "d.source IS DISTINCT FROM d.here")) AS is_edited
      ) e
      WHERE NOT r.is_emptied
      GROUP BY d.name, d.source, d.here, e.is_edited
      """)
  }

  private var amountSums: Query<SummedAmounts> {
    Query(
      """
      SELECT r.said_currency, r.held_currency, m.differs, e.is_edited,
        COALESCE(sum(r.said_amount), 0)::text AS said, COALESCE(sum(r.held_amount), 0)::text AS held,
        count(*) AS count
      FROM reckoned_record r
      CROSS JOIN LATERAL (
        SELECT (r.said_amount, r.said_currency) IS DISTINCT FROM (r.held_amount, r.held_currency) AS differs
      ) m
      CROSS JOIN LATERAL (
        SELECT \(fragment: isEdited("\(source.money?.column ?? "")", differs: "m.differs")) AS is_edited
      ) e
      WHERE NOT r.is_emptied AND num_nonnulls(r.said_amount, r.held_amount) > 0
      GROUP BY r.said_currency, r.held_currency, m.differs, e.is_edited
      """)
  }

  /// Whether somebody changed that column here since an import wrote it last; looked up only where both sides differ.
  /// The version proves it of one layer alone: a later one counts on from whatever it found.
  private func isEdited(_ column: SQL, differs: SQL) -> SQL {
    guard source.table.countsVersions else { return "false" }
    return """
      CASE WHEN NOT (\(fragment: differs)) OR \(fragment: column) = '' THEN false ELSE COALESCE((
        SELECT CASE WHEN v.layers <= 1 AND t.version = v.version THEN false ELSE
          COALESCE(v.after -> \(fragment: column), 'null')
            IS DISTINCT FROM import_image(jsonb_build_object('x', to_jsonb(t) -> \(fragment: column))) -> 'x' END
        FROM \(fragment: source.table.name) t
        CROSS JOIN LATERAL (
          SELECT count(p.after_image) AS layers, max(p.target_row_version) AS version,
            import_merge(p.after_image ORDER BY p.seq) FILTER (WHERE p.after_image IS NOT NULL) AS after
          FROM migration_provenance p
          WHERE p.target_id = t.id AND p.target_table = \(source.table.rawValue) AND p.undone_at IS NULL
        ) v
        WHERE t.id = r.target_id), false) END
      """
  }
}
