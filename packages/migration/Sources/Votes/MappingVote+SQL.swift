// Reads what clients' imports say, keeps their votes, and counts those of others.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

extension MappingVote {
  /// Imports of one client that are looked at, the newest.
  private static let importLimit = 500

  /// Whose votes there are to count.
  static func clients(in tx: AuditedTransaction) async throws -> [ID<Tenant>] {
    try await tx.query("SELECT mapping_vote_clients()", as: ID<Tenant>.self)
  }

  /// What the transaction's client says: somebody decided its mappings, and the records stand.
  static func cast(_ key: HeaderKey, in tx: AuditedTransaction) async throws -> Set<MappingVote> {
    let imports = try await tx.query(
      """
      SELECT b.source_system, b.entity, m.columns
      FROM migration_batch b
      JOIN migration_mapping m ON m.tenant_id = b.tenant_id AND m.batch_id = b.id AND m.number = b.staged_number
      WHERE b.state IN ('committed', 'partially_undone') AND m.number > 1
      ORDER BY b.committed_at DESC, b.id DESC
      LIMIT \(importLimit)
      """, as: AcceptedMapping.self)
    return votes(of: imports, key)
  }

  /// Keeps exactly these votes of a client.
  /// - Returns: how many came or went.
  static func keep(_ votes: Set<MappingVote>, of client: ID<Tenant>, in tx: AuditedTransaction) async throws -> Int {
    let listed: SQL = """
      unnest(\(votes.map(\.vendor)), \(votes.map { $0.header.hexadecimal }), \(votes.map(\.target)))
        AS n (vendor, header, target)
      """
    let gone = try await tx.execute(
      """
      DELETE FROM mapping_vote v
      WHERE v.tenant_id = \(client) AND NOT EXISTS (
        SELECT FROM \(fragment: listed)
        WHERE n.vendor = v.vendor AND decode(n.header, 'hex') = v.header_hmac AND n.target = v.target)
      """)
    let come = try await tx.execute(
      """
      INSERT INTO mapping_vote (vendor, header_hmac, target, tenant_id)
      SELECT n.vendor, decode(n.header, 'hex'), n.target, \(client) FROM \(fragment: listed)
      ON CONFLICT DO NOTHING
      """)
    return gone + come
  }

  /// How often others had headers of a system for which field, by the form in which headers are remembered: from two
  /// clients on, without the transaction's own.
  static func counted(
    of vendor: String, _ entity: ImportEntity, headers: [String], _ key: HeaderKey, in tx: AuditedTransaction
  ) async throws -> [String: [String: Int]] {
    guard isKnown(vendor) else { return [:] }
    let names = Dictionary(
      headers.map(MappingMemory.key).map { (key.digest(of: $0, as: entity.rawValue).hexadecimal, $0) }
    ) { first, _ in first }
    let counted = try await tx.query(
      """
      SELECT encode(v.header_hmac, 'hex') AS header, v.target, v.clients
      FROM mapping_votes(\(vendor), ARRAY(SELECT decode(h, 'hex') FROM unnest(\(Array(names.keys))) AS h)) v
      """, as: CountedVote.self)
    var votes: [String: [String: Int]] = [:]
    for vote in counted {
      if let name = names[vote.header] { votes[name, default: [:]][vote.target] = vote.clients }
    }
    return votes
  }
}

private struct CountedVote: Sendable, RowDecodable {
  let header: String
  let target: String
  let clients: Int

  init(row: Row) throws {
    header = try row["header"]
    target = try row["target"]
    clients = try row["clients"]
  }
}

extension AcceptedMapping: RowDecodable {
  init(row: Row) throws {
    vendor = try row["source_system"]
    let kind: String = try row["entity"]
    guard let entity = ImportEntity(rawValue: kind) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: kind)
    }
    self.entity = entity
    let columns: JSONText = try row["columns"]
    self.columns = try JSONDecoder().decode([ColumnDecision].self, from: Data(columns.text.utf8))
  }
}
