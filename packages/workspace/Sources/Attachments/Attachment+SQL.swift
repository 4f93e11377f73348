// Stores and reads files. Everything here runs inside one client's transaction: other clients' rows do not exist.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

extension Attachment {
  /// The files of a record, newest first.
  static func list(_ owner: AttachmentOwner) -> Query<Attachment> {
    Query(
      """
      SELECT f.id, f.file_name, f.kind, f.description, f.byte_count, f.sha256, u.name AS author, f.attached_at,
        f.is_internal
      FROM attachment f
      LEFT JOIN client_user u ON u.tenant_id = f.tenant_id AND u.id = f.author_id
      WHERE \(fragment: owner.condition)
      ORDER BY f.attached_at DESC, f.id DESC
      LIMIT 100
      """)
  }

  /// One file with its bytes, of that owner; `nil` when it has none of that id.
  static func download(
    _ id: ID<Attachment>, of owner: AttachmentOwner, in tx: AuditedTransaction
  ) async throws -> Download? {
    try await tx.first(
      """
      SELECT f.file_name, f.kind, c.content
      FROM attachment f
      JOIN attachment_content c ON c.tenant_id = f.tenant_id AND c.attachment_id = f.id
      WHERE f.id = \(id) AND \(fragment: owner.condition)
      """, as: StoredFile.self)?.download
  }

  /// Attaches a file: what it is in the trail, its bytes beside it.
  /// - Parameter reference: what the trail calls the owner.
  static func add(
    _ draft: AttachmentDraft, to owner: AttachmentOwner, called reference: String, in tx: AuditedTransaction
  ) async throws {
    let id: ID<Attachment> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO attachment (tenant_id, id, case_id, disclosure_id, policy_id, is_internal, file_name, kind,
        description, byte_count, sha256, author_id, attached_at)
      VALUES (\(tx.author.tenant), \(id), \(owner.caseID), \(owner.disclosureID), \(owner.policyID),
        \(draft.isInternal && owner.policyID != nil), \(draft.fileName), \(draft.kind), \(draft.description),
        \(draft.bytes.count), \(draft.sha256), \(tx.ownAuthor), \(tx.at))
      """)
    try await tx.execute(
      """
      INSERT INTO attachment_content (tenant_id, attachment_id, content)
      VALUES (\(tx.author.tenant), \(id), \(Array(draft.bytes)))
      """)
    try await tx.record(
      "attachment.add", object: owner.object, status: 303, detail: "\(reference): \(draft.fileName)")
  }
}

extension AttachmentOwner {
  /// Whether a row `f` is a file of this owner.
  var condition: SQL {
    switch self {
    case .ofCase(let id): "f.case_id = \(id)"
    case .ofDisclosure(let id): "f.disclosure_id = \(id)"
    case .ofPolicy(let id, .everything): "f.policy_id = \(id)"
    case .ofPolicy(let id, .published): "f.policy_id = \(id) AND NOT f.is_internal"
    }
  }

  fileprivate var caseID: ID<Case>? {
    if case .ofCase(let id) = self { id } else { nil }
  }

  fileprivate var disclosureID: ID<Disclosure>? {
    if case .ofDisclosure(let id) = self { id } else { nil }
  }

  fileprivate var policyID: ID<Policy>? {
    if case .ofPolicy(let id, _) = self { id } else { nil }
  }
}

private struct StoredFile: RowDecodable {
  let fileName: String
  let kind: AttachmentKind
  let content: [UInt8]

  init(row: Row) throws {
    fileName = try row["file_name"]
    kind = try row["kind"]
    content = try row["content"]
  }

  var download: Download {
    Download(name: fileName, contentType: kind.mediaType, bytes: Data(content))
  }
}

extension Attachment: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    fileName = try row["file_name"]
    kind = try row["kind"]
    description = try row["description"]
    byteCount = try row["byte_count"]
    sha256 = try row["sha256"]
    author = try row["author"]
    attachedAt = try row["attached_at"]
    isInternal = try row["is_internal"]
  }
}
