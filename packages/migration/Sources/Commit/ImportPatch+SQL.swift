// What a source says anew of a record that is there: field by field taken over, left alone, or left to a person.

import Access
import EthicoTypes
import Mapping
import Postgres

/// The update of one table's rows by what their source says now. The rows are looked up one by one (`OFFSET 0`, or an
/// array of their ids): no chunk is worth a walk through all that a client has.
struct ImportPatch: Sendable {
  let chunk: ImportChunk
  let table: TargetTable
  /// A query of `row_no, stamp, record, key, target_id, content_hash, wanted, imported, legacy` for rows that are
  /// there.
  let rows: SQL
  /// Further ones, each of rows whose records those before may have changed.
  var later: [SQL] = []

  /// Holds each field that would change against what is here and what was imported last.
  func compare(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: tables)
    for rows in [rows] + later { try await tx.sql.execute(together: held(rows)) }
  }

  private var tables: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_patch (
        row_no integer, stamp uuid, record uuid, key text, target_id uuid, content_hash bytea, wanted jsonb,
        imported jsonb, legacy jsonb) ON COMMIT DELETE ROWS
      """,
      """
      CREATE TEMP TABLE IF NOT EXISTS import_field (
        row_no integer, field text, wanted jsonb, ours jsonb, verdict text, edited_by text, edited_at timestamptz)
        ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_field",
    ]
  }

  private func held(_ rows: SQL) -> [SQL] {
    let policies = chunk.batch.policies
    return [
      "DELETE FROM import_patch",
      """
      INSERT INTO import_patch (row_no, stamp, record, key, target_id, content_hash, wanted, imported, legacy)
      SELECT g.row_no, g.stamp, g.record, g.key, g.target_id, g.content_hash, g.wanted, g.imported, g.legacy
      FROM (\(fragment: rows)) g
      """,
      "ANALYZE import_patch (row_no, record, target_id)",
      """
      INSERT INTO import_field (row_no, field, wanted, ours, verdict, edited_by, edited_at)
      SELECT h.row_no, f.name, f.value, h.ours -> f.name,
        CASE
          WHEN f.name = ANY(\(policies.columns(.never))) THEN 'keep'
          WHEN f.name = ANY(\(policies.columns(.always))) THEN 'apply'
          WHEN f.name = ANY(\(policies.columns(.ifBlank))) THEN
            CASE WHEN COALESCE(h.ours ->> f.name, '') = '' THEN 'apply' ELSE 'keep' END
          WHEN i.wanted = h.last -> f.name THEN 'keep'
          WHEN i.ours = COALESCE(h.last -> f.name, 'null') THEN 'apply'
          -- Somebody has decided about this very value before: it is not asked again.
          WHEN EXISTS (
            SELECT FROM migration_conflict c
            WHERE c.target_id = h.target_id AND c.field = f.name AND c.resolution = 'ours'
              AND CASE WHEN c.purged_at IS NULL THEN c.source_value IS NOT DISTINCT FROM f.value #>> '{}'
                ELSE c.source_digest IS NOT DISTINCT FROM sha256(convert_to(f.value #>> '{}', 'UTF8')) END) THEN 'keep'
          ELSE 'conflict'
        END, COALESCE(h.edits -> f.name ->> 0, h.changed_by),
        COALESCE((h.edits -> f.name ->> 1)::timestamptz, h.changed_at)
      FROM (
        SELECT g.row_no, g.target_id, g.wanted, t.ours || s.ours AS ours, (
          SELECT import_merge(p.after_image ORDER BY p.seq)
          FROM migration_provenance p
          WHERE p.target_id = g.target_id AND p.target_table = \(table.rawValue) AND p.undone_at IS NULL
        ) || s.last AS last, s.edits, t.changed_by, t.changed_at
        FROM import_patch g
        CROSS JOIN LATERAL (
          SELECT to_jsonb(t) AS ours, t.changed_by, t.changed_at
          FROM \(fragment: table.name) t
          WHERE t.id = g.target_id
          OFFSET 0
        ) t
        CROSS JOIN LATERAL (\(fragment: table.standingOfParts("g.target_id", "g.record"))) s
        OFFSET 0
      ) h
      CROSS JOIN LATERAL jsonb_each(h.wanted) AS f (name, value)
      CROSS JOIN LATERAL (
        SELECT import_image(jsonb_build_object('x', f.value)) -> 'x' AS wanted,
          import_image(jsonb_build_object('x', h.ours -> f.name)) -> 'x' AS ours
        OFFSET 0
      ) i
      WHERE i.wanted IS DISTINCT FROM i.ours AND h.ours ? f.name
      """,
      // Taken for an empty table, its rows would be held against each other one by one.
      "ANALYZE import_field (row_no, field, verdict)",
    ] + ReimportField.all(of: chunk.batch.entity).filter { $0.columns.count > 1 }.map(undivided)
      + (table == .case ? CaseParts(chunk: chunk).joining : [])
  }

  /// Columns that say one thing between them: where a person has to decide about one, or one stays as it is here, so
  /// about all of them.
  private func undivided(_ field: ReimportField) -> SQL {
    let stays = chunk.batch.policies[field] == .ifBlank ? "keep" : "conflict"
    return """
      UPDATE import_field f SET verdict = \(stays)
      WHERE f.verdict = 'apply' AND f.field = ANY(\(field.columns)) AND EXISTS (
        SELECT FROM import_field o
        WHERE o.row_no = f.row_no AND o.verdict <> 'apply' AND o.field = ANY(\(field.columns)))
      """
  }

  /// Takes over what may be taken over, as a layer of its own, and writes down what a person has to decide.
  func write(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: tables)
    for rows in [rows] + later {
      let parts = table == .case ? CaseParts(chunk: chunk).write(saidOfParts, tx) : []
      try await tx.sql.execute(together: held(rows) + [conflicts, layers(tx), replaced] + parts)
    }
  }

  /// What is taken over of a record's parts.
  private var saidOfParts: SQL {
    """
    SELECT g.row_no, g.stamp, g.record, g.key, g.target_id, jsonb_object_agg(f.field, f.wanted) AS wanted
    FROM import_patch g
    JOIN import_field f ON f.row_no = g.row_no AND f.verdict = 'apply' AND f.field = ANY(\(table.partFields))
    GROUP BY g.row_no, g.stamp, g.record, g.key, g.target_id
    """
  }

  private func layers(_ tx: AuditedTransaction) -> SQL {
    """
    WITH patch AS MATERIALIZED (
      SELECT g.row_no, g.target_id, f.wanted, f.ours
      FROM import_patch g
      LEFT JOIN (
        SELECT f.row_no, jsonb_object_agg(f.field, f.wanted) AS wanted, jsonb_object_agg(f.field, f.ours) AS ours
        FROM import_field f
        WHERE f.verdict = 'apply' AND f.field <> ALL(\(table.partFields))
        GROUP BY f.row_no
      ) f ON f.row_no = g.row_no
    ), made AS (
      UPDATE \(fragment: table.name) t SET (\(fragment: table.settable)) = (
        SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, p.wanted))
      FROM patch p
      WHERE t.id = p.target_id AND p.wanted IS NOT NULL
        AND t.id = ANY(ARRAY(SELECT target_id FROM patch WHERE wanted IS NOT NULL))
      RETURNING t.id, t.version
    )
    INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
      source_record_id, batch_id, row_no, seq, action, before_image, after_image, content_hash, target_row_version,
      imported_fields, legacy_fields, event_id, imported_at)
    SELECT \(chunk.tenant), import_id(g.stamp, 'layer'), g.record, \(chunk.batch.entity.rawValue), \(table.rawValue),
      g.target_id, \(chunk.batch.sourceSystem), g.key, \(chunk.batch.id), g.row_no, (
        SELECT max(l.seq) + 1 FROM migration_provenance l
        WHERE l.target_id = g.target_id AND l.target_table = \(table.rawValue)),
      'update', COALESCE(import_image(p.ours), '{}'), COALESCE(import_image(p.wanted), '{}'), g.content_hash,
      COALESCE(made.version, t.version), g.imported, g.legacy, \(tx.event), \(tx.at)
    FROM import_patch g
    CROSS JOIN LATERAL (
      SELECT t.version FROM \(fragment: table.name) t WHERE t.id = g.target_id OFFSET 0
    ) t
    JOIN patch p ON p.row_no = g.row_no
    LEFT JOIN made ON made.id = g.target_id
    """
  }

  private var replaced: SQL {
    """
    INSERT INTO migration_replaced (tenant_id, provenance_id, field, body)
    SELECT \(chunk.tenant), import_id(g.stamp, 'layer'), f.field, f.ours #>> '{}'
    FROM import_field f
    JOIN import_patch g ON g.row_no = f.row_no
    WHERE f.verdict = 'apply' AND f.field <> ALL(\(table.partFields)) AND jsonb_typeof(f.ours) = 'string'
      AND octet_length(f.ours #>> '{}') > 256
    """
  }

  /// Asked of this batch even where an earlier one asks the same: with an undo of that one its question is gone.
  private var conflicts: SQL {
    """
    INSERT INTO migration_conflict (tenant_id, id, batch_id, row_no, entity, target_id, field, source_value, our_value,
      edited_by, edited_at)
    SELECT \(chunk.tenant), import_id(g.stamp, 'conflict' || f.field), \(chunk.batch.id), g.row_no,
      \(chunk.batch.entity.rawValue), g.target_id, f.field, f.wanted #>> '{}', f.ours #>> '{}', f.edited_by,
      f.edited_at
    FROM import_field f
    JOIN import_patch g ON g.row_no = f.row_no
    WHERE f.verdict = 'conflict'
    """
  }
}

