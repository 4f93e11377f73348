// Layers that come back under later ones: what the next one above found is what such a layer said, as before.

import Access
import EthicoTypes
import Postgres

/// What an undo that kept later imports took out from under them, for its reversal.
///
/// `undo_given` holds each field that went over to an upper layer, with what had been found there until then, and how
/// many layers from the bottom up its own is.
struct UndoReturn: Sendable {
  let original: ID<MigrationUndo>

  /// Where the archive keeps what became of a layer that was taken out, apart from rows that went or were given back.
  static let position = -2

  /// Whether the undo kept later imports. Any other leaves nothing here to look for.
  func keptLater(in tx: AuditedTransaction) async throws -> Bool {
    try await tx.first("SELECT keeps_later FROM migration_undo WHERE id = \(original)", as: Bool.self) ?? false
  }

  /// Finds what comes back under later layers, and which of it stands otherwise now. The rest of the layers is held
  /// against their rows.
  func survey(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: tables)
    try await tx.sql.execute(together: try await found(in: tx).map(edited) + [rest])
  }

  private var tables: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_given (
        place integer, record_id uuid, provenance_id uuid, target_table text, target_id uuid, seq integer, name text,
        whole jsonb, is_uppermost boolean) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_given",
      """
      INSERT INTO undo_given
      SELECT dense_rank() OVER (PARTITION BY l.target_table, l.target_id ORDER BY l.seq), l.record_id, l.provenance_id,
        l.target_table, l.target_id, l.seq, f.name, f.value, false
      FROM undo_layer l
      JOIN migration_undo_archive a ON a.undo_id = \(original) AND a.provenance_id = l.provenance_id
        AND a.position = \(Self.position)
      CROSS JOIN LATERAL jsonb_each(a.archived -> 'given') AS f (name, value)
      """,
    ]
  }

  private func found(in tx: AuditedTransaction) async throws -> [TargetTable] {
    let names = try await tx.query("SELECT DISTINCT target_table FROM undo_given", as: String.self)
    return TargetTable.allCases.filter { names.contains($0.rawValue) }
  }

  /// Of several layers that come back the lowest is the one that finds another.
  private func edited(_ table: TargetTable) -> SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT g.record_id, 'edited', '', \(table.rawValue) || ': ' || string_agg(DISTINCT g.name, ', ' ORDER BY g.name)
    FROM (
      SELECT DISTINCT ON (target_id, name) record_id, provenance_id, target_id, target_table, seq, name
      FROM undo_given
      WHERE target_table = \(table.rawValue)
      ORDER BY target_id, name, seq
    ) g
    JOIN migration_provenance l ON l.id = g.provenance_id
    JOIN \(fragment: table.name) t ON t.id = g.target_id
    LEFT JOIN LATERAL (
      SELECT p.before_image -> g.name AS found
      FROM migration_provenance p
      WHERE \(fragment: Self.isAbove)
      ORDER BY p.seq
      LIMIT 1
    ) k ON true
    WHERE COALESCE(k.found, import_image(to_jsonb(t)) -> g.name) IS DISTINCT FROM l.before_image -> g.name
    GROUP BY g.record_id, g.target_id
    """
  }

  /// Leaves the layers with what stood in their rows when they were taken back.
  private var rest: SQL {
    """
    UPDATE undo_layer l SET before_image = l.before_image - a.names, after_image = l.after_image - a.names
    FROM (
      SELECT k.provenance_id, ARRAY(
        SELECT jsonb_object_keys((a.archived -> 'given') || (a.archived -> 'left'))) AS names
      FROM undo_layer k
      JOIN migration_undo_archive a ON a.undo_id = \(original) AND a.provenance_id = k.provenance_id
        AND a.position = \(Self.position)
    ) a
    WHERE l.provenance_id = a.provenance_id
    """
  }

  /// Whether a layer `p` that stands is above the one of a field `g`, and has changed that field too.
  private static let isAbove: SQL = """
    p.target_id = g.target_id AND p.target_table = g.target_table AND p.seq > g.seq AND p.before_image ? g.name
      AND p.undone_at IS NULL
    """

  /// Lays the layers back under those above them, each row's from the bottom up, before any of them stands again.
  func layUnder(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: try await found(in: tx).map(hold) + [Self.uppermost])
    for place in 0..<(try await places(in: tx)) { try await tx.execute(under(place + 1)) }
  }

  /// Gives back in the rows what nothing above stands for any more. What they refer to is here again by now.
  func giveBack(in tx: AuditedTransaction) async throws {
    let tables = try await found(in: tx)
    for place in 0..<(try await places(in: tx)) {
      try await tx.sql.execute(together: tables.map { row($0, place + 1) })
    }
  }

  private func places(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first("SELECT COALESCE(max(place), 0) FROM undo_given", as: Int.self) ?? 0
  }

  /// Where the upper layer was taken back meanwhile, the field stands in the row again.
  private static let uppermost: SQL = """
    UPDATE undo_given g SET is_uppermost = NOT EXISTS (SELECT FROM migration_provenance p WHERE \(fragment: isAbove))
    """

  /// Nobody may take one of the upper layers back meanwhile.
  private func hold(_ table: TargetTable) -> SQL {
    """
    SELECT count(*)
    FROM (
      SELECT t.id
      FROM \(fragment: table.name) t
      WHERE t.id IN (SELECT target_id FROM undo_given WHERE target_table = \(table.rawValue))
      ORDER BY t.id
      FOR UPDATE OF t
    ) held
    """
  }

  private func row(_ table: TargetTable, _ place: Int) -> SQL {
    """
    UPDATE \(fragment: table.name) t SET (\(fragment: table.settable)) = (
      SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, w.fields))
    FROM (
      SELECT g.target_id, jsonb_object_agg(g.name, g.whole) AS fields
      FROM undo_given g
      JOIN undo_verdict v ON v.record_id = g.record_id AND v.acts
      JOIN migration_provenance l ON l.id = g.provenance_id
      JOIN \(fragment: table.name) t ON t.id = g.target_id
      WHERE g.place = \(place) AND g.target_table = \(table.rawValue)
        AND g.is_uppermost AND import_image(to_jsonb(t)) -> g.name = l.before_image -> g.name
      GROUP BY g.target_id
    ) w
    WHERE t.id = w.target_id
    """
  }

  /// What is above, as far up as the first that stands, found what this layer says wherever it found the same as this
  /// one: what is taken back itself may come again.
  private func under(_ place: Int) -> SQL {
    """
    WITH upper AS MATERIALIZED (
      SELECT p.tenant_id, p.id, g.name, l.after_image -> g.name AS found,
        CASE WHEN jsonb_typeof(l.after_image -> g.name) = 'object' THEN g.whole #>> '{}' END AS body
      FROM undo_given g
      JOIN undo_verdict v ON v.record_id = g.record_id AND v.acts
      JOIN migration_provenance l ON l.id = g.provenance_id
      CROSS JOIN LATERAL (
        SELECT min(p.seq) AS seq FROM migration_provenance p WHERE \(fragment: Self.isAbove)
      ) s
      CROSS JOIN LATERAL (
        SELECT p.tenant_id, p.id
        FROM migration_provenance p
        WHERE p.target_id = g.target_id AND p.target_table = g.target_table AND p.seq > g.seq
          AND (s.seq IS NULL OR p.seq <= s.seq) AND p.before_image -> g.name = l.before_image -> g.name
        OFFSET 0
      ) p
      WHERE g.place = \(place)
    ), \(fragment: UndoBelow.founding)
    """
  }
}
