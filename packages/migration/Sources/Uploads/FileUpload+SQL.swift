// Reads the files that are on their way in.

package import Access
package import EthicoTypes
package import Postgres

extension FileUpload: RowDecodable {
  static let columns: SQL = """
    u.id, u.name, u.byte_count, u.byte_offset, u.touched_at, u.file_id, u.blob_id,
    u.modified_ms IS NOT NULL AS can_go_on
    """

  package init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    byteCount = try row["byte_count"]
    offset = try row["byte_offset"]
    touchedAt = try row["touched_at"]
    file = try row["file_id"]
    canGoOn = try row["can_go_on"]
    blob = try row["blob_id"]
  }

  /// What is not finished yet, newest first.
  package static func unfinished(of project: ID<MigrationProject>) -> Query<FileUpload> {
    Query(
      """
      SELECT \(fragment: columns)
      FROM migration_upload u
      WHERE u.project_id = \(project) AND u.file_id IS NULL
      ORDER BY u.began_at DESC, u.id DESC
      LIMIT \(openLimit)
      """)
  }

  /// One of them, finished or not; `nil` when this client has none of that id.
  package static func find(_ id: ID<FileUpload>, in tx: AuditedTransaction) async throws -> FileUpload? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM migration_upload u WHERE u.id = \(id)", as: FileUpload.self)
  }

  /// The same, held until the transaction ends.
  package static func hold(_ id: ID<FileUpload>, in tx: AuditedTransaction) async throws -> FileUpload? {
    try await tx.first(
      "SELECT \(fragment: columns) FROM migration_upload u WHERE u.id = \(id) FOR UPDATE", as: FileUpload.self)
  }

  /// What is here of that very file. Without its moment nobody can tell that it is the same one.
  static func find(
    _ new: NewUpload, of project: ID<MigrationProject>, in tx: AuditedTransaction
  ) async throws -> FileUpload? {
    try await tx.first(
      """
      SELECT \(fragment: columns)
      FROM migration_upload u
      WHERE u.project_id = \(project) AND u.name = \(new.name) AND u.byte_count = \(new.byteCount)
        AND u.modified_ms = \(new.modifiedMilliseconds) AND u.file_id IS NULL
      ORDER BY u.byte_offset DESC, u.id
      LIMIT 1
      """, as: FileUpload.self)
  }
}
