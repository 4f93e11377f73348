// Who reported stays anonymous by the records that are here or on their way as well: rows that may say who it was, and
// do not know it, go on without it as soon as both are there.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

/// Takes who reported out of staged rows whose case is anonymous although they do not say so themselves.
struct HeldAnonymity {
  let batch: ImportBatch
  private let columns: Columns

  /// Looks at a batch that is being checked, and at those that may belong to what it brings.
  static func withhold(around batch: ImportBatch, in tx: AuditedTransaction) async throws {
    try await withhold(from: batch, in: tx)
    let belonging = try await belonging(to: batch, in: tx)
    guard !belonging.isEmpty else { return }
    try await tx.sql.execute(together: anonymousParents(from: batch.sourceSystem))
    for found in belonging {
      let held = try await HeldAnonymity(found, in: tx)
      try await held.withhold(held.byParents, in: tx)
    }
  }

  /// Looks at the rows of a batch whose own records are here: a case that is anonymous stays it, whatever its source
  /// says by now.
  static func withhold(from batch: ImportBatch, in tx: AuditedTransaction) async throws {
    guard batch.entity == .case else { return }
    let held = try await HeldAnonymity(batch, in: tx)
    try await held.withhold(held.byRecords, in: tx)
  }

  private init(_ batch: ImportBatch, in tx: AuditedTransaction) async throws {
    self.batch = batch
    columns = try await Columns(of: batch, in: tx)
  }

  /// Batches of files and trails, this one or those that are checked already, whose parents this one may bring.
  private static func belonging(to batch: ImportBatch, in tx: AuditedTransaction) async throws -> [ImportBatch] {
    let kinds: [ImportEntity]
    switch batch.entity {
    case .case: kinds = [.attachment, .auditEvent]
    case .attachment: kinds = [.auditEvent]
    case .auditEvent: kinds = []
    case .person, .policy, .attestation, .disclosure: return []
    }
    let ids = try await tx.query(
      """
      SELECT id FROM migration_batch
      WHERE source_system = \(batch.sourceSystem) AND entity = ANY(\(kinds.map(\.rawValue)))
        AND state = ANY(\(checked)) AND id <> \(batch.id)
      ORDER BY id
      """, as: ID<Batch>.self)
    var found = batch.entity == .case ? [] : [batch]
    for id in ids {
      if let later = try await ImportBatch.find(id, in: tx) { found.append(later) }
    }
    return found
  }

  /// Batches whose rows have been checked.
  private static let checked: [BatchState] = [
    .validated, .committing, .paused, .failed, .committed, .partiallyUndone, .undone,
  ]

  /// The cases of a source whose reporter is anonymous, and the files on them: those here and those on their way. Each
  /// row looks its parent up by an index: however little the planner knows of either, no row is held against all. And
  /// rows are read batch by batch (`OFFSET 0`): most of what a client has brought are no cases.
  private static func anonymousParents(from system: String) -> [SQL] {
    [
      "CREATE TEMP TABLE held_parent (entity text, key text) ON COMMIT DROP",
      """
      INSERT INTO held_parent (entity, key)
      SELECT 'case', p.source_record_id
      FROM migration_provenance p
      WHERE p.source_system = \(system) AND p.entity = 'case' AND p.action IN ('insert', 'link')
        AND p.undone_at IS NULL AND \(fragment: isAnonymous("p.target_id"))
      UNION
      SELECT 'case', s.source_record_id
      FROM migration_batch b
      CROSS JOIN LATERAL (
        SELECT s.source_record_id
        FROM migration_staged_row s
        WHERE s.batch_id = b.id AND COALESCE(s.parsed ->> 'reporter_type', 'anonymous') = 'anonymous'
        OFFSET 0
      ) s
      WHERE b.source_system = \(system) AND b.entity = 'case' AND b.state <> 'cancelled'
      """,
      "CREATE INDEX ON held_parent (entity, key)", "ANALYZE held_parent",
      """
      INSERT INTO held_parent (entity, key)
      SELECT 'attachment', p.source_record_id
      FROM migration_provenance p
      JOIN attachment a ON a.id = p.target_id
      WHERE p.source_system = \(system) AND p.entity = 'attachment' AND p.action = 'insert' AND p.undone_at IS NULL
        AND \(fragment: isAnonymous("a.case_id"))
      UNION
      SELECT 'attachment', s.source_record_id
      FROM migration_batch b
      CROSS JOIN LATERAL (
        SELECT s.source_record_id, s.parsed ->> 'parent_key' AS parent_key
        FROM migration_staged_row s
        WHERE s.batch_id = b.id AND s.parsed ->> 'parent_entity' = 'case'
        OFFSET 0
      ) s
      WHERE b.source_system = \(system) AND b.entity = 'attachment' AND b.state <> 'cancelled'
        AND EXISTS (SELECT FROM held_parent h WHERE h.entity = 'case' AND h.key = s.parent_key)
      """,
      "ANALYZE held_parent",
    ]
  }

  /// Whether somebody who stays anonymous reported a case.
  static func isAnonymous(_ caseID: SQL) -> SQL {
    """
    EXISTS (
      SELECT FROM case_report l
      JOIN report o ON o.tenant_id = l.tenant_id AND o.id = l.report_id
      WHERE l.case_id = \(fragment: caseID) AND o.reporter = 'anonymous')
    """
  }

