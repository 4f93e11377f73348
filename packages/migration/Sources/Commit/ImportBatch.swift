// A batch as commit and undo see it: one entity of one file, and how far it is.

package import Access
package import EthicoTypes
package import Mapping
package import Postgres

/// A source row with all that it created.
package enum ImportedRecord {}

/// What commit and undo need of a batch.
package struct ImportBatch: Sendable {
  package let id: ID<Batch>
  package let entity: ImportEntity
  package let sourceSystem: String
  package let state: BatchState
  /// The fields that its source has a column for.
  let mapped: Set<String>
  /// How it treats the fields of records that are here.
  let policies: FieldPolicies
  /// What the trail says of it.
  package let title: String

  private static let selection: SQL = """
    SELECT b.id, b.entity, b.source_table, b.source_system, b.state, b.field_policies, f.name AS file_name, ARRAY(
        SELECT c.decision ->> 'target'
        FROM migration_mapping m
        CROSS JOIN jsonb_array_elements(m.columns) AS c (decision)
        WHERE m.batch_id = b.id AND m.number = b.mapping_number AND c.decision ->> 'act' = 'matched'
          AND c.decision ->> 'target' IS NOT NULL) AS mapped
    FROM migration_batch b
    JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
    """

  /// The batch of that id; `nil` where the client has none.
  package static func find(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE b.id = \(id)", as: ImportBatch.self)
  }

  /// The same, held until the transaction ends, for what moves it.
  package static func hold(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE b.id = \(id) FOR UPDATE OF b", as: ImportBatch.self)
  }

  /// The same, kept as it is until the transaction ends; others may read it so too.
  static func share(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE b.id = \(id) FOR SHARE OF b", as: ImportBatch.self)
  }

  /// The batches on their way that bring what rows of a batch refer to, in the order in which they are imported. One
  /// that was let go of brings nothing any more.
  package static func awaited(by id: ID<Batch>, in tx: AuditedTransaction) async throws -> [ImportBatch] {
    try await tx.query(
      """
      \(fragment: selection)
      WHERE b.id = ANY(ARRAY(SELECT unnest(w.awaits) FROM migration_batch w WHERE w.id = \(id)))
        AND b.state = ANY(\(coming))
      ORDER BY array_position(\(ImportEntity.commitOrder.map(\.rawValue))::text[], b.entity), b.id
      LIMIT 50
      """, as: ImportBatch.self)
  }

  private static let coming: [BatchState] = [.mapped, .staged, .validated, .committing, .paused, .failed]

  /// What the trail names.
  package var object: AuditObject { Batch.object(id) }
}

extension ImportBatch: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    let name: String = try row["entity"]
    guard let entity = ImportEntity(rawValue: name) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: name)
    }
    self.entity = entity
    sourceSystem = try row["source_system"]
    state = try row["state"]
    mapped = Set(try row["mapped"] as [String])
    policies = try FieldPolicies(stored: try row["field_policies"])
    title = Batch.title(entity, of: try row["file_name"], table: try row["source_table"])
  }
}
