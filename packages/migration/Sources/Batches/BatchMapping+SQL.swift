// Reads and keeps mappings, the profiles of columns, and what values become.

package import Access
import EthicoTypes
import FoundationEssentials
package import Mapping
package import Postgres

extension BatchMapping: RowDecodable {
  package init(row: Row) throws {
    let columns: JSONText = try row["columns"]
    let constants: JSONText = try row["constants"]
    let rules: JSONText = try row["rules"]
    self.init(
      number: try row["number"],
      columns: try JSONDecoder().decode([ColumnDecision].self, from: Data(columns.text.utf8)),
      constants: try JSONDecoder().decode([String: String].self, from: Data(constants.text.utf8)),
      rules: try JSONDecoder().decode(MappingRules.self, from: Data(rules.text.utf8)))
  }

  /// The mapping of a batch that counts.
  package static func current(of batch: Batch, in tx: AuditedTransaction) async throws -> BatchMapping {
    let found = try await tx.first(
      """
      SELECT number, columns, constants, rules FROM migration_mapping
      WHERE batch_id = \(batch.id) AND number = \(batch.mappingNumber)
      """, as: BatchMapping.self)
    return found ?? BatchMapping(number: batch.mappingNumber, columns: [], constants: [:])
  }

  /// The same of a batch of which no more than its id is known; `nil` where nothing has been suggested yet.
  static func current(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> BatchMapping? {
    try await tx.first(
      """
      SELECT m.number, m.columns, m.constants, m.rules
      FROM migration_batch b
      JOIN migration_mapping m ON m.batch_id = b.id AND m.number = b.mapping_number
      WHERE b.id = \(batch)
      """, as: BatchMapping.self)
  }

  /// Keeps it as a version of its own.
  func keep(for batch: ID<Batch>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_mapping (tenant_id, batch_id, number, columns, constants, rules)
      VALUES (\(tx.author.tenant), \(batch), \(number), \(try JSONText(encoding: columns)),
        \(try JSONText(encoding: constants)), \(try JSONText(encoding: rules)))
      """)
  }
}

extension JSONText {
  /// A value as JSON, its members in order.
  init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

extension Batch {
  /// What is known of its columns.
  package func profiles(in tx: AuditedTransaction) async throws -> [ColumnProfile] {
    try await Self.profiles(of: id, in: tx)
  }

  static func profiles(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> [ColumnProfile] {
    let texts = try await tx.query(
      "SELECT profile FROM migration_column_profile WHERE batch_id = \(batch) ORDER BY position", as: JSONText.self)
    return try texts.map { try JSONDecoder().decode(ColumnProfile.self, from: Data($0.text.utf8)) }
  }

  static func keep(_ profile: ColumnProfile, of batch: ID<Batch>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_column_profile (tenant_id, batch_id, position, profile)
      VALUES (\(tx.author.tenant), \(batch), \(profile.index), \(try JSONText(encoding: profile)))
      """)
  }
}
