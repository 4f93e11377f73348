// Takes back what a survey has found may go: keeps every row whole, deletes children first, restores what was updated.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// The act of one undo on the records that its survey holds.
struct UndoAct: Sendable {
  let tenant: ID<Tenant>
  let undo: ID<MigrationUndo>
  let options: UndoOptions

  /// How deep a client's own rows may hang on each other: employee, attestation, act; disclosure, attachment, content.
  private static let depth = 5

  /// Carries it out.
  /// - Returns: the records that were taken back, those that hung on them included.
  func carryOut(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: choosing)
    if options.keepsLater { try await UndoBelow.take(undo, in: tx) }
    let names = try await tx.query("SELECT DISTINCT target_table FROM undo_acted", as: String.self)
    let tables = TargetTable.allCases.filter { names.contains($0.rawValue) }
    try await tx.sql.execute(
      together: tables.filter { $0 != .importedHistory }.map(doom) + [campaigns, tombstones(tx)])
    if options.includeBlocked { try await takeAlong(in: tx) }
    try await keepAndDelete(in: tx)
    try await tx.sql.execute(together: tables.filter(\.countsVersions).flatMap(restore) + [mark(tx)])
    try await clearImplied(in: tx)
  }

  /// The layers of the records that the verdicts let go, with all that hangs on them.
  private var choosing: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_acted (
        record_id uuid, batch_id uuid, provenance_id uuid, target_table text, target_id uuid, target_part text,
        seq integer, action text, before_image jsonb, after_image jsonb) ON COMMIT DELETE ROWS
      """,
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_doomed (
        round integer, record_id uuid, provenance_id uuid, position integer, target_table text, target_id uuid,
        target_part text) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_acted", "DELETE FROM undo_doomed",
      """
      INSERT INTO undo_acted
      WITH RECURSIVE \(fragment: UndoSurvey.gone)
      SELECT l.record_id, l.batch_id, l.provenance_id, l.target_table, l.target_id, l.target_part, l.seq, l.action,
        l.before_image, l.after_image
      FROM undo_layer l
      JOIN gone g ON g.record_id = l.record_id
      """,
      "ANALYZE undo_acted (provenance_id, target_table, target_id, action)",
      // What a layer found may have become what one below it found, before these rows were held.
      """
      UPDATE undo_acted l SET before_image = p.before_image, after_image = p.after_image
      FROM migration_provenance p
      WHERE l.before_image IS NOT NULL AND p.id = l.provenance_id AND p.before_image <> l.before_image
      """,
    ]
  }

  /// What an import made and this undo deletes: where the row is still there.
  private func doom(_ table: TargetTable) -> SQL {
    """
    INSERT INTO undo_doomed
    SELECT 0, l.record_id, l.provenance_id, 0, l.target_table, l.target_id, l.target_part
    FROM undo_acted l
    JOIN \(fragment: table.name) t ON \(fragment: table.isNamed)
    WHERE l.target_table = \(table.rawValue) AND l.action = 'insert'
    """
  }

  /// A campaign that an import had made goes before the version of a policy that it asked for, with the last of those
  /// whom it asked; under its own layer, as what is cleared later.
  private let campaigns: SQL = """
    INSERT INTO undo_doomed
    SELECT DISTINCT ON (t.id) 0, l.record_id, p.id, 0, 'campaign', t.id, ''
    FROM undo_doomed l
    JOIN campaign t ON t.policy_id = l.target_id AND t.policy_version::text = l.target_part
    JOIN migration_provenance p ON p.target_id = t.id AND p.target_table = 'campaign' AND p.action = 'implied'
      AND p.undone_at IS NULL
    WHERE l.target_table = 'policy_version' AND NOT EXISTS (
      SELECT FROM attestation a
      WHERE a.campaign_id = t.id AND NOT EXISTS (
        SELECT FROM undo_doomed d WHERE d.target_table = 'attestation' AND d.target_id = a.id))
    """

  /// A former system's trail is never deleted: it is only no longer shown.
  private func tombstones(_ tx: AuditedTransaction) -> SQL {
    """
    UPDATE imported_history t SET tombstoned_at = \(tx.at)
    FROM undo_acted l
    WHERE l.target_table = 'imported_history' AND t.id = l.target_id AND t.tombstoned_at IS NULL
    """
  }

  /// A client's own rows that hang on what is deleted, and what hangs on those.
  private func takeAlong(in tx: AuditedTransaction) async throws {
    for round in 0..<Self.depth {
      let taken = Dependant.all.filter { $0.kind == .part }.map { dependant -> SQL in
        let child = dependant.child
        return """
          INSERT INTO undo_doomed
          SELECT DISTINCT ON (\(fragment: child.id), \(fragment: child.part)) \(round + 1), l.record_id,
            l.provenance_id, 0, \(child.rawValue), \(fragment: child.id), \(fragment: child.part)
          FROM undo_doomed l
          JOIN \(fragment: child.name) t ON \(fragment: dependant.refers)
          WHERE l.round = \(round) AND l.target_table = \(dependant.parent.rawValue) AND NOT EXISTS (
            SELECT FROM undo_doomed d
            WHERE d.target_table = \(child.rawValue) AND d.target_id = \(fragment: child.id)
              AND d.target_part = \(fragment: child.part))
          """
      }
      try await tx.sql.execute(together: taken)
      let more = try await tx.first(
        "SELECT EXISTS (SELECT FROM undo_doomed WHERE round = \(round + 1))", as: Bool.self)
      guard more ?? false else { break }
    }
    // Several rows may hang on one layer: each has its place.
    try await tx.execute(
      """
      UPDATE undo_doomed d SET position = n.place
      FROM (
        SELECT target_table, target_id, target_part, row_number() OVER () AS place FROM undo_doomed WHERE round > 0
      ) n
      WHERE d.round > 0 AND d.target_table = n.target_table AND d.target_id = n.target_id
        AND d.target_part = n.target_part
      """)
    // What an import had made on the way is no row of the client's own: it is kept under its own layer, which goes too.
    try await tx.execute(
      """
      UPDATE undo_doomed d SET provenance_id = p.id
      FROM migration_provenance p
      WHERE d.round > 0 AND d.target_table = ANY(\(TargetTable.implied)) AND p.target_id = d.target_id
        AND p.target_table = d.target_table AND p.action = 'implied' AND p.undone_at IS NULL
      """)
  }

  /// Keeps the rows whole, and deletes them, children first. The row that is kept is the row that goes: it is held from
  /// the one to the other.
  private func keepAndDelete(in tx: AuditedTransaction) async throws {
    let names = try await tx.query("SELECT DISTINCT target_table FROM undo_doomed", as: String.self)
    let tables = TargetTable.allCases.filter { names.contains($0.rawValue) }
    guard !tables.isEmpty else { return }
    try await tx.sql.execute(
      together: ["ANALYZE undo_doomed (target_table, target_id)"] + tables.map(keep) + tables.map(delete))
  }

  private func keep(_ table: TargetTable) -> SQL {
    let held: SQL = table.canBeHeld ? "FOR UPDATE OF t" : ""
    return """
      INSERT INTO migration_undo_archive (tenant_id, undo_id, record_id, provenance_id, position, target_table,
        target_id, archived)
      SELECT \(tenant), \(undo), l.record_id, l.provenance_id, l.position, l.target_table, l.target_id, to_jsonb(t)
      FROM undo_doomed l
      JOIN \(fragment: table.name) t ON \(fragment: table.isNamed)
      WHERE l.target_table = \(table.rawValue)
      \(fragment: held)
      """
  }

  private func delete(_ table: TargetTable) -> SQL {
    """
    DELETE FROM \(fragment: table.name) t
    USING undo_doomed l
    WHERE l.target_table = \(table.rawValue) AND \(fragment: table.isNamed)
    """
  }

  /// Gives back what updates had replaced, field by field, where a field still says what the update said. The row as
  /// it was is kept too, under the highest layer, in case all this is reversed.
  private func restore(_ table: TargetTable) -> [SQL] {
    found(table) + (table == .caseAssignment ? [oneLead] : []) + [
      """
      INSERT INTO migration_undo_archive (tenant_id, undo_id, record_id, provenance_id, position, target_table,
        target_id, archived)
      SELECT \(tenant), \(undo), r.record_id, r.provenance_id, -1, \(table.rawValue), r.target_id, to_jsonb(t)
      FROM undo_restored r
      JOIN \(fragment: table.name) t ON t.id = r.target_id
      WHERE r.fields IS NOT NULL
      FOR UPDATE OF t
      """,
      """
      UPDATE \(fragment: table.name) t SET (\(fragment: table.settable)) = (
        SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, r.fields))
      FROM undo_restored r
      WHERE t.id = r.target_id AND r.fields IS NOT NULL
      """,
    ]
  }

  /// Which fields of which rows those are, into `undo_restored`.
  private func found(_ table: TargetTable) -> [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_restored (
        record_id uuid, provenance_id uuid, target_id uuid, fields jsonb) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM undo_restored",
      """
      INSERT INTO undo_restored
      SELECT s.record_id, s.provenance_id, s.target_id, (
        SELECT jsonb_object_agg(f.name, f.value)
        FROM jsonb_each(s.before) AS f (name, value)
        WHERE o.ours -> f.name = s.after -> f.name)
      FROM (\(fragment: UndoLayers.footing(Self.updating, of: table, found: Self.whole))) s
      JOIN \(fragment: table.name) t ON t.id = s.target_id
      CROSS JOIN LATERAL (SELECT import_image(to_jsonb(t)) AS ours) o
      """,
    ]
  }

  /// Nobody leads a case again who was followed by somebody here, or by another one who leads it again; and nobody
  /// works on it twice.
  private var oneLead: SQL {
    """
    UPDATE undo_restored r SET fields = NULLIF(r.fields - 'ended_at', '{}')
    FROM case_assignment t
    WHERE t.id = r.target_id AND r.fields -> 'ended_at' = 'null' AND EXISTS (
      SELECT FROM case_assignment o
      WHERE o.case_id = t.case_id AND o.id <> t.id AND (o.user_id = t.user_id OR o.part = 'lead' AND t.part = 'lead')
        AND (o.ended_at IS NULL OR (o.assigned_at, o.id) > (t.assigned_at, t.id) AND EXISTS (
          SELECT FROM undo_restored k WHERE k.target_id = o.id AND k.fields -> 'ended_at' = 'null')))
    """
  }

  /// The layers of rows that stay.
  private static let updating: SQL = """
    (SELECT a.* FROM undo_acted a WHERE NOT EXISTS (
      SELECT FROM undo_doomed d WHERE d.target_table = a.target_table AND d.target_id = a.target_id))
    """

  /// What a layer `l` replaced, long texts too.
  private static let whole: SQL = """
    l.before_image || COALESCE((
      SELECT jsonb_object_agg(field, body) FROM migration_replaced WHERE provenance_id = l.provenance_id), '{}')
    """

  private func mark(_ tx: AuditedTransaction) -> SQL {
    """
    UPDATE migration_provenance p SET undone_at = \(tx.at), undone_by = \(undo)
    FROM (SELECT provenance_id FROM undo_acted UNION SELECT provenance_id FROM undo_doomed) l
    WHERE p.id = l.provenance_id AND p.undone_at IS NULL
    """
  }

  /// What an import made on the way goes with the last row that refers to it, unless somebody has made it their own.
  func clearImplied(in tx: AuditedTransaction) async throws {
    // A unit or a category goes only after those below it.
    for _ in 0..<Self.depth {
      try await tx.sql.execute(together: ["DELETE FROM undo_doomed"] + TargetTable.implied.map(unused))
      let found = try await tx.first("SELECT count(*) FROM undo_doomed", as: Int.self) ?? 0
      guard found > 0 else { return }
      try await keepAndDelete(in: tx)
      try await tx.execute(
        """
        UPDATE migration_provenance p SET undone_at = \(tx.at), undone_by = \(undo)
        FROM undo_doomed l
        WHERE p.id = l.provenance_id
        """)
    }
  }

  /// First come those that no foreign key refers to, by indexes alone: of the others a client may have many.
  private func unused(_ table: TargetTable) -> SQL {
    func free(of dependants: [Dependant]) -> SQL {
      dependants.filter { $0.parent == table }.map { dependant -> SQL in
        """
         AND NOT EXISTS (SELECT FROM \(fragment: dependant.child.name) t WHERE \(fragment: dependant.refers))
        """
      }.reduce("" as SQL, +)
    }
    return """
      INSERT INTO undo_doomed
      SELECT 0, l.record_id, l.id, 0, l.target_table, l.target_id, ''
      FROM (
        SELECT l.record_id, l.id, l.target_table, l.target_id, l.target_row_version, l.after_image
        FROM migration_provenance l
        WHERE l.target_table = \(table.rawValue) AND l.action = 'implied'
          AND l.undone_at IS NULL\(fragment: free(of: Dependant.foreignKeys))
        OFFSET 0
      ) l
      JOIN \(fragment: table.name) o ON o.id = l.target_id
        AND (o.version = l.target_row_version OR import_image(to_jsonb(o)) @> l.after_image)
      WHERE NOT EXISTS (
        SELECT FROM migration_provenance k
        WHERE k.target_id = l.target_id AND k.action <> 'implied'
          AND k.undone_at IS NULL)\(fragment: free(of: Dependant.listed))
      """
  }
}
