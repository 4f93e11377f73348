// Reads the files of a project.

package import Access
package import EthicoTypes
package import Postgres

extension SourceFileRecord: RowDecodable {
  static let columns: SQL = """
    f.id, f.name, f.kind, f.byte_count, f.sha256, f.uploaded_at, f.refused_code, f.refused_text, f.purged_at,
      f.blob_id, \(fragment: isAwaited) AS is_awaited, \(fragment: isGivenUp) AS is_given_up
    """

  /// Of a file `f`, whether a job is still to read it.
  static let isAwaited: SQL = """
    (f.refused_code IS NULL AND EXISTS (
      SELECT FROM job j
      WHERE j.tenant_id = f.tenant_id AND j.kind = \(ReadFile.kind) AND j.unique_key = f.id::text
        AND j.state IN ('queued', 'running', 'retrying')))
    """

  /// Of a file `f`, whether its reading ended before anything was known of it.
  private static let isGivenUp: SQL = """
    (f.kind IS NULL AND f.refused_code IS NULL AND f.purged_at IS NULL AND NOT \(fragment: isAwaited))
    """

  package init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    kind = try row["kind"]
    byteCount = try row["byte_count"]
    sha256 = try row["sha256"]
    uploadedAt = try row["uploaded_at"]
    let code: String? = try row["refused_code"]
    let text: String? = try row["refused_text"]
    purgedAt = try row["purged_at"]
    isBeingRead = try row["is_awaited"]
    let said = code.flatMap { code in text.map { Refusal(code: code, text: $0) } }
    refusal = try row.decode("is_given_up", as: Bool.self) ? .givenUp : said
    blob = try row["blob_id"]
  }

  /// The files of a project, newest first.
  package static func all(of project: ID<MigrationProject>) -> Query<SourceFileRecord> {
    Query(
      """
      SELECT \(fragment: columns)
      FROM migration_source_file f
      WHERE f.project_id = \(project)
      ORDER BY f.uploaded_at DESC, f.id DESC
      LIMIT 500
      """)
  }

  /// The names of those that nobody reads any more and nobody has read.
  static func givenUp(of project: ID<MigrationProject>) -> Query<String> {
    Query(
      """
      SELECT f.name
      FROM migration_source_file f
      WHERE f.project_id = \(project) AND \(fragment: isGivenUp)
      ORDER BY f.uploaded_at, f.id
      LIMIT 50
      """)
  }

  /// One file; `nil` when this client has none of that id.
  package static func find(_ id: ID<SourceFileRecord>, in tx: AuditedTransaction) async throws -> SourceFileRecord? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM migration_source_file f WHERE f.id = \(id)", as: SourceFileRecord.self)
  }

  /// The file of these bytes. One whose bytes were removed is none: they may come again.
  static func find(
    sha256: [UInt8], of project: ID<MigrationProject>, in tx: AuditedTransaction
  ) async throws -> SourceFileRecord? {
    try await tx.first(
      """
      SELECT \(fragment: columns)
      FROM migration_source_file f
      WHERE f.project_id = \(project) AND f.sha256 = \(sha256) AND f.purged_at IS NULL
      """, as: SourceFileRecord.self)
  }
}
