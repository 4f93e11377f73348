// Reads a client's move from another system, and the decisions about what comes over.

package import Access
import EthicoTypes
package import Postgres

extension MigrationProject: RowDecodable {
  static let columns: SQL = """
    p.id, p.state, p.entities, p.decided_by, p.source_system, p.opened_at, p.signed_off_at, p.purge_at,
      p.purged_at, p.version
    """

  package init(row: Row) throws {
    id = try row["id"]
    state = try row["state"]
    choices = try row["entities"]
    decidedBy = try row["decided_by"]
    let said: String? = try row["source_system"]
    source = said.map(SourceSystem.init)
    openedAt = try row["opened_at"]
    signedOffAt = try row["signed_off_at"]
    purgeAt = try row["purge_at"]
    purgedAt = try row["purged_at"]
    version = try row["version"]
  }

  /// The client's open project, if there is one.
  package static func open(in tx: AuditedTransaction) async throws -> MigrationProject? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM migration_project p WHERE p.state <> 'closed'", as: MigrationProject.self)
  }

  /// The open project, else the one that was closed last.
  package static func newest(in tx: AuditedTransaction) async throws -> MigrationProject? {
    try await tx.first(
      """
      SELECT \(fragment: columns) FROM migration_project p
      ORDER BY p.state = 'closed', p.opened_at DESC, p.id DESC
      LIMIT 1
      """, as: MigrationProject.self)
  }

  /// The same, held until the transaction ends.
  package static func hold(in tx: AuditedTransaction) async throws -> MigrationProject? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM migration_project p WHERE p.state <> 'closed' FOR UPDATE",
      as: MigrationProject.self)
  }

  /// How many live records of each kind have come over.
  static func imported(in tx: AuditedTransaction) async throws -> [ImportChoice: Int] {
    let counts = try await tx.query(
      """
      SELECT entity, count(DISTINCT record_id) AS records
      FROM migration_provenance
      WHERE undone_at IS NULL AND action = 'insert' AND entity = ANY(\(ImportChoice.allCases))
      GROUP BY entity
      """, as: EntityCount.self)
    return Dictionary(counts.map { ($0.entity, $0.records) }) { $1 }
  }
}

private struct EntityCount: Sendable, RowDecodable {
  let entity: ImportChoice
  let records: Int

  init(row: Row) throws {
    entity = try row["entity"]
    records = try row["records"]
  }
}
