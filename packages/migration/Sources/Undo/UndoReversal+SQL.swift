// The undo of an undo: rows come back with their ids, parents first, from what was kept of them.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// Takes an undo back for some of its records.
struct UndoReversal: Sendable {
  let undo: ID<MigrationUndo>
  let original: ID<MigrationUndo>

  /// Finds what stands against it, into `undo_verdict`: the key was imported again, what was kept was erased, what it
  /// belongs to is not here any more, a restored field was changed since.
  func survey(_ records: [ID<ImportedRecord>], in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: UndoSurvey.tables + [UndoSurvey.lookingUp])
    try await tx.execute(
      """
      INSERT INTO undo_layer
      SELECT 0, \(fragment: UndoSurvey.layer)
      FROM migration_provenance p
      WHERE p.undone_by = \(original) AND p.record_id = ANY(\(records)) AND p.action <> 'implied'
      """)
    if try await below.keptLater(in: tx) { try await below.survey(in: tx) }
    let names = try await tx.query(
      "SELECT DISTINCT target_table FROM undo_layer WHERE before_image <> '{}'", as: String.self)
    let updated = TargetTable.allCases.filter { names.contains($0.rawValue) }
    let rows = try await tx.query(
      "SELECT DISTINCT target_table FROM undo_layer WHERE action IN ('update', 'link')", as: String.self)
    let changed = TargetTable.allCases.filter { rows.contains($0.rawValue) }
    try await tx.sql.execute(
      together: [UndoSurvey.counted, superseded, followed, erased] + kept + displaced
        + Dependant.foreignKeys.compactMap(orphaned) + changed.map(gone) + updated.map(edited))
    try await UndoSurvey.judge(.careful, in: tx)
  }

  /// What it took out from under later layers.
  private var below: UndoReturn { UndoReturn(original: original) }

  private var superseded: SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'superseded', 'never', 'its key was imported again'
    FROM undo_layer l
    JOIN migration_provenance o ON o.id = l.provenance_id
    CROSS JOIN LATERAL (
      SELECT FROM migration_provenance p
      WHERE p.source_system = o.source_system AND p.entity = o.entity
        AND p.source_record_id = o.source_record_id AND p.action IN ('insert', 'link') AND p.undone_at IS NULL
      LIMIT 1
    ) p
    WHERE l.action IN ('insert', 'link')
    """
  }

  /// Somebody else has come to lead a case meanwhile, or the same one to work on it, whom this reversal would not end.
  private var followed: SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'superseded', 'never', 'others have come to work on the case'
    FROM undo_layer l
    JOIN migration_undo_archive a ON a.undo_id = \(original) AND a.provenance_id = l.provenance_id
      AND a.target_table = 'case_assignment' AND a.position >= 0
    JOIN case_assignment o ON o.case_id = (a.archived ->> 'case_id')::uuid AND o.ended_at IS NULL
      AND (o.user_id = (a.archived ->> 'user_id')::uuid OR o.part = 'lead' AND a.archived ->> 'part' = 'lead')
    WHERE a.archived ->> 'ended_at' IS NULL AND NOT EXISTS (
      SELECT FROM undo_layer k
      WHERE k.target_id = o.id AND k.target_table = 'case_assignment' AND k.before_image -> 'ended_at' = 'null')
    """
  }

  private var erased: SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'gone', 'never', l.target_table || ' was not kept'
    FROM undo_layer l
    WHERE l.action = 'insert' AND l.is_main AND l.target_table <> 'imported_history' AND NOT EXISTS (
      SELECT FROM migration_undo_archive a WHERE a.undo_id = \(original) AND a.provenance_id = l.provenance_id)
    """
  }

  /// The rows that were kept of the layers, with the ids by which they name others and the numbers that they have. Each
  /// is looked up by its layer (`OFFSET 0`): an undo of a whole batch has kept far more than a chunk of its reversal is
  /// about.
  static func kept(by original: ID<MigrationUndo>) -> SQL {
    let columns = Set(Dependant.foreignKeys.compactMap(\.idColumn) + TargetTable.numbers.map(\.name)).sorted()
    return """
      SELECT l.record_id, a.target_table, a.names
      FROM undo_layer l
      CROSS JOIN LATERAL (
        SELECT a.target_table, (
          SELECT jsonb_object_agg(c.name, a.archived -> c.name)
          FROM unnest(\(columns)) AS c (name)
          WHERE a.archived ? c.name) AS names
        FROM migration_undo_archive a
        WHERE a.undo_id = \(original) AND a.provenance_id = l.provenance_id AND a.position >= 0
        OFFSET 0
      ) a
      """
  }

  private var kept: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_kept (record_id uuid, target_table text, names jsonb) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_kept",
      "INSERT INTO undo_kept \(fragment: Self.kept(by: original))",
    ]
  }

  /// What a row belongs to has to be here, or to come back with it; what was made on the way is made again.
  private func orphaned(_ dependant: Dependant) -> SQL? {
    guard !TargetTable.implied.contains(dependant.parent) || dependant.parent == .employee,
      dependant.kind != .pointer, let column = dependant.idColumn
    else { return nil }
    let parent = dependant.parent
    return """
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT k.record_id, 'gone', 'never', \(parent.rawValue) || ' is not here any more'
      FROM undo_kept k
      CROSS JOIN LATERAL (SELECT (k.names ->> \(column))::uuid AS id) w
      WHERE k.target_table = \(dependant.child.rawValue) AND w.id IS NOT NULL
        AND NOT EXISTS (SELECT FROM \(fragment: parent.name) t WHERE \(fragment: parent.id) = w.id OFFSET 0)
        AND NOT EXISTS (
          SELECT FROM migration_undo_archive a
          JOIN migration_provenance p ON p.id = a.provenance_id
          WHERE a.target_id = w.id AND a.target_table = \(parent.rawValue)
            AND (p.action = 'implied' OR \(fragment: returns(beside: "k.record_id")))
          OFFSET 0)
      """
  }

  /// Whether what was kept, `a` with its layer `p`, comes back with a record, as far as is known yet: it has not come
  /// back and gone another way since, and nothing stands against the record whose it is.
  func returns(beside record: SQL) -> SQL {
    """
    (a.undo_id = \(original) AND p.undone_by = a.undo_id AND NOT EXISTS (
      SELECT FROM undo_finding f
      WHERE f.record_id = a.record_id AND f.record_id <> \(fragment: record) AND f.needs = 'never'))
    """
  }

  /// A layer of a row that is here no more has nothing to stand on, unless that row comes back with it.
  private func gone(_ table: TargetTable) -> SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT l.record_id, 'gone', 'never', \(table.rawValue) || ' is not here any more'
    FROM undo_layer l
    LEFT JOIN \(fragment: table.name) t ON \(fragment: table.isNamed)
    WHERE l.target_table = \(table.rawValue) AND l.action IN ('update', 'link') AND t.tenant_id IS NULL
      AND NOT EXISTS (
        SELECT FROM migration_undo_archive a
        WHERE a.target_id = l.target_id AND a.target_table = \(table.rawValue) AND a.undo_id = \(original)
          AND a.position >= 0)
    """
  }

  private func edited(_ table: TargetTable) -> SQL {
    """
    -- Once for all: beside the layers it would be reckoned again for each of them.
    WITH changed AS MATERIALIZED (
      SELECT s.target_id, f.name
      FROM (\(fragment: UndoLayers.footing("undo_layer", of: table))) s
      JOIN \(fragment: table.name) t ON t.id = s.target_id
      CROSS JOIN LATERAL (SELECT import_image(to_jsonb(t)) AS ours OFFSET 0) o
      CROSS JOIN LATERAL jsonb_each(s.before) AS f (name, value)
      WHERE o.ours -> f.name IS DISTINCT FROM f.value
    )
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT l.record_id, 'edited', '', \(table.rawValue) || ': ' || string_agg(DISTINCT c.name, ', ' ORDER BY c.name)
    FROM changed c
    JOIN undo_layer l ON l.target_id = c.target_id AND l.target_table = \(table.rawValue) AND l.before_image ? c.name
    GROUP BY l.record_id, l.target_id
    """
  }

  /// Puts the rows back, makes their layers count again, and takes over again what updates had said.
  func carryOut(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_back (
        provenance_id uuid, target_table text, target_id uuid, archived jsonb) ON COMMIT DELETE ROWS
      """,
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_said (target_table text, archived jsonb) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_back", "DELETE FROM undo_said",
      """
      INSERT INTO undo_said
      SELECT a.target_table, CASE a.position WHEN \(UndoReturn.position) THEN a.archived -> 'given' ELSE a.archived END
      FROM migration_undo_archive a
      WHERE a.undo_id = \(original) AND a.position < 0
        AND a.record_id IN (SELECT record_id FROM undo_verdict WHERE acts)
      """,
      """
      INSERT INTO undo_back
      SELECT l.provenance_id, a.target_table, a.target_id, a.archived
      FROM undo_layer l
      JOIN undo_verdict v ON v.record_id = l.record_id AND v.acts
      CROSS JOIN LATERAL (
        SELECT a.target_table, a.target_id, a.archived
        FROM migration_undo_archive a
        WHERE a.undo_id = \(original) AND a.provenance_id = l.provenance_id AND a.position >= 0
        OFFSET 0
      ) a
      """,
    ])
    // A unit below a unit, a category below a category: each round finds those above the ones before.
    for _ in 0..<4 { try await tx.sql.execute(together: Dependant.all.compactMap(implied)) }
    let names = try await tx.query("SELECT DISTINCT target_table FROM undo_back", as: String.self)
    let tables = TargetTable.restoring.filter { names.contains($0.rawValue) }
    let keptLater = try await below.keptLater(in: tx)
    if keptLater { try await below.layUnder(in: tx) }
    let updated = try await tx.query(
      "SELECT DISTINCT target_table FROM undo_layer WHERE before_image <> '{}'", as: String.self)
    let reapplied = TargetTable.allCases.filter { updated.contains($0.rawValue) }
    // Who led a case before does so no longer when the one after them comes back.
    let ended = reapplied.filter { $0 == .caseAssignment }
    try await tx.sql.execute(together: [stand] + ended.map(reapply))
    try await tx.sql.execute(together: tables.map { "SELECT import_restore(\($0.rawValue))" } + [seen])
    if keptLater { try await below.giveBack(in: tx) }
    try await tx.sql.execute(together: reapplied.filter { $0 != .caseAssignment }.map(reapply))
  }

  /// What an import had made on the way and an undo has cleared, where a row that comes back refers to it, or what an
  /// update says again.
  private func implied(_ dependant: Dependant) -> SQL? {
    let parent = dependant.parent
    guard TargetTable.implied.contains(parent), let column = dependant.idColumn else { return nil }
    return """
      INSERT INTO undo_back
      SELECT DISTINCT ON (k.target_id) k.provenance_id, k.target_table, k.target_id, k.archived
      FROM (
        SELECT DISTINCT (b.archived ->> \(column))::uuid AS id
        FROM (
          SELECT target_table, archived FROM undo_back UNION ALL SELECT target_table, archived FROM undo_said
        ) b
        WHERE b.target_table = \(dependant.child.rawValue)
      ) w
      CROSS JOIN LATERAL (
        SELECT k.provenance_id, k.undo_id, k.target_table, k.target_id, k.archived
        FROM migration_undo_archive k
        JOIN migration_provenance p ON p.id = k.provenance_id AND p.action = 'implied' AND p.undone_by = k.undo_id
        WHERE k.target_id = w.id AND k.target_table = \(parent.rawValue) AND k.position >= 0
          AND NOT EXISTS (SELECT FROM \(fragment: parent.name) t WHERE t.id = w.id OFFSET 0)
        OFFSET 0
      ) k
      WHERE NOT EXISTS (
        SELECT FROM undo_back d WHERE d.target_id = k.target_id AND d.target_table = k.target_table)
      ORDER BY k.target_id, k.undo_id DESC
      """
  }

  private var stand: SQL {
    """
    UPDATE migration_provenance p SET undone_at = NULL, undone_by = NULL
    WHERE p.id = ANY(ARRAY(
      SELECT provenance_id FROM undo_back
      UNION ALL
      SELECT l.provenance_id FROM undo_layer l JOIN undo_verdict v ON v.record_id = l.record_id AND v.acts))
    """
  }

  /// A former system's trail is shown again.
  private var seen: SQL {
    """
    UPDATE imported_history t SET tombstoned_at = NULL
    FROM undo_layer l
    JOIN undo_verdict v ON v.record_id = l.record_id AND v.acts
    WHERE l.target_table = 'imported_history' AND t.id = l.target_id
    """
  }

  private static let acting: SQL = """
    (SELECT k.* FROM undo_layer k JOIN undo_verdict v ON v.record_id = k.record_id AND v.acts)
    """

  /// Sets again what an update had set, where a field still says what stood before it.
  private func reapply(_ table: TargetTable) -> SQL {
    """
    WITH wanted AS MATERIALIZED (
      SELECT s.target_id, s.provenance_id, (
        SELECT jsonb_object_agg(f.name, a.archived -> f.name)
        FROM jsonb_each(s.before) AS f (name, value)
        WHERE o.ours -> f.name = f.value) AS fields
      FROM (\(fragment: UndoLayers.footing(Self.acting, of: table))) s
      CROSS JOIN LATERAL (
        SELECT a.archived
        FROM migration_undo_archive a
        WHERE a.undo_id = \(original) AND a.provenance_id = s.provenance_id AND a.position = -1
        OFFSET 0
      ) a
      JOIN \(fragment: table.name) t ON t.id = s.target_id
      CROSS JOIN LATERAL (SELECT import_image(to_jsonb(t)) AS ours) o
    ), made AS (
      UPDATE \(fragment: table.name) t SET (\(fragment: table.settable)) = (
        SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, w.fields))
      FROM wanted w
      WHERE t.id = w.target_id AND w.fields IS NOT NULL
      RETURNING t.id, t.version
    )
    UPDATE migration_provenance p SET target_row_version = m.version
    FROM made m
    JOIN wanted w ON w.target_id = m.id
    WHERE p.id = w.provenance_id
    """
  }
}
