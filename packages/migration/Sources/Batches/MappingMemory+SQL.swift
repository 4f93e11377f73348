// What people decided about a client's columns before: the next file of the same system begins with it.

import Access
import EthicoTypes
import Mapping
import Postgres

extension MappingMemory {
  /// Batches whose mappings are remembered, the newest.
  private static let batchLimit = 20

  /// What somebody decided about columns of that kind of record at this client; the newest decision counts.
  static func remembered(of entity: ImportEntity, in tx: AuditedTransaction) async throws -> MappingMemory {
    let newestFirst = try await tx.query(
      """
      SELECT m.number, m.columns, m.constants, m.rules
      FROM migration_batch b
      JOIN migration_mapping m ON m.tenant_id = b.tenant_id AND m.batch_id = b.id AND m.number = b.mapping_number
      WHERE b.entity = \(entity.rawValue) AND b.staged_number IS NOT NULL AND m.number > 1
      ORDER BY m.changed_at DESC, b.id DESC
      LIMIT \(batchLimit)
      """, as: BatchMapping.self)
    var memory = MappingMemory.none
    for column in newestFirst.reversed().flatMap(\.columns) {
      switch column.act {
      case .matched: memory.accepted[key(of: column.name)] = column.target.map(ValueWords.plain)
      case .ignore: memory.accepted[key(of: column.name)] = ""
      case .review, .keep, .quarantined: break
      }
    }
    return memory
  }
}

extension BatchSuggestion {
  /// What the columns seem to mean, with what was decided at this client before.
  /// - Parameter entity: what the rows are; found out by the columns alone where it is `nil`.
  static func remembering(
    _ table: SourceTable, as entity: ImportEntity? = nil, in tx: AuditedTransaction
  ) async throws -> BatchSuggestion {
    let fresh = BatchSuggestion(table, as: entity)
    let memory = try await MappingMemory.remembered(of: fresh.entity, in: tx)
    return memory.accepted.isEmpty ? fresh : BatchSuggestion(table, as: fresh.entity, memory: memory)
  }
}
