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

  private static let selection: SQL = "SELECT id, entity, source_system, state FROM migration_batch"

  /// The batch of that id; `nil` where the client has none.
  package static func find(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE id = \(id)", as: ImportBatch.self)
  }

  /// The same, held until the transaction ends, for what moves it.
  package static func hold(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE id = \(id) FOR UPDATE", as: ImportBatch.self)
  }

  /// The same, kept as it is until the transaction ends; others may read it so too.
  static func share(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ImportBatch? {
    try await tx.first("\(fragment: selection) WHERE id = \(id) FOR SHARE", as: ImportBatch.self)
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
  }
}
