// What a file, or a step of a former system's trail, belongs to.

import Postgres

/// The record that a row names as its parent.
enum ParentRecord {
  /// Joins the parent of each row `r` as `p` with `target_table` and `target_id`, both NULL where it has not come. It
  /// is named by its key in the source; a policy, whose key there is that of one version, by its number alone as well.
  static func join(from system: String) -> SQL {
    """
    LEFT JOIN LATERAL (
      SELECT f.target_table, f.target_id
      FROM (
        SELECT CASE m.target_table WHEN 'policy_version' THEN 'policy' ELSE m.target_table END AS target_table,
          m.target_id, false AS is_by_number
        FROM migration_provenance m
        WHERE m.source_system = \(system) AND m.entity = r.parsed ->> 'parent_entity'
          AND m.source_record_id = r.parsed ->> 'parent_key' AND m.action IN ('insert', 'link') AND m.undone_at IS NULL
        UNION ALL
        SELECT 'policy', y.id, true
        FROM policy y
        WHERE r.parsed ->> 'parent_entity' = 'policy' AND y.number = btrim(r.parsed ->> 'parent_key')
      ) f
      ORDER BY f.is_by_number
      LIMIT 1
    ) p ON true
    """
  }
}
