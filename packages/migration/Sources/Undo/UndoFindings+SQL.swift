// What a survey finds of the records themselves: what nobody may touch, what is gone, what was changed here.

import Access
import EthicoTypes
import Postgres

extension UndoSurvey {
  /// What no undo may touch: a record that its source keeps, by what its newest layer says; a client that is closed; an
  /// import that is still writing.
  func held(_ tx: AuditedTransaction) -> SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'held', 'never', w.reason
    FROM undo_layer l
    JOIN migration_batch b ON b.id = l.batch_id
    JOIN tenant n ON n.id = b.tenant_id
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN n.status = 'closed' THEN 'the client is closed' END),
      (CASE WHEN b.state = 'committing' THEN 'its import is still writing' END)
    ) AS w (reason)
    WHERE w.reason IS NOT NULL
    UNION ALL
    SELECT r.record_id, 'held', 'never', w.reason
    FROM (SELECT DISTINCT record_id FROM undo_layer WHERE is_main) r
    CROSS JOIN LATERAL (\(fragment: NewestLayer.of("r.record_id"))) l
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN l.imported_fields -> 'legal_hold' = 'true' THEN 'legal hold' END),
      (CASE WHEN l.imported_fields ->> 'retention_until' >= (
          SELECT to_char(\(tx.at)::timestamptz AT TIME ZONE timezone, 'YYYY-MM-DD') FROM tenant)
        THEN 'to be kept until ' || (l.imported_fields ->> 'retention_until') END)
    ) AS w (reason)
    WHERE w.reason IS NOT NULL
    """
  }

  func gone(_ table: TargetTable) -> SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'gone', '', \(table.rawValue)
    FROM undo_layer l
    LEFT JOIN \(fragment: table.name) t ON \(fragment: table.isNamed)
    WHERE l.target_table = \(table.rawValue) AND l.is_main AND t.tenant_id IS NULL
    """
  }

  /// Rows that say something else than the layers that are to be taken back, whosesoever records these are, and rows
  /// where one of the layers covers what somebody had written here after the one below. The version proves it of one
  /// layer alone that nobody has saved the row since; a later one counts on from whatever it found, so fields are
  /// compared. An update is taken back field by field, so it needs no leave.
  func edited(_ table: TargetTable) -> SQL? {
    guard table.countsVersions else { return nil }
    return """
      WITH stood AS MATERIALIZED (
        SELECT l.target_id, bool_or(l.action = 'insert') AS deletes, count(*) AS layers, max(l.version) AS version,
          import_merge(l.after_image ORDER BY l.seq) - \(table.derived)::text[] AS after
        FROM undo_layer l
        WHERE l.target_table = \(table.rawValue) AND l.after_image IS NOT NULL
        GROUP BY l.target_id
      ), changed AS (
        SELECT s.target_id, f.name
        FROM stood s
        JOIN \(fragment: table.name) t ON t.id = s.target_id
          AND (s.layers > 1 OR t.version IS DISTINCT FROM s.version)
        CROSS JOIN LATERAL (SELECT import_image(to_jsonb(t)) AS ours OFFSET 0) o
        CROSS JOIN LATERAL jsonb_each(s.after) AS f (name, value)
        WHERE o.ours -> f.name IS DISTINCT FROM f.value
        UNION
        SELECT l.target_id, f.name
        FROM (\(fragment: UndoLayers.piled("undo_layer", of: table))) l
        CROSS JOIN LATERAL jsonb_each(l.before_image) AS f (name, value)
        WHERE \(fragment: UndoLayers.isCovered)
      )
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT k.record_id, 'edited', CASE WHEN s.deletes THEN 'edited' ELSE '' END,
        \(table.rawValue) || ': ' || string_agg(DISTINCT c.name, ', ' ORDER BY c.name)
      FROM changed c
      JOIN stood s ON s.target_id = c.target_id
      JOIN undo_layer k ON k.target_id = c.target_id AND k.target_table = \(table.rawValue)
      GROUP BY k.record_id, c.target_id, s.deletes
      """
  }
}
