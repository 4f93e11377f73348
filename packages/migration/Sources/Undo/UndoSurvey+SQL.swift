// What stands against an undo, found for many records at once: each finding says of which record, in which bucket, and
// why. No day stands against an undo but the one until which a record is to be kept.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// The working tables of an undo, filled for some records of a batch. What is looked up in the provenance is looked up
/// row by row through an index (`OFFSET 0`, `LIMIT 1`): a plan made by the figures of an emptier table would join it
/// whole.
///
/// `undo_layer` holds what is to be taken back: the layers of the records asked for, later layers over them, and the
/// records that hang on them. `undo_edge` holds which record hangs on which, `undo_finding` what was found.
struct UndoSurvey: Sendable {
  let batch: ID<Batch>
  let options: UndoOptions

  /// A chain of records that hang on each other is never longer: category, case, attachment, trail.
  private static let rounds = 8

  /// What a survey is for: before an act, the rows are held from the look on.
  enum Purpose: Sendable {
    case look, act
  }

  /// Records from all over a batch that has more than so many, and how many it has; `nil` where it has no more.
  func some(_ limit: Int, in tx: AuditedTransaction) async throws -> (records: [ID<ImportedRecord>], total: Int)? {
    let stands: SQL = "batch_id = \(batch) AND content_hash IS NOT NULL AND undone_at IS NULL"
    let total =
      try await tx.first(
        "SELECT count(*) FROM migration_provenance WHERE \(fragment: stands)", as: Int.self) ?? 0
    guard total > limit else { return nil }
    let records = try await tx.query(
      """
      SELECT DISTINCT record_id
      FROM (
        SELECT record_id, row_number() OVER (ORDER BY row_no) AS place
        FROM migration_provenance
        WHERE \(fragment: stands)
      ) r
      WHERE place % \(1 + (total - 1) / limit) = 0
      """, as: ID<ImportedRecord>.self)
    return (records, total)
  }

