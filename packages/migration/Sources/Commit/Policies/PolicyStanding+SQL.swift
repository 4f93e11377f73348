// How a policy stands when a row of a former system comes to it: which of its versions counts, and whose text is worked
// on beside it.

import Postgres

/// What an import has to know of a policy that is here.
enum PolicyStanding {
  /// When a version `v` took effect, and under which label it came, as `f`. One that came without a date has been given
  /// the moment of its import: it is older than any that has one.
  static let facts: SQL = """
    CROSS JOIN LATERAL (
      SELECT CASE WHEN o.imported_at = v.published_at THEN '-infinity' ELSE v.published_at END AS began,
        m.label, COALESCE(import_label_order(m.label), '') COLLATE "C" AS place
      FROM (VALUES (1)) AS one (n)
      LEFT JOIN LATERAL (
        SELECT o.record_id, o.imported_at
        FROM migration_provenance o
        WHERE o.target_id = v.policy_id AND o.target_table = 'policy_version' AND o.target_part = v.number::text
          AND o.action = 'insert' AND o.undone_at IS NULL
        LIMIT 1
      ) o ON true
      LEFT JOIN LATERAL (\(fragment: label(of: "o.record_id"))) m ON true
    ) f
    """

  /// What its source called the version that a record is, as it said last.
  static func label(of record: SQL) -> SQL {
    """
    SELECT m.imported_fields ->> 'version_label' AS label
    FROM migration_provenance m
    WHERE m.record_id = \(fragment: record) AND m.content_hash IS NOT NULL AND m.undone_at IS NULL
    ORDER BY m.imported_at DESC, m.seq DESC
    LIMIT 1
    """
  }

  /// Whether a version is here that is newer than the row `r`. Newer is what took effect later; of one day the one with
  /// the later label, as people count: 1.10 after 1.9. Which row came last decides nothing: files come in any order.
  static func hasNewer(than policy: SQL) -> SQL {
    """
    EXISTS (
      SELECT FROM policy_version v
      \(fragment: facts)
      WHERE v.policy_id = \(fragment: policy) AND (f.began, f.place) > (COALESCE(r.began, '-infinity'), r.place))
    """
  }

  /// The text that is worked on at a policy `t`, as `d`: the state it is in, NULL where there is none; the record that
  /// it came by last, under which label, and whether it is still as it came.
  static let draft: SQL = """
    CROSS JOIN LATERAL (
      SELECT COALESCE(t.working_status, CASE WHEN t.status NOT IN ('published', 'retired') THEN t.status END) AS status,
        k.record_id, COALESCE(k.is_as_it_came, false) AS is_as_it_came,
        COALESCE(import_label_order(m.label), '') COLLATE "C" AS place
      FROM (
        SELECT (array_agg(k.record_id ORDER BY k.seq DESC) FILTER (WHERE k.after_image ? 'working_body'))[1]
            AS record_id,
          import_merge(k.after_image ORDER BY k.seq) @> import_image(jsonb_build_object(
            'working_title', t.working_title, 'working_body', t.working_body)) AS is_as_it_came
        FROM migration_provenance k
        WHERE k.target_id = t.id AND k.target_table = 'policy' AND k.after_image IS NOT NULL AND k.undone_at IS NULL
      ) k
      LEFT JOIN LATERAL (\(fragment: label(of: "k.record_id"))) m ON true
    ) d
    """

  /// What the version that counts makes of the state of its policy: a draft stays beside what is published, and is what
  /// a retired policy is drafted again with.
  static let state: SQL = """
    CASE
      WHEN d.status IS NULL THEN jsonb_build_object('status', r.status, 'working_status', NULL)
      WHEN r.status = 'published' THEN jsonb_build_object('status', r.status, 'working_status', d.status)
      ELSE jsonb_build_object('status', d.status, 'working_status', NULL)
    END
    """

  /// What a policy is known by, which is what its version that counts says.
  static let subject: SQL = """
    (jsonb_build_object('title', r.title, 'type', r.type)
      || CASE WHEN r.language IS NULL THEN '{}' ELSE jsonb_build_object('language', r.language) END)
    """

  static let text: SQL = "jsonb_build_object('working_title', r.title, 'working_body', r.body)"
}