extension TargetTable {
  /// The fields of a record of this table that stand in rows of other tables.
  var partFields: [String] { self == .case ? CaseParts.fields : [] }

  /// A query of `ours`, `last` and `edits` of these fields; empty where there are none.
  func standingOfParts(_ target: SQL, _ record: SQL) -> SQL {
    guard self == .case else { return "SELECT '{}'::jsonb AS ours, '{}'::jsonb AS last, '{}'::jsonb AS edits" }
    return CaseParts.standing(of: target, record: record)
  }
}

extension ImportPatch {
  /// What a source says of some columns: a value where it has one. Where it has none it says nothing, unless that is
  /// what it says: then a condition holds, and the column becomes empty like any other change.
  static func wanted(_ values: KeyValuePairs<String, SQL>, emptied: KeyValuePairs<String, SQL> = [:]) -> SQL {
    func list(_ parts: [SQL]) -> SQL {
      parts.dropFirst().reduce(parts.first ?? "") { "\(fragment: $0), \(fragment: $1)" }
    }
    let said = list(values.map { "\($0.key)::text, \(fragment: $0.value)" })
    let unsaid = list(emptied.map { "CASE WHEN \(fragment: $0.value) THEN \($0.key)::text END" })
    guard !emptied.isEmpty else { return "jsonb_strip_nulls(jsonb_build_object(\(fragment: said)))" }
    return """
      ((SELECT COALESCE(jsonb_object_agg(u.name, NULL), '{}') FROM unnest(ARRAY[\(fragment: unsaid)]) AS u (name)
        WHERE u.name IS NOT NULL) || jsonb_strip_nulls(jsonb_build_object(\(fragment: said))))
      """
  }
}

extension ImportChunk {
  /// Whether the source has a column for one of these fields, so that an empty cell says something: that there is
  /// nothing.
  func hasColumn(_ fields: String...) -> SQL {
    fields.contains(where: batch.mapped.contains) ? "true" : "r.parsed ?| \(fields)"
  }
}
