// Keeps the hidden tables of files, and makes batches of those that somebody asks for.

package import Access
package import EthicoTypes
import Jobs
package import Postgres

extension HiddenTable: RowDecodable {
  /// What became a batch is no question any more, unless that came to nothing; nor is what lay in a file whose bytes
  /// were removed.
  private static let selection: SQL = """
    SELECT h.file_id, h.position, h.name, \(fragment: isBeingRead) AS is_being_read, h.refused
    FROM migration_hidden_table h
    JOIN migration_source_file f ON f.tenant_id = h.tenant_id AND f.id = h.file_id
    WHERE f.purged_at IS NULL AND NOT EXISTS (
      SELECT FROM migration_batch b
      WHERE b.tenant_id = h.tenant_id AND b.file_id = h.file_id AND b.source_table = h.name
        AND b.state NOT IN ('cancelled', 'undone'))
    """

  /// Somebody asked for `h`, and a job is still to read it: where that was cancelled or failed for good, nobody waits.
  static let isBeingRead: SQL = """
    (h.wanted_at IS NOT NULL AND EXISTS (
      SELECT FROM job j
      WHERE j.tenant_id = h.tenant_id AND j.kind = \(ReadHidden.kind) AND j.unique_key = h.file_id || ' ' || h.position
        AND j.state IN ('queued', 'running', 'retrying')))
    """

  package init(row: Row) throws {
    file = try row["file_id"]
    position = try row["position"]
    name = try row["name"]
    isBeingRead = try row["is_being_read"]
    refused = try row["refused"]
  }

  /// Those of a project's files that nothing was made of.
  package static func all(of project: ID<MigrationProject>) -> Query<HiddenTable> {
    Query(
      """
      \(fragment: selection) AND f.project_id = \(project)
      ORDER BY f.uploaded_at DESC, h.file_id, h.position
      LIMIT 500
      """)
  }

  /// Those of a file that nothing was made of.
  package static func all(of file: ID<SourceFileRecord>) -> Query<HiddenTable> {
    Query("\(fragment: selection) AND h.file_id = \(file) ORDER BY h.position LIMIT 100")
  }

  static func find(
    _ position: Int, of file: ID<SourceFileRecord>, in tx: AuditedTransaction
  ) async throws -> HiddenTable? {
    try await tx.first(
      "\(fragment: selection) AND h.file_id = \(file) AND h.position = \(position)", as: HiddenTable.self)
  }

  /// Keeps those of a file; what was found before stays.
  static func keep(_ names: [String], of file: ID<SourceFileRecord>, in tx: AuditedTransaction) async throws {
    for (position, name) in names.enumerated() {
      try await tx.execute(
        """
        INSERT INTO migration_hidden_table (tenant_id, file_id, position, name)
        VALUES (\(tx.author.tenant), \(file), \(position), \(name))
        ON CONFLICT DO NOTHING
        """)
    }
  }

  /// Notes that it has been read, or why it cannot be.
  func end(refused why: String? = nil, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_hidden_table SET wanted_at = NULL, refused = \(why)
      WHERE file_id = \(file) AND position = \(position)
      """)
  }
}

extension SourceFileRecord {
  /// Orders that a hidden table of the file becomes a batch.
  /// - Returns: whether there is one of that name; nothing is ordered of one that became a batch already.
  /// - Throws: `FileRefusal.noProject` where the move that the file came with is closed.
  package func read(hidden name: String, in tx: AuditedTransaction) async throws -> Bool {
    guard let project = try await MigrationProject.hold(in: tx), try await isOf(project, in: tx) else {
      throw FileRefusal.noProject
    }
    guard let table = try await tx.all(HiddenTable.all(of: id)).first(where: { $0.name == name }) else { return false }
    if !table.isBeingRead {
      if project.state == .signedOff { try await project.move(to: .active, in: tx) }
      try await tx.execute(
        """
        UPDATE migration_hidden_table SET wanted_at = \(tx.at), refused = NULL
        WHERE file_id = \(id) AND position = \(table.position)
        """)
      try await tx.order(ReadHidden(file: id, position: table.position), uniqueKey: "\(id) \(table.position)")
    }
    try await tx.record("migration.read", object: Self.object(id), status: 303, detail: "\(self.name): \(name)")
    return true
  }
}
