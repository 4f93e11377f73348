// Rules that look beyond their row: at the others, at what is here already, and at what other batches bring. What a
// commit would refuse is found by the commit's own statements.

import Access
import EthicoTypes
import Mapping
import Postgres

/// The rules of one batch that look beyond their row.
struct SetRules: Sendable {
  let batch: ImportBatch
  let project: ID<MigrationProject>
  let tenant: ID<Tenant>

  static func of(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> SetRules {
    guard let batch = try await ImportBatch.find(id, in: tx), let tenant = tx.author.tenant,
      let project = try await tx.first(
        "SELECT project_id FROM migration_batch WHERE id = \(id)", as: ID<MigrationProject>.self)
    else { throw ImportRefusal.missing }
    return SetRules(batch: batch, project: project, tenant: tenant)
  }

  /// Finds everything anew, and decides by it what becomes of each row.
  func decide(_ archive: ArchiveContents, in tx: AuditedTransaction) async throws -> DecisionCounts {
    try await tx.execute(
      "DELETE FROM migration_row_issue WHERE batch_id = \(batch.id) AND code = ANY(\(Self.codes.map(\.rawValue)))")
    try await tx.execute(duplicates)
    // Counts the rows before anything is asked of them.
    try await StagedDecision.decide(batch.id, in: tx)
    try await HeldAnonymity.withhold(around: batch, in: tx)
    if batch.entity == .policy || batch.entity == .attachment { try await archive.layOut(in: tx) }
    try await refuse(in: tx)
    try await warn(in: tx)
    try await noteConventions(in: tx)
    return try await StagedDecision.counts(of: batch.id, in: tx)
  }

  /// What these rules find; a check begins without it.
  private static let codes: [IssueCode] = [
    .keyDuplicate, .refUnresolved, .missingFile, .hashMismatch, .fileDamaged, .fileSize, .fileKind, .refPlaceholder,
    .nativeExists, .caseWithoutLead, .orphan, .orderConvention, .policyFile,
  ]

  /// Batches that may still become records.
  private static let coming: [BatchState] = [.validated, .committing, .paused, .failed]
  private static let writing: [StagedDecision] = [.insert, .update, .unchanged, .conflict]

  /// Rows that have one key between them.
  private var duplicates: SQL {
    """
    INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level, value)
    SELECT \(tenant), \(batch.id), s.row_no, \(IssueCode.keyDuplicate.rawValue),
      \(IssueCode.keyDuplicate.level.rawValue), s.source_record_id
    FROM (
      SELECT row_no, source_record_id, count(*) OVER (PARTITION BY key_hash) AS alike
      FROM migration_staged_row
      WHERE batch_id = \(batch.id) AND key_hash IS NOT NULL
    ) s
    WHERE s.alike > 1
    """
  }

  /// Keeps rows back that a commit would refuse for what they refer to. What another batch brings is taken as here:
  /// this one is not imported before that.
  private func refuse(in tx: AuditedTransaction) async throws {
    guard batch.entity == .attestation || batch.entity == .attachment else { return }
    try await tx.sql.execute(together: comingParents)
    var behind = 0
    while let chunk = try await newRows(behind: behind, in: tx) {
      try await chunk.read(in: tx)
      let entity = chunk.entityImport(files: .none)
      try await entity.read(.look, in: tx)
      try await tx.sql.execute(together: awaited + promises)
      _ = try await chunk.refuse(entity.refusals, in: tx)
      behind = chunk.rowNumbers.last ?? behind
    }
    try await tx.execute(
      """
      UPDATE migration_batch b SET awaits = w.ids
      FROM (SELECT COALESCE(array_agg(DISTINCT a.batch_id), '{}') AS ids FROM awaited_batch a) w
      WHERE b.id = \(batch.id) AND b.awaits <> w.ids
      """)
  }

  private func newRows(behind: Int, in tx: AuditedTransaction) async throws -> ImportChunk? {
    let numbers = try await tx.query(
      """
      SELECT row_no FROM migration_staged_row
      WHERE batch_id = \(batch.id) AND decision = 'insert' AND row_no > \(behind)
      ORDER BY row_no
      LIMIT \(ImportChunk.rows)
      """, as: Int.self)
    guard !numbers.isEmpty else { return nil }
    return ImportChunk(batch: batch, tenant: tenant, rowNumbers: numbers, stamps: numbers.map { _ in tx.newID() })
  }

  /// What batches of the same source bring that are still on their way.
  private var comingParents: [SQL] {
    let batches: SQL = """
      SELECT b.id, b.entity FROM migration_batch b
      WHERE b.source_system = \(batch.sourceSystem) AND b.state = ANY(\(Self.coming)) AND b.id <> \(batch.id)
      """
    return [
      "CREATE TEMP TABLE awaited_batch (batch_id uuid) ON COMMIT DROP",
      "CREATE TEMP TABLE coming_record (batch_id uuid, entity text, key text, number text, title text) ON COMMIT DROP",
      """
      INSERT INTO coming_record (batch_id, entity, key, number, title)
      SELECT b.id, b.entity, s.source_record_id, btrim(s.parsed ->> 'policy_number'), s.parsed ->> 'title'
      FROM (\(fragment: batches)) b
      JOIN migration_staged_row s ON s.batch_id = b.id
      WHERE s.decision = ANY(\(Self.writing)) AND b.entity IN ('policy', 'case', 'disclosure')
      """,
      "CREATE INDEX ON coming_record (key)", "CREATE INDEX ON coming_record (number)",
      "CREATE INDEX ON coming_record (title) WHERE entity = 'policy'",
      "ANALYZE coming_record",
    ]
  }

  /// Notes the batches whose records rows count on that are not here yet, before these are taken as here.
  private var awaited: [SQL] {
    switch batch.entity {
    case .attestation:
      [
        """
        INSERT INTO awaited_batch (batch_id)
        SELECT DISTINCT c.batch_id
        FROM import_attestation a
        JOIN coming_record c ON c.entity = 'policy' AND (c.number = a.policy OR c.title = a.policy_title)
        WHERE a.version IS NULL
        """
      ]
    case .attachment:
      [
        """
        INSERT INTO awaited_batch (batch_id)
        SELECT DISTINCT c.batch_id
        FROM import_attachment a
        JOIN import_row r ON r.row_no = a.row_no
        JOIN coming_record c ON c.entity = r.parsed ->> 'parent_entity'
          AND (c.key = r.parsed ->> 'parent_key' OR c.number = r.parsed ->> 'parent_key')
        WHERE num_nonnulls(a.case_id, a.disclosure_id, a.policy_id) = 0
        """
      ]
    case .person, .policy, .case, .disclosure, .auditEvent: []
    }
  }

  /// What a row may count on although it is not here yet: parents on their way, files in the archives.
  private var promises: [SQL] {
    switch batch.entity {
    case .attestation:
      [
        """
        UPDATE import_attestation a SET version = 0
        WHERE a.version IS NULL AND (
          EXISTS (SELECT FROM coming_record c WHERE c.entity = 'policy' AND c.number = a.policy)
          OR EXISTS (SELECT FROM coming_record c WHERE c.entity = 'policy' AND c.title = a.policy_title))
        """
      ]
    case .attachment:
      [
        """
        UPDATE import_attachment a SET case_id = a.stamp
        FROM import_row r
        WHERE r.row_no = a.row_no AND num_nonnulls(a.case_id, a.disclosure_id, a.policy_id) = 0 AND EXISTS (
          SELECT FROM coming_record c
          WHERE c.entity = r.parsed ->> 'parent_entity' AND r.parsed ->> 'parent_key' IN (c.key, c.number))
        """,
        """
        UPDATE import_attachment a
        SET byte_count = e.byte_count, sha256 = e.sha256, is_damaged = e.byte_count IS NULL
        FROM archive_entry e
        WHERE e.path = a.path
        """,
      ]
    case .person, .policy, .case, .disclosure, .auditEvent: []
    }
  }
}