  /// - Parameter rows: a query of `row_no, cells, parsed, legacy` for those that say too much, as they shall be.
  private func withhold(_ rows: SQL, in tx: AuditedTransaction) async throws {
    let changed = try await tx.first(
      """
      WITH changed AS (
        UPDATE migration_staged_row s SET cells = d.cells, parsed = d.parsed, legacy = d.legacy
        FROM (\(fragment: rows)) d
        WHERE s.batch_id = \(batch.id) AND s.row_no = d.row_no
        RETURNING s.row_no
      ), issues AS (
        UPDATE migration_row_issue i SET value = NULL
        FROM changed c
        WHERE i.batch_id = \(batch.id) AND i.row_no = c.row_no AND i.position = ANY(\(columns.all))
      )
      SELECT count(*) FROM changed
      """, as: Int.self)
    if changed ?? 0 > 0 { try await Batch.withhold(Set(columns.all), of: batch.id, in: tx) }
  }

  private var byRecords: SQL {
    """
    SELECT s.row_no, \(fragment: cells(unless: "false")) AS cells,
      s.parsed - \(ReporterIdentity.targets)::text[] || '{"reporter_type": "anonymous"}' AS parsed, s.legacy
    FROM migration_staged_row s
    WHERE s.batch_id = \(batch.id) AND s.target_id IS NOT NULL
      AND COALESCE(s.parsed ->> 'reporter_type', 'anonymous') <> 'anonymous'
      AND \(fragment: Self.isAnonymous("s.target_id"))
    """
  }

  /// What belongs to an anonymous case says of nobody but the client's own people who sent or did it. What a row shall
  /// be is reckoned once, and of such rows alone (`OFFSET 0`).
  private var byParents: SQL {
    let isOwn: SQL =
      batch.entity == .auditEvent
      ? "EXISTS (SELECT FROM client_user u WHERE u.email = lower(s.parsed ->> 'actor.email'))" : "false"
    let who = ReporterIdentity.targets(of: batch.entity).filter { $0 != "ip" }
    let name = batch.entity == .auditEvent ? "actor.name" : "uploaded_by.name"
    return """
      SELECT s.row_no, w.cells, w.parsed, w.legacy
      FROM (
        SELECT s.row_no, s.cells, s.parsed, s.legacy, \(fragment: isOwn) AS is_own
        FROM migration_staged_row s
        WHERE s.batch_id = \(batch.id) AND EXISTS (
          SELECT FROM held_parent h
          WHERE h.entity = s.parsed ->> 'parent_entity' AND h.key = s.parsed ->> 'parent_key')
        OFFSET 0
      ) s
      CROSS JOIN LATERAL (
        SELECT \(fragment: cells(unless: "s.is_own")) AS cells,
          CASE WHEN s.is_own OR NOT s.parsed ?| \(who) THEN s.parsed
            ELSE s.parsed - \(who)::text[] || jsonb_build_object(\(name)::text, 'reporter') END
            || CASE WHEN s.parsed ? 'ip' THEN '{"ip": "reporter"}' ELSE '{}'::jsonb END
            || \(fragment: HistoryImport.withheldTexts("s.parsed", among: Self.told)) AS parsed,
          s.legacy || \(fragment: HistoryImport.withheldTexts("s.legacy")) AS legacy
        OFFSET 0
      ) w
      WHERE (s.cells, s.parsed, s.legacy) IS DISTINCT FROM (w.cells, w.parsed, w.legacy)
      """
  }

  /// The fields of an event that repeat no address where the reporter is anonymous.
  static let told = ["old_value", "new_value", "comment"]

  /// The cells of `s` without who it was, and without the addresses that others repeat.
  private func cells(unless isOwn: SQL) -> SQL {
    """
    COALESCE((
      SELECT array_agg(CASE
        WHEN c.cell <> '' AND (c.n = ANY(\(columns.who)) OR c.n = ANY(\(columns.actor)) AND NOT \(fragment: isOwn)
          OR c.n = ANY(\(columns.told)) AND \(fragment: HistoryImport.holdsAddress("c.cell")))
          THEN \(ReporterIdentity.withheld)
        ELSE c.cell END ORDER BY c.n)
      FROM unnest(s.cells) WITH ORDINALITY AS c (cell, n)), s.cells)
    """
  }
}

/// Where the columns of a batch stand, counted from 1, that have to do with who reported.
private struct Columns: Sendable {
  var who: [Int] = []
  var actor: [Int] = []
  /// Those that may repeat an address.
  var told: [Int] = []

  /// As issues, the grid and profiles count them.
  var all: [Int] { (who + actor + told).map { $0 - 1 } }

  init(of batch: ImportBatch, in tx: AuditedTransaction) async throws {
    let text = try await tx.first(
      """
      SELECT m.columns
      FROM migration_batch b
      JOIN migration_mapping m ON m.batch_id = b.id AND m.number = COALESCE(b.staged_number, b.mapping_number)
      WHERE b.id = \(batch.id)
      """, as: JSONText.self)
    guard let text else { return }
    let columns = try JSONDecoder().decode([ColumnDecision].self, from: Data(text.text.utf8))
    let guarded = ReporterIdentity.targets(of: batch.entity)
    let named = ReporterIdentity.columns(columns)
    for column in columns {
      let target = column.act == .matched ? column.target ?? "" : ""
      switch target {
      case _ where target.hasPrefix("actor."): actor.append(column.index + 1)
      case _ where guarded.contains(target) || named.contains(column.index): who.append(column.index + 1)
      case _ where batch.entity != .case && (column.act == .keep || HeldAnonymity.told.contains(target)):
        told.append(column.index + 1)
      default: break
      }
    }
  }
}
