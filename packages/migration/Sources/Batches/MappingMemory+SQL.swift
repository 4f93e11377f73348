// What people decided about a client's columns before, and others about theirs: the next file of the same system begins
// with it.

import Access
import EthicoTypes
import Mapping
import Postgres

extension MappingMemory {
  /// What somebody decided about columns of that kind of record at this client; the newest decision counts.
  static func remembered(of entity: ImportEntity, in tx: AuditedTransaction) async throws -> MappingMemory {
    let newestFirst = try await BatchMapping.decided(of: entity, in: tx)
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

extension BatchMapping {
  /// Batches whose mappings are remembered, the newest.
  private static let remembered = 20

  /// What somebody decided about that kind of record at this client, the newest first.
  static func decided(of entity: ImportEntity, in tx: AuditedTransaction) async throws -> [BatchMapping] {
    try await tx.query(
      """
      SELECT m.number, m.columns, m.constants, m.rules
      FROM migration_batch b
      JOIN migration_mapping m ON m.tenant_id = b.tenant_id AND m.batch_id = b.id AND m.number = b.mapping_number
      WHERE b.entity = \(entity.rawValue) AND b.staged_number IS NOT NULL AND m.number > 1
      ORDER BY m.changed_at DESC, b.id DESC
      LIMIT \(remembered)
      """, as: BatchMapping.self)
  }
}

extension MappingMemory {
  /// Everything that is known beforehand of a table's columns.
  /// - Parameter key: names headers among clients; without it nothing is known of others.
  private static func known(
    of table: SourceTable, _ entity: ImportEntity, from vendor: String?, _ key: HeaderKey?, in tx: AuditedTransaction
  ) async throws -> MappingMemory {
    var memory = try await remembered(of: entity, in: tx)
    if let key, let vendor {
      let headers = table.columns.map(\.name)
      memory.votes = try await MappingVote.counted(of: vendor, entity, headers: headers, key, in: tx)
    }
    return memory
  }

  /// What the columns of a table seem to mean, with what was decided at this client before, and at others.
  /// - Parameter entity: what the rows are; found out by the columns alone where it is `nil`.
  static func suggestion(
    for table: SourceTable, as entity: ImportEntity? = nil, _ key: HeaderKey?, in tx: AuditedTransaction
  ) async throws -> (suggestion: Suggestion, memory: MappingMemory) {
    let fresh = Mapping.suggest(table: table, entity: entity, vendor: nil, memory: .none)
    let kind = fresh.entity.value
    let memory = try await known(of: table, kind, from: fresh.vendor.value, key, in: tx)
    guard memory != .none else { return (fresh, memory) }
    return (Mapping.suggest(table: table, entity: kind, vendor: nil, memory: memory), memory)
  }
}
