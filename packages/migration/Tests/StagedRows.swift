// Rows of a source as staging would leave them: a batch in state validated, with what each row was read as.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import Mapping
import Postgres
import TestSupport

@testable import Migration

/// One row on its way: its key in the source, and its fields by the names of the target schema.
struct StagedRow {
  var key: String
  var fields: [String: Any]
  var legacy: [String: String] = [:]
  /// When its days begin that have no time.
  var days: [String: String] = [:]
}

extension StagedRow {
  /// A case that was closed long ago, with a lead who is not here.
  static func closedCase(_ number: Int, _ more: [String: Any] = [:]) -> StagedRow {
    let key = "EP-" + String(number)
    let fields: [String: Any] = [
      "case_number": key, "channel": "phone", "status": "closed", "outcome": "unsubstantiated",
      "received_at": "2021-12-25T00:00:00Z", "closed_at": "2022-02-01T10:00:00Z", "category": "Fraud",
      "narrative": "What was told about matter \(number).", "reporter_type": "anonymous",
    ]
    return StagedRow(key: key, fields: fields.merging(more) { $1 })
  }
}

extension TestDatabase {
  /// Stages rows as a validated, decided batch of a client.
  @discardableResult
  func stage(
    _ entity: ImportEntity, _ rows: [StagedRow], source: String = "navex", for tenant: Tenant = World.acmeHealth,
    issues: [(row: Int, code: String)] = []
  ) async throws -> ID<Batch> {
    let batch: ID<Batch> = ledger.ids.next(at: clock.now)
    let staged = try rows.enumerated().map { index, row -> [String: Any] in
      let canonical = try JSONSerialization.data(withJSONObject: row.fields, options: [.sortedKeys])
      return [
        "row_no": index + 1, "parsed": row.fields, "legacy": row.legacy, "days": row.days,
        "key": row.key, "canonical": String(decoding: canonical, as: UTF8.self),
      ]
    }
    let json = JSONText(String(decoding: try JSONSerialization.data(withJSONObject: staged), as: UTF8.self))
    try await ledger.tenant(by: system(tenant)) { tx in
      let project = try await self.project(of: tenant, in: tx)
      let file: ID<SourceFileRecord> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO migration_source_file (tenant_id, id, project_id, name, kind, byte_count, sha256, blob_id)
        VALUES (\(tenant.id), \(file), \(project), 'rows.csv', 'csv', 1, sha256(uuid_send(\(file))), \(file))
        """)
      try await tx.execute(
        """
        INSERT INTO migration_batch (tenant_id, id, project_id, file_id, entity, source_system, state)
        VALUES (\(tenant.id), \(batch), \(project), \(file), \(entity.rawValue), \(source), 'validated')
        """)
      try await tx.execute(
        """
        INSERT INTO migration_staged_row (tenant_id, batch_id, row_no, cells, parsed, legacy, days,
          source_record_id, key_hash, content_hash)
        SELECT \(tenant.id), \(batch), r.row_no, '{}', r.parsed, r.legacy, r.days, r.key,
          sha256(convert_to(r.key, 'UTF8')), sha256(convert_to(r.canonical, 'UTF8'))
        FROM jsonb_to_recordset(\(json)) AS r (row_no integer, parsed jsonb, legacy jsonb, days jsonb, key text,
          canonical text)
        """)
      for issue in issues {
        try await tx.execute(
          """
          INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level)
          VALUES (\(tenant.id), \(batch), \(issue.row), \(issue.code), 'blocker')
          """)
      }
      try await StagedDecision.decide(batch, in: tx)
      try await tx.record("migration.validate", object: Batch.object(batch))
    }
    return batch
  }

  private func project(of tenant: Tenant, in tx: AuditedTransaction) async throws -> ID<MigrationProject> {
    let there = try await tx.first("SELECT id FROM migration_project LIMIT 1", as: ID<MigrationProject>.self)
    if let there { return there }
    let project: ID<MigrationProject> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO migration_project (tenant_id, id, state, entities, decided_by)
      VALUES (\(tenant.id), \(project), 'active', '{case}', 'Somebody there')
      """)
    return project
  }

  /// A worker that knows the jobs of migration.
  func importWorker(_ name: String = "w1") -> Worker {
    Worker(
      ledger: ledger, kinds: JobKinds([ImportCommit.self, UndoJob.self, Reckon.self]),
      settings: WorkerSettings(name: name),
      backoff: Backoff { $0.lowerBound }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Runs what waits, to its end.
  func work() async throws {
    while try await importWorker().turn() {}
  }

  /// Stages rows, commits them, and has the job done.
  @discardableResult
  func bring(
    _ entity: ImportEntity, _ rows: [StagedRow], source: String = "navex", for tenant: Tenant = World.acmeHealth
  ) async throws -> ID<Batch> {
    let batch = try await stage(entity, rows, source: source, for: tenant)
    try await ledger.tenant(by: system(tenant)) { tx in try await ImportBatch.commit(batch, in: tx) }
    try await work()
    return batch
  }

  @discardableResult
  func inside<Result: Sendable>(
    _ tenant: Tenant = World.acmeHealth, _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await ledger.tenant(by: system(tenant), body)
  }

  func state(of batch: ID<Batch>, for tenant: Tenant = World.acmeHealth) async throws -> BatchState? {
    try await inside(tenant) { tx in try await ImportBatch.find(batch, in: tx)?.state }
  }

  /// The one number that a question about a client has for its answer.
  func count(_ sql: SQL, for tenant: Tenant = World.acmeHealth) async throws -> Int {
    try await inside(tenant) { tx in try await tx.first(sql, as: Int.self) ?? 0 }
  }

  /// Every row of a client's records, in words: equal where the records are equal.
  func records(of tenant: Tenant = World.acmeHealth) async throws -> [String] {
    try await inside(tenant) { tx in
      var all: [String] = []
      for table in TargetTable.allCases where table != .importedHistory {
        all += try await tx.query(
          "SELECT \(table.rawValue) || ' ' || to_jsonb(t)::text FROM \(fragment: table.name) t ORDER BY 1",
          as: String.self)
      }
      return all
    }
  }

  /// The records that a batch made.
  func imported(by batch: ID<Batch>) async throws -> [ID<ImportedRecord>] {
    try await inside { tx in
      try await tx.query(
        """
        SELECT record_id FROM migration_provenance
        WHERE batch_id = \(batch) AND content_hash IS NOT NULL AND undone_at IS NULL ORDER BY row_no
        """, as: ID<ImportedRecord>.self)
    }
  }
}
