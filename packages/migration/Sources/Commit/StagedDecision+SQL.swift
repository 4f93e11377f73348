// Decides each row of a batch, and tells how many become what.

package import Access
package import EthicoTypes
import Mapping
package import Postgres

extension StagedDecision {
  /// Sets the decision of every row of a batch. Only the batch's own rows are written, and no event: the caller's says
  /// what it was for.
  @discardableResult
  package static func decide(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> DecisionCounts {
    guard let batch = try await ImportBatch.find(id, in: tx) else { throw ImportRefusal.missing }
    try await byKey(batch, in: tx)
    var after = 0
    while let chunk = try await updates(of: batch, after: after, in: tx) {
      try await chunk.read(in: tx)
      let entity = chunk.entityImport(files: .none)
      try await entity.read(.look, in: tx)
      if let patch = entity.patch {
        try await patch.compare(in: tx)
        try await tx.execute(
          """
          UPDATE migration_staged_row SET decision = 'conflict'
          WHERE batch_id = \(id) AND row_no IN (SELECT row_no FROM import_field WHERE verdict = 'conflict')
          """)
      }
      after = chunk.rowNumbers.last ?? after
    }
    return try await counts(of: id, in: tx)
  }

  /// By what came under the same key before. Rows without a key or with a blocker stay behind; and so does whoever is
  /// named where the reporter stays anonymous, whatever the validation before this has said.
  private static func byKey(_ batch: ImportBatch, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_staged_row s SET decision = d.decision, target_id = d.target_id
      FROM (
        SELECT s.row_no, p.target_id,
          CASE
            WHEN s.source_record_id IS NULL OR b.row_no IS NOT NULL OR \(fragment: namesAnonymous) THEN 'reject'
            WHEN p.target_id IS NULL THEN 'insert'
            WHEN \(fragment: NewestLayer.isRepeated(in: batch.entity)) THEN 'unchanged'
            ELSE 'update'
          END AS decision
        FROM migration_staged_row s
        LEFT JOIN (
          SELECT DISTINCT row_no FROM migration_row_issue WHERE batch_id = \(batch.id) AND level = 'blocker'
        ) b ON b.row_no = s.row_no
        LEFT JOIN LATERAL (
          SELECT i.target_id, i.record_id
          FROM migration_provenance i
          WHERE i.source_system = \(batch.sourceSystem) AND i.entity = \(batch.entity.rawValue)
            AND i.source_record_id = s.source_record_id AND i.action IN ('insert', 'link') AND i.undone_at IS NULL
          LIMIT 1
        ) p ON true
        LEFT JOIN LATERAL (\(fragment: NewestLayer.of("p.record_id"))) l ON true
        WHERE s.batch_id = \(batch.id) AND s.decision IS DISTINCT FROM 'skip'
      ) d
      WHERE s.batch_id = \(batch.id) AND s.row_no = d.row_no
        AND (s.decision, s.target_id) IS DISTINCT FROM (d.decision, d.target_id)
      """)
  }

  private static let namesAnonymous: SQL = """
    (COALESCE(s.parsed ->> 'reporter_type', 'anonymous') = 'anonymous' AND s.parsed ?| '{reporter_name,reporter_email,
      reporter_phone,reporter_relationship}')
    """

  private static func updates(
    of batch: ImportBatch, after: Int, in tx: AuditedTransaction
  ) async throws -> ImportChunk? {
    guard let tenant = tx.author.tenant else { return nil }
    let numbers = try await tx.query(
      """
      SELECT row_no FROM migration_staged_row
      WHERE batch_id = \(batch.id) AND decision = 'update' AND row_no > \(after)
      ORDER BY row_no
      LIMIT \(ImportChunk.rows)
      """, as: Int.self)
    guard !numbers.isEmpty else { return nil }
    return ImportChunk(batch: batch, tenant: tenant, rowNumbers: numbers, stamps: numbers.map { _ in tx.newID() })
  }

  /// How many rows of a batch become what.
  package static func counts(of id: ID<Batch>, in tx: AuditedTransaction) async throws -> DecisionCounts {
    let found = try await tx.query(
      """
      SELECT decision, count(*) AS rows FROM migration_staged_row
      WHERE batch_id = \(id) AND decision IS NOT NULL
      GROUP BY decision
      """, as: Counted.self)
    return DecisionCounts(byDecision: Dictionary(uniqueKeysWithValues: found.map { ($0.decision, $0.rows) }))
  }

  private struct Counted: RowDecodable {
    let decision: StagedDecision
    let rows: Int

    init(row: Row) throws {
      decision = try row["decision"]
      rows = try row["rows"]
    }
  }
}

extension FieldDifference: RowDecodable {
  package init(row: Row) throws {
    rowNumber = try row["row_no"]
    field = try row["field"]
    ours = try row["ours"]
    theirs = try row["theirs"]
    kind = try row["verdict"]
  }

  /// What a commit would change of the records that some rows of a batch are about, and what it would leave to a
  /// person.
  package static func of(
    rows: [Int], of id: ID<Batch>, in tx: AuditedTransaction
  ) async throws -> [FieldDifference] {
    guard let batch = try await ImportBatch.find(id, in: tx), let tenant = tx.author.tenant else {
      throw ImportRefusal.missing
    }
    let numbers = Array(Set(rows).sorted().prefix(ImportChunk.rows))
    let chunk = ImportChunk(batch: batch, tenant: tenant, rowNumbers: numbers, stamps: numbers.map { _ in tx.newID() })
    try await chunk.read(in: tx)
    let entity = chunk.entityImport(files: .none)
    try await entity.read(.look, in: tx)
    guard let patch = entity.patch else { return [] }
    try await patch.compare(in: tx)
    return try await tx.query(
      """
      SELECT row_no, field, ours #>> '{}' AS ours, wanted #>> '{}' AS theirs, verdict
      FROM import_field
      WHERE verdict <> 'keep'
      ORDER BY row_no, field
      LIMIT 1000
      """, as: FieldDifference.self)
  }
}
