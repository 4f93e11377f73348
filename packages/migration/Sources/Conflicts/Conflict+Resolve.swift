// Decides conflicts: ours stays, or the source's is taken over as a layer of its own, which an undo takes back like any
// other.

package import Access
import EthicoTypes
import Postgres

extension Conflict {
  /// Decides picked conflicts of a batch, all of them or none.
  /// - Throws: `ConflictRefusal`, with nothing changed.
  package static func resolve(
    _ picks: [ConflictPick], of batch: ImportBatch, _ choice: ConflictChoice, in tx: AuditedTransaction
  ) async throws -> ConflictOutcome {
    guard !picks.isEmpty else { throw ConflictRefusal.nothing }
    let seen = Dictionary(picks.map { ($0.conflict, $0.seen) }) { $1 }
    let held = try await hold(batch, among: Array(seen.keys), in: tx)
    let fresh = held.filter { $0.seen == seen[$0.id] }
    guard fresh.count == seen.count else { throw ConflictRefusal.stale(seen.count - fresh.count) }
    if choice == .source {
      for record in byRecord(fresh) { try await take(record, of: batch, in: tx) }
    } else {
      try await keep(fresh, in: tx)
    }
    let outcome = ConflictOutcome(decided: fresh.count)
    try await note(outcome, of: batch, choice, in: tx)
    return outcome
  }

  /// Decides whatever is open in a batch, as far as one act goes. What was changed here after the conflict had been
  /// found stays open, and so does what a rule of the workspace refuses: nobody has seen that.
  package static func resolveAll(
    of batch: ImportBatch, _ choice: ConflictChoice, in tx: AuditedTransaction
  ) async throws -> ConflictOutcome {
    let held = try await hold(batch, among: nil, in: tx)
    guard !held.isEmpty else { throw ConflictRefusal.nothing }
    let fresh = held.filter(\.isAsFound)
    var outcome = ConflictOutcome(decided: 0, left: held.count - fresh.count)
    if choice == .ours {
      try await keep(fresh, in: tx)
      outcome.decided = fresh.count
    } else {
      for record in byRecord(fresh) {
        do {
          try await take(record, of: batch, in: tx)
          outcome.decided += record.count
        } catch is ConflictRefusal {
          outcome.left += record.count
        }
      }
    }
    try await note(outcome, of: batch, choice, in: tx)
    return outcome
  }

  private static func note(
    _ outcome: ConflictOutcome, of batch: ImportBatch, _ choice: ConflictChoice, in tx: AuditedTransaction
  ) async throws {
    let left = outcome.left == 0 ? "" : ", \(outcome.left) left open"
    try await tx.record(
      "migration.resolve", object: batch.object, status: 303,
      detail: "\(outcome.decided) fields, \(choice == .ours ? "ours kept" : "the source’s taken")\(left)")
  }

  private static func byRecord(_ held: [Held]) -> [[Held]] {
    Dictionary(grouping: held, by: \.target).values.sorted { $0[0].row < $1[0].row }
  }

  // MARK: The rows

  /// A conflict that is held, with its record, until the transaction ends.
  private struct Held: RowDecodable {
    let id: ID<Conflict>
    let row: Int
    let field: String
    let target: ID<ImportedRecord>
    let seen: String
    let isAsFound: Bool

    init(row: Row) throws {
      id = try row["id"]
      self.row = try row["row_no"]
      field = try row["field"]
      target = try row["target_id"]
      seen = try row["seen"]
      isAsFound = try row["is_as_found"]
    }
  }

  private static func hold(
    _ batch: ImportBatch, among ids: [ID<Conflict>]?, in tx: AuditedTransaction
  ) async throws -> [Held] {
    guard let table = batch.entity.patched else { return [] }
    if table == .case { try await tx.execute(CaseParts.hold(batch.id, among: ids)) }
    return try await tx.query(
      """
      SELECT c.id, c.row_no, c.field, c.target_id, \(fragment: digest) AS seen,
        o.ours IS NOT DISTINCT FROM c.our_value AS is_as_found
      \(fragment: standing(table))
      WHERE c.batch_id = \(batch.id) AND (\(ids == nil) OR c.id = ANY(\(ids ?? []))) AND \(fragment: isOpen)
      ORDER BY o.ours IS DISTINCT FROM c.our_value, c.row_no, c.field
      LIMIT \(atOnce)
      FOR UPDATE OF c, t
      """, as: Held.self)
  }

