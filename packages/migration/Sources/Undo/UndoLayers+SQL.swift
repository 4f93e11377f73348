// Several layers of one row, held against each other: a later one may cover what somebody wrote here between the two.

import Postgres

/// What layers `l` of one table's rows say of each other, whichever working table they are in.
enum UndoLayers {
  /// Layers of rows that can be saved again, each with what those below it in the same table had said: `below`.
  static func piled(_ layers: SQL, of table: TargetTable) -> SQL {
    """
    SELECT l.record_id, l.provenance_id, l.target_id, l.seq, l.action, l.before_image, l.after_image,
      import_merge(l.after_image) OVER (
        PARTITION BY l.target_id ORDER BY l.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS below
    FROM \(fragment: layers) l
    WHERE l.target_table = \(table.rawValue)
    """
  }

  /// Whether a field `f` of what such a layer found is not what the one below it had left: somebody wrote it here.
  static let isCovered: SQL = "l.below ? f.name AND l.below -> f.name IS DISTINCT FROM f.value"

  /// What the layers of each row found there, from the top down as far as each follows from the one below it: what
  /// somebody wrote here between two of them is what stands when the upper one is gone.
  /// - Parameter found: what a layer `l` found, as it is to be given back.
  static func footing(_ layers: SQL, of table: TargetTable, found: SQL = "l.before_image") -> SQL {
    """
    SELECT l.target_id, (array_agg(l.record_id ORDER BY l.seq DESC))[1] AS record_id,
      (array_agg(l.provenance_id ORDER BY l.seq DESC))[1] AS provenance_id,
      import_merge(w.found ORDER BY l.seq DESC) || import_merge(c.covered ORDER BY l.seq) AS before,
      import_merge(l.after_image ORDER BY l.seq) AS after
    FROM (\(fragment: piled(layers, of: table))) l
    CROSS JOIN LATERAL (SELECT \(fragment: found) AS found) w
    CROSS JOIN LATERAL (
      SELECT COALESCE(jsonb_object_agg(f.name, w.found -> f.name), '{}') AS covered
      FROM jsonb_each(l.before_image) AS f (name, value)
      WHERE \(fragment: isCovered)
    ) c
    WHERE l.before_image <> '{}'
    GROUP BY l.target_id
    """
  }
}
