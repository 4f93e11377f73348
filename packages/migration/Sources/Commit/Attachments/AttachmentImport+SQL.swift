// A file of a former system, with its bytes from the project's ZIP, on the case, disclosure or policy it belongs to.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import SourceFiles

/// Writes the files of a chunk. Their bytes are read one by one: no more than one is in memory at a time.
struct AttachmentImport: EntityImport {
  let chunk: ImportChunk
  let files: AttachmentSource

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [table, "DELETE FROM import_attachment", projection])
    guard purpose == .write else { return }
    for wanted in try await tx.query(
      "SELECT row_no, path FROM import_attachment WHERE is_new ORDER BY row_no", as: Wanted.self)
    {
      do {
        guard let bytes = try await files.read(wanted.path) else { continue }
        try await tx.execute(
          """
          UPDATE import_attachment a
          SET content = w.bytes, byte_count = octet_length(w.bytes), sha256 = sha256(w.bytes)
          FROM (SELECT \(bytes)::bytea AS bytes) w
          WHERE a.row_no = \(wanted.row)
          """)
      } catch let error as SourceError where error.isOfAFile {
        try await tx.execute("UPDATE import_attachment SET is_damaged = true WHERE row_no = \(wanted.row)")
      }
    }
  }

  func write(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      "DELETE FROM import_attachment a WHERE NOT EXISTS (SELECT FROM import_row r WHERE r.row_no = a.row_no)",
      attachments(tx), contents(tx),
    ])
  }

  /// A file is written once.
  var patch: ImportPatch? { nil }

  /// No file without its bytes, none that cannot be unpacked, none whose bytes are others, none of a kind that is not
  /// taken, none that hangs on nothing. Of the last it is said what it would hang on, of the others which file it is.
  var refusals: SQL? {
    """
    SELECT r.row_no, f.code, CASE f.code WHEN 'ref.unresolved' THEN i.parsed ->> 'parent_key' ELSE r.path END AS value
    FROM import_attachment r
    JOIN import_row i ON i.row_no = r.row_no
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN num_nonnulls(r.case_id, r.disclosure_id, r.policy_id) = 0 THEN 'ref.unresolved'
        WHEN r.is_damaged THEN 'attachment.damaged'
        WHEN r.byte_count IS NULL THEN 'attachment.missing_file'
        WHEN r.byte_count NOT BETWEEN 1 AND \(Self.mostBytes) THEN 'attachment.size'
        WHEN r.expected <> encode(r.sha256, 'hex') THEN 'attachment.hash_mismatch'
        WHEN r.kind <> ALL(\(Self.kinds)) THEN 'attachment.kind'
      END AS code
    ) f
    WHERE r.is_new AND f.code IS NOT NULL
    """
  }

  /// As the table holds it.
  static let mostBytes = 26_214_400

  /// The kinds of file that are taken, by the end of their names.
  static let kinds = [
    "pdf", "png", "jpg", "gif", "webp", "tiff", "docx", "xlsx", "pptx", "odt", "ods", "doc", "xls", "ppt", "msg", "rtf",
    "txt", "csv", "eml", "mp3", "m4a", "wav", "mp4",
  ]

  /// The kind of a file by its name.
  static func kind(of name: SQL) -> SQL {
    """
    regexp_replace(regexp_replace(lower(substring(\(fragment: name) FROM '[^.]+$')), '^jpeg$', 'jpg'), '^tif$', 'tiff')
    """
  }

  private static let columns = ["uploaded_at", "parent_entity", "parent_key", "sha256"]
  /// The table holds so many characters of each; what is longer stays whole with the source's own fields.
  private static let nameLength = 200
  private static let descriptionLength = 500

  private let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS import_attachment (
      row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, legacy jsonb,
      content_hash bytea, imported jsonb, path text, case_id uuid, disclosure_id uuid, policy_id uuid,
      is_internal boolean, file_name text, kind text, description text, expected text, author_id uuid,
      attached_at timestamptz, content bytea, byte_count bigint, sha256 bytea, is_damaged boolean)
      ON COMMIT DELETE ROWS
    """

  /// Where the reporter of the case stays anonymous, nothing says who sent a file or from where.
  private var projection: SQL {
    """
    INSERT INTO import_attachment
    SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, COALESCE(r.target_id, import_id(r.stamp, 'attachment')),
      CASE WHEN a.is_anonymous THEN r.legacy || \(fragment: HistoryImport.withheldTexts("r.legacy")) ELSE r.legacy END,
      r.content_hash, CASE WHEN a.is_anonymous
        THEN r.kept - (\(Self.columns + Self.senders)::text[] || w.taken) || '{"uploaded_by": "reporter"}'
        ELSE r.kept - (\(Self.columns)::text[] || w.taken) END,
      r.parsed ->> 'path', CASE WHEN p.target_table = 'case' THEN p.target_id END,
      CASE WHEN p.target_table = 'disclosure' THEN p.target_id END,
      CASE WHEN p.target_table = 'policy' THEN p.target_id END,
      p.target_table = 'policy' AND \(fragment: Self.isForFew), left(r.parsed ->> 'file_name', \(Self.nameLength)::int),
      \(fragment: Self.kind(of: "r.parsed ->> 'file_name'")),
      left(COALESCE(r.parsed ->> 'description', r.parsed ->> 'title', ''), \(Self.descriptionLength)::int),
      lower(r.parsed ->> 'sha256'),
      CASE WHEN a.is_anonymous THEN NULL ELSE u.id END,
      COALESCE(r.parsed ->> 'uploaded_at', r.parsed ->> 'source_created_at')::timestamptz, NULL, NULL, NULL, false
    FROM import_row r
    \(fragment: ParentRecord.join(from: chunk.batch.sourceSystem))
    LEFT JOIN client_user u ON u.email = lower(r.parsed ->> 'uploaded_by.email')
    CROSS JOIN LATERAL (
      SELECT CASE WHEN char_length(r.parsed ->> 'file_name') <= \(Self.nameLength) THEN '{file_name}'::text[]
          ELSE '{}' END
        || CASE WHEN char_length(r.parsed ->> 'description') <= \(Self.descriptionLength) THEN '{description}'::text[]
          ELSE '{}' END AS taken
    ) w
    CROSS JOIN LATERAL (
      SELECT \(fragment: HeldAnonymity.isAnonymous("p.target_id")) AS is_anonymous
    ) a
    """
  }

  /// Whether a source shows a file to fewer people than its policy: it says so, or it is no part of the policy's text.
  private static let isForFew: SQL = """
    COALESCE(r.parsed ->> 'visibility' <> 'all',
      r.parsed ->> 'kind' IN ('signed_form', 'correspondence', 'evidence', 'audio'), false)
    """

  private static let senders = ["uploaded_by.employee_id", "uploaded_by.email", "uploaded_by.name"]

  private func attachments(_ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.attachment, entity: "'attachment'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO attachment (tenant_id, id, case_id, disclosure_id, policy_id, is_internal, file_name,
          kind, description, byte_count, sha256, author_id, attached_at)
        SELECT \(chunk.tenant), r.target_id, r.case_id, r.disclosure_id, r.policy_id,
          COALESCE(r.is_internal, false), r.file_name, r.kind, r.description, octet_length(r.content), r.sha256,
          r.author_id, COALESCE(r.attached_at, \(tx.at))
        FROM import_attachment r
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_attachment r ON r.target_id = t.id
      """
  }

  private func contents(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .attachmentContent, entity: "'attachment_content'", key: "r.key", columns: ProvenanceColumns(), tx: tx)
    return """
      WITH made AS (
        INSERT INTO attachment_content (tenant_id, attachment_id, content)
        SELECT \(chunk.tenant), r.target_id, r.content FROM import_attachment r WHERE r.is_new
        RETURNING attachment_id
      )
      \(fragment: told)
      FROM made t
      JOIN import_attachment r ON r.target_id = t.attachment_id
      """
  }

  /// A row with the path of its file.
  struct Wanted: RowDecodable {
    let row: Int
    let path: String

    init(row: Row) throws {
      self.row = try row["row_no"]
      path = try row["path"]
    }
  }
}

extension SourceError {
  /// Whether one file of an archive is at fault, not the archive, the disk or what was asked for.
  var isOfAFile: Bool { code == .zipDamaged || code == .zipRatio }
}
