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
  /// What the trail says of it.
  let title: String

  private static let selection: SQL = """
    SELECT b.id, b.entity, b.source_table, b.source_system, b.state, f.name AS file_name
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
    title = Batch.title(entity, of: try row["file_name"], table: try row["source_table"])
  }
}
