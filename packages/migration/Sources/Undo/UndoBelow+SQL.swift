// Layers that go from under later ones: what such a layer found becomes what the next one above it found, so that an
// undo of that one later gives back what would stand here if the lower one had never been.

import Access
import EthicoTypes
import Postgres

/// The fields of layers which one that stays has changed after them. They do not stand in the row any more, but in what
/// the upper layer found; what the lower one changed beside them is given back in the row as ever.
///
/// `undo_staying` holds the layers that stay, `undo_below` each field of one below them with the lowest of those that
/// changed it too, and how many layers from the top down its own is.
enum UndoBelow {
  /// For a survey: such a field that the upper layer found otherwise was written here in between. The rest is held
  /// against the row.
  static var looked: [SQL] { fields(of: "undo_layer") + [edited, rest(of: "undo_layer")] }

  /// Takes the chosen layers out from under those that stay, each row's from the top down: one may lie on another. What
  /// it did is kept beside the archived rows, in case all this is reversed.
  static func take(_ undo: ID<MigrationUndo>, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: fields(of: "undo_acted"))
    let places = try await tx.first("SELECT COALESCE(max(place), 0) FROM undo_below", as: Int.self) ?? 0
    for place in 0..<places { try await tx.execute(out(place + 1, undo)) }
    try await tx.execute(rest(of: "undo_acted"))
  }

  private static func fields(of layers: SQL) -> [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_staying (
        provenance_id uuid, target_table text, target_id uuid, seq integer, before_image jsonb) ON COMMIT DELETE ROWS
      """,
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_below (
        place integer, record_id uuid, provenance_id uuid, target_table text, target_id uuid, seq integer, name text,
        upper_id uuid, upper_seq integer) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_staying", "DELETE FROM undo_below",
      """
      INSERT INTO undo_staying
      SELECT p.*
      FROM (
        SELECT target_table, target_id, min(seq) AS seq FROM \(fragment: layers) GROUP BY target_table, target_id
      ) l
      CROSS JOIN LATERAL (
        SELECT p.id, p.target_table, p.target_id, p.seq, p.before_image
        FROM migration_provenance p
        WHERE p.target_id = l.target_id AND p.target_table = l.target_table AND p.seq > l.seq
          AND p.before_image <> '{}' AND p.undone_at IS NULL
        OFFSET 0
      ) p
      WHERE NOT EXISTS (SELECT FROM \(fragment: layers) k WHERE k.provenance_id = p.id)
      """,
      "ANALYZE undo_staying (provenance_id, target_id)",
      """
      INSERT INTO undo_below
      SELECT dense_rank() OVER (PARTITION BY b.target_table, b.target_id ORDER BY b.seq DESC), b.*
      FROM (
        SELECT DISTINCT ON (l.provenance_id, f.name) l.record_id, l.provenance_id, l.target_table, l.target_id, l.seq,
          f.name, k.provenance_id AS upper_id, k.seq AS upper_seq
        FROM \(fragment: layers) l
        JOIN undo_staying k ON k.target_id = l.target_id AND k.target_table = l.target_table AND k.seq > l.seq
        CROSS JOIN LATERAL jsonb_object_keys(l.after_image) AS f (name)
        WHERE k.before_image ? f.name
        ORDER BY l.provenance_id, f.name, k.seq
      ) b
      """,
      "ANALYZE undo_below (place, provenance_id)",
    ]
  }

  /// Where one of several layers does not follow from the next, those below it do not either.
  private static let edited: SQL = """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT m.record_id, 'edited', '', m.target_table || ': ' || string_agg(DISTINCT m.name, ', ' ORDER BY m.name)
    FROM (
      SELECT s.*, bool_or(s.found IS DISTINCT FROM s.after) OVER (
        PARTITION BY s.upper_id, s.name ORDER BY s.seq DESC) AS is_edited
      FROM (
        SELECT b.record_id, b.target_table, b.target_id, b.seq, b.name, b.upper_id, l.after_image -> b.name AS after,
          COALESCE(
            lag(l.before_image -> b.name) OVER (PARTITION BY b.upper_id, b.name ORDER BY b.seq DESC),
            k.before_image -> b.name) AS found
        FROM undo_below b
        JOIN undo_layer l ON l.provenance_id = b.provenance_id
        JOIN undo_staying k ON k.provenance_id = b.upper_id
      ) s
    ) m
    WHERE m.is_edited
    GROUP BY m.record_id, m.target_table, m.target_id
    """

  /// Leaves the layers with what nothing that stays has changed after them.
  private static func rest(of layers: SQL) -> SQL {
    """
    UPDATE \(fragment: layers) l SET before_image = l.before_image - b.names, after_image = l.after_image - b.names
    FROM (SELECT provenance_id, array_agg(name) AS names FROM undo_below GROUP BY provenance_id) b
    WHERE b.provenance_id = l.provenance_id
    """
  }

  /// Where the upper layer found what this one left, it found what this one did from now on; and so did those between
  /// them that are taken back themselves: one of those may come again. `given` keeps what was found there until now,
  /// whole, `left` what somebody had written here in between.
  private static func out(_ place: Int, _ undo: ID<MigrationUndo>) -> SQL {
    """
    WITH below AS MATERIALIZED (
      SELECT b.record_id, b.provenance_id, b.target_table, b.target_id, b.seq, b.name, b.upper_seq,
        l.before_image -> b.name AS before, l.after_image -> b.name AS after, t.body,
        k.found = l.after_image -> b.name AS follows, k.whole
      FROM undo_below b
      JOIN undo_acted l ON l.provenance_id = b.provenance_id AND l.before_image ? b.name
      CROSS JOIN LATERAL (
        SELECT p.before_image -> b.name AS found, COALESCE(to_jsonb(r.body), p.before_image -> b.name) AS whole
        FROM migration_provenance p
        LEFT JOIN migration_replaced r ON r.provenance_id = p.id AND r.field = b.name
        WHERE p.id = b.upper_id
        OFFSET 0
      ) k
      LEFT JOIN migration_replaced t ON t.provenance_id = b.provenance_id AND t.field = b.name
      WHERE b.place = \(place)
    ), kept AS (
      INSERT INTO migration_undo_archive (tenant_id, undo_id, record_id, provenance_id, position, target_table,
        target_id, archived)
      SELECT p.tenant_id, \(undo), b.record_id, b.provenance_id, \(UndoReturn.position), b.target_table, b.target_id,
        b.archived
      FROM (
        SELECT record_id, provenance_id, target_table, target_id, jsonb_build_object(
          'given', COALESCE(jsonb_object_agg(name, whole) FILTER (WHERE follows), '{}'),
          'left', COALESCE(jsonb_object_agg(name, whole) FILTER (WHERE NOT follows), '{}')) AS archived
        FROM below
        GROUP BY record_id, provenance_id, target_table, target_id
      ) b
      JOIN migration_provenance p ON p.id = b.provenance_id
    ), upper AS MATERIALIZED (
      SELECT p.tenant_id, p.id, b.name, b.before AS found, b.body
      FROM below b
      CROSS JOIN LATERAL (
        SELECT p.tenant_id, p.id
        FROM migration_provenance p
        WHERE p.target_id = b.target_id AND p.target_table = b.target_table AND p.seq > b.seq AND p.seq <= b.upper_seq
          AND p.before_image -> b.name = b.after
        OFFSET 0
      ) p
      WHERE b.follows
    ), \(fragment: founding)
    """
  }

  /// Writes what layers `upper` found anew: its image, and a long text whole where it is one.
  static let founding: SQL = """
    founded AS (
      UPDATE migration_provenance p SET before_image = p.before_image || u.found
      FROM (SELECT id, jsonb_object_agg(name, found) AS found FROM upper GROUP BY id) u
      WHERE p.id = u.id
    ), shortened AS (
      DELETE FROM migration_replaced r
      USING upper u
      WHERE r.provenance_id = u.id AND r.field = u.name AND u.body IS NULL
    )
    INSERT INTO migration_replaced (tenant_id, provenance_id, field, body)
    SELECT tenant_id, id, name, body FROM upper WHERE body IS NOT NULL
    ON CONFLICT (tenant_id, provenance_id, field) DO UPDATE SET body = EXCLUDED.body
    """
}
