// The file that a policy's text came in, from the project's ZIP: attached to the policy, because its text is not read.

import Access
import EthicoTypes
import Postgres
import SourceFiles

/// Attaches the files of the policies in `import_policy`. Where no ZIP has one, or it is not one that is taken, the
/// policy comes without it, and the path stays with the source's own fields.
struct PolicyFileImport: Sendable {
  let chunk: ImportChunk
  let files: AttachmentSource

  /// Reads their bytes one by one: no more than one is in memory at a time.
  func read(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_policy_file (
        row_no integer, path text, file_name text, kind text, content bytea, sha256 bytea) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_policy_file",
      """
      INSERT INTO import_policy_file (row_no, path, file_name, kind)
      SELECT r.row_no, w.path, left(w.name, 200), \(fragment: AttachmentImport.kind(of: "w.name"))
      FROM import_row r
      CROSS JOIN LATERAL (
        SELECT r.parsed ->> 'body_file' AS path, substring(r.parsed ->> 'body_file' FROM '[^/]+$') AS name
      ) w
      WHERE r.parsed ->> 'body_file' <> ''
      """,
      "DELETE FROM import_policy_file WHERE kind IS NULL OR kind <> ALL(\(AttachmentImport.kinds))",
    ])
    for wanted in try await tx.query(
      "SELECT row_no, path FROM import_policy_file ORDER BY row_no", as: AttachmentImport.Wanted.self)
    {
      guard let bytes = try await bytes(of: wanted.path) else { continue }
      try await tx.execute(
        """
        UPDATE import_policy_file f SET content = w.bytes, sha256 = sha256(w.bytes)
        FROM (SELECT \(bytes)::bytea AS bytes) w
        WHERE f.row_no = \(wanted.row)
        """)
    }
    try await tx.execute(
      """
      DELETE FROM import_policy_file
      WHERE content IS NULL OR octet_length(content) NOT BETWEEN 1 AND \(AttachmentImport.mostBytes)
      """)
  }

  /// A file that cannot be unpacked is left out as one that is not there; the check has said so.
  private func bytes(of path: String) async throws -> [UInt8]? {
    do {
      return try await files.read(path)
    } catch let error as SourceError where error.isOfAFile {
      return nil
    }
  }

  /// Everybody who reads policies may read the file of what is published; any other is for whoever works on them. The
  /// same file is attached once.
  func write(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [attachments(tx), contents(tx)])
  }

  private static let fileID: SQL = "import_id(r.stamp, 'policy_file')"
  /// A policy can get another file by each row that says something else of it.
  private static func key(_ digest: SQL) -> SQL { "r.key || '#' || left(encode(\(fragment: digest), 'hex'), 12)" }

  private func attachments(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .attachment, entity: "'policy_file'", key: Self.key("t.sha256"), columns: ProvenanceColumns(), tx: tx)
    return """
      WITH made AS (
        INSERT INTO attachment (tenant_id, id, policy_id, is_internal, file_name, kind, description, byte_count, sha256,
          attached_at)
        SELECT DISTINCT ON (r.target_id, f.sha256) \(chunk.tenant), \(fragment: Self.fileID), r.target_id,
          r.status <> 'published', f.file_name, f.kind, COALESCE('Version ' || (r.imported ->> 'version_label'), ''),
          octet_length(f.content), f.sha256, COALESCE(r.began, \(tx.at))
        FROM import_policy_file f
        JOIN import_policy r ON r.row_no = f.row_no
        JOIN policy p ON p.id = r.target_id
        WHERE NOT EXISTS (SELECT FROM attachment a WHERE a.policy_id = r.target_id AND a.sha256 = f.sha256)
        ORDER BY r.target_id, f.sha256, r.status <> 'published', r.row_no
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON \(fragment: Self.fileID) = t.id
      """
  }

  private func contents(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .attachmentContent, entity: "'policy_file_content'", key: Self.key("f.sha256"), columns: ProvenanceColumns(),
      tx: tx)
    return """
      WITH made AS (
        INSERT INTO attachment_content (tenant_id, attachment_id, content)
        SELECT \(chunk.tenant), a.id, f.content
        FROM import_policy_file f
        JOIN import_policy r ON r.row_no = f.row_no
        CROSS JOIN LATERAL (SELECT a.id FROM attachment a WHERE a.id = \(fragment: Self.fileID) OFFSET 0) a
        RETURNING attachment_id
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON \(fragment: Self.fileID) = t.attachment_id
      JOIN import_policy_file f ON f.row_no = r.row_no
      """
  }
}