  /// Fills the tables.
  /// - Parameter records: all of the batch if left out.
  func take(_ records: [ID<ImportedRecord>]?, for purpose: Purpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: Self.tables)
    if purpose == .act { try await tx.execute(Self.lookingUp) }
    let asked: SQL = records.map { "AND p.record_id = ANY(\($0))" } ?? ""
    try await tx.execute(
      """
      INSERT INTO undo_layer
      SELECT 0, \(fragment: Self.layer)
      FROM migration_provenance p
      WHERE p.batch_id = \(batch) AND p.action <> 'implied' AND p.undone_at IS NULL \(fragment: asked)
      """)
    for round in 0..<Self.rounds {
      let names = try await tx.query(
        "SELECT DISTINCT target_table FROM undo_layer WHERE round = \(round)", as: String.self)
      let tables = Set(names.compactMap(TargetTable.init(rawValue:)))
      guard !tables.isEmpty else { break }
      let dependants =
        Dependant.all.filter { tables.contains($0.parent) && $0.kind != .pointer }
        .map { hanging($0, round) } + (tables.contains(.policyVersion) ? [hangingByCampaign(round)] : [])
      let holds = purpose == .act ? tables.filter(\.canBeHeld).map { hold($0, round) } : []
      let above = options.keepsLater ? [staying(round)] : [later(round), beside(round)]
      try await tx.sql.execute(together: [Self.counted] + holds + above + dependants + [joining(round)])
    }
    let names = try await tx.query("SELECT DISTINCT target_table FROM undo_layer", as: String.self)
    let tables = TargetTable.allCases.filter { names.contains($0.rawValue) }
    let below = options.keepsLater ? UndoBelow.looked : []
    try await tx.sql.execute(together: [Self.counted, held(tx)] + tables.map(gone) + below + tables.compactMap(edited))
  }

  /// What the planner has to know of the layers; their images are joined by nobody.
  static let counted: SQL = "ANALYZE undo_layer (round, record_id, target_table, target_id, action)"

  /// Rows are looked up one by one from here on: no chunk of an undo is worth a walk through all that a client has.
  static let lookingUp: SQL = "SET LOCAL enable_seqscan = off"

  static let tables: [SQL] = [
    """
    CREATE TEMP TABLE IF NOT EXISTS undo_layer (
      round integer, record_id uuid, row_no integer, batch_id uuid, provenance_id uuid, target_table text,
      target_id uuid, target_part text, seq integer, action text, is_main boolean, before_image jsonb,
      after_image jsonb, version bigint, key text) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMP TABLE IF NOT EXISTS undo_edge (record_id uuid, child_id uuid) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMP TABLE IF NOT EXISTS undo_finding (
      record_id uuid, bucket text, needs text, reason text) ON COMMIT DELETE ROWS
    """,
    "DELETE FROM undo_layer", "DELETE FROM undo_edge", "DELETE FROM undo_finding",
  ]

  private static let columns: SQL = """
    record_id, row_no, batch_id, provenance_id, target_table, target_id, target_part, seq, action, is_main,
    before_image, after_image, version, key
    """

  static let layer: SQL = """
    p.record_id, p.row_no, p.batch_id, p.id, p.target_table, p.target_id, p.target_part, p.seq, p.action,
    p.content_hash IS NOT NULL, p.before_image, p.after_image, p.target_row_version, p.source_record_id
    """

  /// Layers over those of this round, and whatever else a record has got since where it is to be deleted: those that
  /// the survey does not know yet, as `fresh`.
  private func fresh(_ round: Int) -> SQL {
    """
    above (lower_id, lower_action, \(fragment: Self.columns)) AS MATERIALIZED (
      SELECT l.record_id, l.action, p.*
      FROM undo_layer l
      CROSS JOIN LATERAL (
        SELECT \(fragment: Self.layer)
        FROM migration_provenance p
        WHERE p.target_id = l.target_id AND p.target_table = l.target_table AND p.target_part = l.target_part
          AND p.seq > l.seq AND p.action <> 'implied' AND p.undone_at IS NULL
        OFFSET 0
      ) p
      WHERE l.round = \(round)
      UNION ALL
      SELECT l.record_id, l.action, p.*
      FROM undo_layer l
      CROSS JOIN LATERAL (
        SELECT \(fragment: Self.layer)
        FROM migration_provenance p
        WHERE p.record_id = l.record_id AND p.batch_id <> l.batch_id AND p.action <> 'implied' AND p.undone_at IS NULL
        OFFSET 0
      ) p
      WHERE l.round = \(round) AND l.is_main AND l.action IN ('insert', 'link')
    ), fresh AS (
      SELECT a.* FROM above a WHERE NOT EXISTS (SELECT FROM undo_layer k WHERE k.provenance_id = a.provenance_id)
    )
    """
  }

  /// They are taken back first, so they join it; one of another record's makes that record hang on this one.
  private func later(_ round: Int) -> SQL {
    """
    WITH \(fragment: fresh(round)), edges AS (
      INSERT INTO undo_edge (record_id, child_id)
      SELECT DISTINCT lower_id, record_id FROM fresh WHERE record_id <> lower_id
    ), found AS (
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT lower_id, 'superseded', '', 'a later import changed it' FROM fresh
    )
    INSERT INTO undo_layer
    SELECT DISTINCT ON (provenance_id) \(round), \(fragment: Self.columns) FROM fresh WHERE record_id = lower_id
    """
  }

  /// What else a later import has brought of a record goes with its layer, so that no half of it is left: such as who
  /// leads a case after the one whom this one had brought.
  private func beside(_ round: Int) -> SQL {
    """
    WITH found (\(fragment: Self.columns)) AS MATERIALIZED (
      SELECT p.*
      FROM (
        SELECT DISTINCT record_id, batch_id
        FROM undo_layer
        WHERE round = \(round) AND is_main AND action = 'update' AND batch_id <> \(batch)
      ) l
      CROSS JOIN LATERAL (
        SELECT \(fragment: Self.layer)
        FROM migration_provenance p
        WHERE p.record_id = l.record_id AND p.batch_id = l.batch_id AND p.action <> 'implied' AND p.undone_at IS NULL
        OFFSET 0
      ) p
    )
    INSERT INTO undo_layer
    SELECT \(round + 1), f.*
    FROM found f
    WHERE NOT EXISTS (SELECT FROM undo_layer k WHERE k.provenance_id = f.provenance_id)
    """
  }

  /// Those of other imports stay: an update goes from under them, and what came new below them stays too. Of the same
  /// import they go with what came new, as ever.
  private func staying(_ round: Int) -> SQL {
    """
    WITH \(fragment: fresh(round)), edges AS (
      INSERT INTO undo_edge (record_id, child_id)
      SELECT DISTINCT lower_id, record_id
      FROM fresh
      WHERE batch_id = \(batch) AND record_id <> lower_id AND lower_action <> 'update'
    )
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT lower_id, 'superseded',
      CASE WHEN batch_id = \(batch) OR lower_action = 'update' THEN '' ELSE 'never' END,
      CASE
        WHEN batch_id = \(batch) THEN 'a later row changed it'
        WHEN lower_action = 'update' THEN 'a later import changed it, and stays'
        ELSE 'a later import changed what came new'
      END
    FROM fresh
    WHERE batch_id <> \(batch) OR lower_action <> 'update'
    """
  }

  private func hold(_ table: TargetTable, _ round: Int) -> SQL {
    """
    SELECT count(*)
    FROM (
      SELECT t.id
      FROM \(fragment: table.name) t
      WHERE t.id = ANY(ARRAY(
        SELECT l.target_id FROM undo_layer l WHERE l.round = \(round) AND l.target_table = \(table.rawValue)))
      ORDER BY t.id
      FOR UPDATE OF t
    ) held
    """
  }

  private func hanging(_ dependant: Dependant, _ round: Int) -> SQL {
    let child = dependant.child
    let rows: SQL = """
      SELECT \(fragment: child.id) AS id, \(fragment: child.part) AS part
      FROM \(fragment: child.name) t
      WHERE \(fragment: dependant.refers)
      """
    return hanging(child, rows, on: dependant.parent, needs: dependant.kind == .part ? "blocked" : "never", round)
  }

  /// Whom a campaign asked that an import had made: with the last of them it goes, and no sooner.
  private func hangingByCampaign(_ round: Int) -> SQL {
    let rows: SQL = """
      SELECT t.id, '' AS part
      FROM campaign c
      JOIN attestation t ON t.campaign_id = c.id
      WHERE c.policy_id = l.target_id AND c.policy_version::text = l.target_part AND EXISTS (
        SELECT FROM migration_provenance m
        WHERE m.target_id = c.id AND m.target_table = 'campaign' AND m.action = 'implied' AND m.undone_at IS NULL)
      """
    return hanging(.attestation, rows, on: .policyVersion, needs: "blocked", round)
  }

  /// Rows that hang on what is to be deleted in this round: a client's own are findings, another record's are edges.
  /// - Parameter rows: a query of the `id, part` of those that hang on a layer `l`.
  private func hanging(
    _ child: TargetTable, _ rows: SQL, on parent: TargetTable, needs: String, _ round: Int
  ) -> SQL {
    """
    WITH hanging AS MATERIALIZED (
      SELECT l.record_id, p.record_id AS child_id, \(fragment: options.keepsLater ? isOfAnother : "false") AS stays
      FROM undo_layer l
      CROSS JOIN LATERAL (\(fragment: rows) OFFSET 0) t
      LEFT JOIN LATERAL (
        SELECT p.record_id
        FROM migration_provenance p
        WHERE p.target_id = t.id AND p.target_table = \(child.rawValue) AND p.target_part = t.part
          AND p.action IN ('insert', 'implied') AND p.undone_at IS NULL
        LIMIT 1
      ) p ON true
      WHERE l.round = \(round) AND l.target_table = \(parent.rawValue) AND l.action = 'insert'
        AND p.record_id IS DISTINCT FROM l.record_id
    ), edges AS (
      INSERT INTO undo_edge (record_id, child_id)
      SELECT DISTINCT record_id, child_id FROM hanging WHERE child_id IS NOT NULL AND NOT stays
    )
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT record_id, 'blocked_native', \(needs), \(child.rawValue) || ' × ' || count(*)
    FROM hanging
    WHERE child_id IS NULL
    GROUP BY record_id
    UNION ALL
    SELECT record_id, 'superseded', 'never', \(child.rawValue) || ' × ' || count(*) || ' of another import'
    FROM hanging
    WHERE stays
    GROUP BY record_id
    """
  }

  /// Whether another import has a part in the record `p`, so that it stays with that.
  private var isOfAnother: SQL {
    """
    EXISTS (
      SELECT FROM migration_provenance o
      WHERE o.record_id = p.record_id AND o.batch_id <> \(batch) AND o.action <> 'implied' AND o.undone_at IS NULL)
    """
  }

  /// The records that hang on those of this round, whole, for the next one.
  private func joining(_ round: Int) -> SQL {
    """
    INSERT INTO undo_layer
    SELECT \(round + 1), p.*
    FROM (SELECT DISTINCT child_id FROM undo_edge) e
    CROSS JOIN LATERAL (
      SELECT \(fragment: Self.layer)
      FROM migration_provenance p
      WHERE p.record_id = e.child_id AND p.action <> 'implied' AND p.undone_at IS NULL
        AND NOT EXISTS (SELECT FROM undo_layer k WHERE k.provenance_id = p.id)
      OFFSET 0
    ) p
    """
  }
}