  private static func keep(_ held: [Held], in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_conflict SET resolution = 'ours', resolved_at = \(tx.at) WHERE id = ANY(\(held.map(\.id)))
      """)
  }

  /// Takes over what the source says of one record.
  private static func take(_ held: [Held], of batch: ImportBatch, in tx: AuditedTransaction) async throws {
    guard let table = batch.entity.patched, let first = held.first, let tenant = tx.author.tenant else { return }
    let ids = held.map(\.id)
    let own = held.filter { !table.partFields.contains($0.field) }.map(\.id)
    let beside = Set(held.map(\.field)).intersection(table.partFields)
    let layer: ID<ImportedRecord> = tx.newID()
    let parts = CaseParts(chunk: ImportChunk(batch: batch, tenant: tenant, rowNumbers: [first.row], stamps: [layer]))
    do {
      try await tx.sql.savepoint { sql in
        try await sql.execute("SELECT set_config('ops.import', \(batch.id.description), true)")
        try await sql.execute(
          "UPDATE migration_conflict SET resolution = 'source', resolved_at = \(tx.at) WHERE id = ANY(\(ids))")
        // An undo may have taken the layer back that found them, while they were waited for.
        let layers = own.isEmpty ? 1 : try await sql.execute(self.layered(layer, own, table, tx))
        guard layers == 1, try await parts.take(beside, by: self.said(layer, ids, table), in: tx) else {
          throw ConflictRefusal.stale(held.count)
        }
        // What is looked at when the transaction commits is looked at here, while it can still be said of which row.
        try await sql.execute("SET CONSTRAINTS \(fragment: Importer.late) IMMEDIATE")
        try await sql.execute("SET CONSTRAINTS \(fragment: Importer.late) DEFERRED")
      }
    } catch let error as PostgresError where error.isOfARow {
      throw ConflictRefusal.refused(row: first.row, rule: error.constraint ?? error.sqlState.rawValue)
    }
  }

  /// What the source says of one record, in the shape in which an import says it.
  private static func said(_ layer: ID<ImportedRecord>, _ ids: [ID<Conflict>], _ table: TargetTable) -> SQL {
    """
    SELECT c.row_no, \(layer)::uuid AS stamp, p.record_id AS record, p.source_record_id AS key, c.target_id,
      jsonb_object_agg(c.field, c.source_value) AS wanted
    \(fragment: standing(table))
    WHERE c.id = ANY(\(ids)) AND c.field = ANY(\(table.partFields))
    GROUP BY c.row_no, p.record_id, p.source_record_id, c.target_id
    """
  }

  /// One layer of the fields together. Long texts of ours are kept whole beside it, because an image holds their digest
  /// alone.
  private static func layered(
    _ layer: ID<ImportedRecord>, _ ids: [ID<Conflict>], _ table: TargetTable, _ tx: AuditedTransaction
  ) -> SQL {
    """
    WITH wanted AS MATERIALIZED (
      SELECT c.tenant_id, c.target_id, p.record_id, p.entity, p.source_system, p.source_record_id, c.batch_id, c.row_no,
        to_jsonb(t) AS ours, array_agg(c.field) OVER () AS names,
        jsonb_object_agg(c.field, c.source_value) OVER () AS fields
      \(fragment: standing(table))
      WHERE c.id = ANY(\(ids))
      LIMIT 1
    ), made AS (
      UPDATE \(fragment: table.name) t SET (\(fragment: table.settable)) = (
        SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, w.fields))
      FROM wanted w
      WHERE t.id = w.target_id
      RETURNING t.id, t.version, to_jsonb(t) AS now
    ), texts AS (
      INSERT INTO migration_replaced (tenant_id, provenance_id, field, body)
      SELECT w.tenant_id, \(layer), f.name, w.ours ->> f.name
      FROM wanted w
      CROSS JOIN LATERAL unnest(w.names) AS f (name)
      WHERE jsonb_typeof(w.ours -> f.name) = 'string' AND octet_length(w.ours ->> f.name) > 256
    )
    INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
      source_record_id, batch_id, row_no, seq, action, before_image, after_image, target_row_version, event_id,
      imported_at)
    SELECT w.tenant_id, \(layer), w.record_id, w.entity, \(table.rawValue), w.target_id, w.source_system,
      w.source_record_id, w.batch_id, w.row_no, (
        SELECT max(l.seq) + 1 FROM migration_provenance l
        WHERE l.target_id = w.target_id AND l.target_table = \(table.rawValue)),
      'update', import_image(i.before), import_image(i.after), made.version, \(tx.event), \(tx.at)
    FROM wanted w
    JOIN made ON made.id = w.target_id
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(f.name, w.ours -> f.name) AS before, jsonb_object_agg(f.name, made.now -> f.name) AS after
      FROM unnest(w.names) AS f (name)
    ) i
    """
  }
}
