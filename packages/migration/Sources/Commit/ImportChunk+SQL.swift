// The rows of a batch that the next transaction writes, and the working table that they are read into.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

/// Up to 5,000 rows of a batch, each with a fresh id from which all that it makes gets its own.
struct ImportChunk: Sendable {
  let batch: ImportBatch
  let tenant: ID<Tenant>
  let rowNumbers: [Int]
  let stamps: [ID<ImportedRecord>]

  /// So many rows are one transaction and one event.
  static let rows = 5_000
  /// So many where each row can bring a file.
  static let files = 50

  /// What is behind the checkpoint of this name was committed with it.
  static let phase = "commit"

  /// The rows that a commit looks at. What was as it was when it was checked may have been taken back since.
  static let due: [StagedDecision] = [.insert, .update, .conflict, .unchanged]

  /// The first or the second half.
  func part(_ range: Range<Int>) -> ImportChunk {
    ImportChunk(
      batch: batch, tenant: tenant, rowNumbers: Array(rowNumbers[range]), stamps: Array(stamps[range]))
  }

  /// How many rows of a batch a commit looks at.
  static func countDue(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      """
      SELECT count(*) FROM migration_staged_row WHERE batch_id = \(batch) AND decision = ANY(\(due))
      """, as: Int.self) ?? 0
  }

  /// How many of them are behind the checkpoint.
  static func countDone(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      """
      SELECT count(*)
      FROM migration_staged_row s
      JOIN migration_checkpoint k ON k.tenant_id = s.tenant_id AND k.batch_id = s.batch_id AND k.phase = \(phase)
      WHERE s.batch_id = \(batch) AND s.row_no <= k.row_no AND s.decision = ANY(\(due))
      """, as: Int.self) ?? 0
  }

  /// The rows behind the checkpoint that are next; none when all are written.
  static func next(of batch: ImportBatch, in tx: AuditedTransaction) async throws -> ImportChunk? {
    guard let tenant = tx.author.tenant else { return nil }
    let behind = try await tx.first(
      "SELECT row_no FROM migration_checkpoint WHERE batch_id = \(batch.id) AND phase = \(phase)", as: Int.self)
    // As a number of its own, so that the index begins there: under row-level security no other expression is handed
    // down to it, and every chunk would look through all rows before it.
    let numbers = try await tx.query(
      """
      SELECT row_no
      FROM migration_staged_row
      WHERE batch_id = \(batch.id) AND decision = ANY(\(due)) AND row_no > \(behind ?? 0)
      ORDER BY row_no
      LIMIT \([.attachment, .policy].contains(batch.entity) ? files : rows)
      """, as: Int.self)
    guard !numbers.isEmpty else { return nil }
    return ImportChunk(batch: batch, tenant: tenant, rowNumbers: numbers, stamps: numbers.map { _ in tx.newID() })
  }

  /// Of a staged row `s` which of its moments are days that the source says no time of, each with its day: whatever
  /// zone somebody looks from, the record keeps that day.
  private var dateOnly: SQL {
    let fields = TargetSchema.fields(of: batch.entity).filter { $0.kind == .timestamp }
    let moments = fields.flatMap(Self.places(of:))
    return """
      CASE WHEN s.days = '{}' THEN '{}' ELSE COALESCE((
        SELECT jsonb_build_object('date_only', jsonb_object_agg(d.name, s.parsed #> d.path::text[]))
        FROM unnest(\(moments.map(\.name))::text[], \(moments.map(\.path))::text[]) AS d (name, path)
        WHERE s.days ? d.name
        HAVING count(*) > 0), '{}') END
      """
  }

  /// What a field is called among a row's days, and where its record has it: `notes[1].at` stands at `{notes,0,at}`.
  private static func places(of field: TargetField) -> [(name: String, path: String)] {
    guard field.isNumbered else { return [(name: field.name, path: "{\(field.name)}")] }
    return (1...9).map { number in
      let path = field.name.replacing("[n].", with: ",\(number - 1),")
      return (name: field.name.replacing("[n]", with: "[\(number)]"), path: "{\(path)}")
    }
  }

  /// Reads the rows into `import_row`: `parsed` with every day as the moment at which it begins, `kept` as it was said.
  /// A row that is there already brings its record and its target along.
  func read(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_row (
        row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, parsed jsonb, kept jsonb,
        legacy jsonb, content_hash bytea, decided text, decided_target uuid) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_row",
      """
      INSERT INTO import_row (row_no, stamp, record, key, is_new, target_id, parsed, kept, legacy, content_hash,
        decided, decided_target)
      SELECT s.row_no, i.stamp, COALESCE(p.record_id, i.stamp), s.source_record_id, p.record_id IS NULL, p.target_id,
        s.parsed || s.days, s.parsed || \(fragment: dateOnly), s.legacy, s.content_hash, s.decision, s.target_id
      FROM unnest(\(rowNumbers), \(stamps)) AS i (row_no, stamp)
      JOIN migration_staged_row s ON s.batch_id = \(batch.id) AND s.row_no = i.row_no
      LEFT JOIN LATERAL (
        SELECT p.record_id, p.target_id
        FROM migration_provenance p
        WHERE p.source_system = \(batch.sourceSystem) AND p.entity = \(batch.entity.rawValue)
          AND p.source_record_id = s.source_record_id AND p.action IN ('insert', 'link') AND p.undone_at IS NULL
        LIMIT 1
      ) p ON true
      ORDER BY s.row_no
      """,
      "ANALYZE import_row",
    ])
  }

  /// Writes how far the batch is.
  func keepCheckpoint(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_checkpoint (tenant_id, batch_id, phase, row_no, at)
      VALUES (\(tenant), \(batch.id), \(Self.phase), \(rowNumbers.last ?? 0), \(tx.at))
      ON CONFLICT (tenant_id, batch_id, phase) DO UPDATE SET row_no = EXCLUDED.row_no, at = EXCLUDED.at
      """)
  }

  /// Sets the one row of this chunk apart: the database refused it.
  func setApart(_ error: PostgresError, in tx: AuditedTransaction) async throws {
    let rule = error.constraint ?? error.sqlState.rawValue
    try await tx.sql.execute(together: [
      """
      INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level, value)
      SELECT \(tenant), \(batch.id), n, 'commit.refused', 'blocker', \(rule) FROM unnest(\(rowNumbers)) AS n
      """,
      """
      UPDATE migration_staged_row SET decision = 'reject'
      WHERE batch_id = \(batch.id) AND row_no = ANY(\(rowNumbers))
      """,
    ])
  }

  /// One provenance row for each row that a statement made and gives back as `made`, which holds its table's columns;
  /// `r` are the rows of the source with `stamp`, `record`, `key`, `row_no`.
  func provenance(_ table: TargetTable, entity: SQL, key: SQL, columns: ProvenanceColumns, tx: AuditedTransaction)
    -> SQL
  {
    """
    INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, target_part,
      source_system, source_record_id, batch_id, row_no, seq, action, after_image, after_hash, content_hash,
      target_row_version, imported_fields, legacy_fields, event_id, imported_at)
    SELECT \(tenant), import_id(r.stamp, \(table.rawValue) || \(fragment: columns.identity)), r.record,
      \(fragment: entity), \(table.rawValue), \(fragment: table.id), \(fragment: table.part), \(batch.sourceSystem),
      \(fragment: key), \(batch.id), r.row_no, 1, \(fragment: columns.action), \(fragment: table.image),
      \(fragment: columns.hash), \(fragment: columns.content), \(fragment: table.version),
      \(fragment: columns.imported), \(fragment: columns.legacy), \(tx.event), \(tx.at)
    """
  }
}

/// What tells the provenance of one kind of row from that of another.
struct ProvenanceColumns: Sendable {
  /// Beside the table, what tells rows of the same source row apart.
  var identity: SQL = "''"
  var action: SQL = "'insert'"
  var hash: SQL = "NULL::bytea"
  var content: SQL = "NULL::bytea"
  var imported: SQL = "'{}'::jsonb"
  var legacy: SQL = "'{}'::jsonb"
}
