// A batch as commit and undo see it: one entity of one file, and how far it is.

public import Access
public import EthicoTypes
public import Mapping
public import Postgres

/// A batch of rows on their way from a source's table to records.
public enum MigrationBatch {}

/// A source row with all that it created.
public enum ImportedRecord {}

/// What commit and undo need of a batch.
public struct ImportBatch: Sendable {
  public let id: ID<MigrationBatch>
  public let entity: ImportEntity
  public let sourceSystem: String
  public let state: ImportBatchState
  public let job: String?

  /// The batch of that id; `nil` where the client has none.
  public static func find(_ id: ID<MigrationBatch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first(
      "SELECT id, entity, source_system, state, job_id FROM migration_batch WHERE id = \(id)", as: ImportBatch.self)
  }

  /// The same, held until the transaction ends, for what moves it.
  public static func hold(_ id: ID<MigrationBatch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first(
      "SELECT id, entity, source_system, state, job_id FROM migration_batch WHERE id = \(id) FOR UPDATE",
      as: ImportBatch.self)
  }

  /// What the trail names.
  public var object: AuditObject { AuditObject("migration_batch", id) }
}

extension ImportBatch: RowDecodable {
  public init(row: Row) throws {
    id = try row["id"]
    let name: String = try row["entity"]
    guard let entity = ImportEntity(rawValue: name) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: name)
    }
    self.entity = entity
    sourceSystem = try row["source_system"]
    state = try row["state"]
    let job: ID<MigrationBatch>? = try row["job_id"]
    self.job = job?.description
  }
}

/// Where a batch stands; the database holds which state may follow which.
public enum ImportBatchState: String, Term {
  case uploaded, profiled, mapped, staged, validated, committing, paused, committed, cancelled, failed, undoing, undone
  case partiallyUndone = "partially_undone"
}
