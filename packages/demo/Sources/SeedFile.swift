// A file of a demo client: a few words, as somebody would attach them.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// A file that belongs to a case or to a policy.
struct SeedFile: Encodable, Sendable {
  let id: String
  var caseID: String?
  var policyID: String?
  let fileName: String
  let kind: String
  let description: String
  let words: String
  var authorID: String?
  let attachedAt: Date

  static func store(_ files: [SeedFile], of client: ID<Tenant>, in tx: AuditedTransaction) async throws {
    let rows = try JSONText.rows(files)
    try await tx.execute(
      """
      INSERT INTO attachment (tenant_id, id, case_id, policy_id, file_name, kind, description, byte_count, sha256,
        author_id, attached_at)
      SELECT \(client), id, case_id, policy_id, file_name, kind, description, octet_length(words),
        sha256(convert_to(words, 'UTF8')), author_id, attached_at
      FROM jsonb_to_recordset(\(rows)) AS r (id uuid, case_id uuid, policy_id uuid, file_name text, kind text,
        description text, words text, author_id uuid, attached_at timestamptz)
      """)
    try await tx.execute(
      """
      INSERT INTO attachment_content (tenant_id, attachment_id, content)
      SELECT \(client), id, convert_to(words, 'UTF8')
      FROM jsonb_to_recordset(\(rows)) AS r (id uuid, words text)
      """)
  }
}
