// Takes a file in a piece at a time: bytes and offset in one transaction, so that whoever goes on, after whatever
// happened, goes on where the bytes really end.

package import Access
package import EthicoTypes
package import FoundationEssentials
import Jobs
import Postgres

extension FileUpload {
  /// What the trail calls it.
  package static func object(_ id: ID<FileUpload>) -> AuditObject { AuditObject("migration_upload", id) }

  /// Begins to take a file in, or goes on with what is here of it already.
  /// - Throws: `FileRefusal` or `UploadRefusal.tooMany`, with nothing begun.
  package static func begin(
    _ new: NewUpload, by staff: ID<Staff>, sealedBy vault: Vault?, in tx: AuditedTransaction
  ) async throws -> FileUpload {
    guard vault != nil else { throw FileRefusal.noKey }
    guard let project = try await MigrationProject.hold(in: tx) else { throw FileRefusal.noProject }
    if let there = try await find(new, of: project.id, in: tx) { return there }
    guard try await tx.all(unfinished(of: project.id)).count < openLimit else { throw UploadRefusal.tooMany }
    let id: ID<FileUpload> = tx.newID()
    let blob: ID<StoredBytes> = tx.newID()
    _ = try await StoredBytes.begin(blob, in: tx)
    try await tx.execute(
      """
      INSERT INTO migration_upload (tenant_id, id, project_id, blob_id, name, byte_count, modified_ms, staff_id)
      VALUES (\(tx.author.tenant), \(id), \(project.id), \(blob), \(new.name), \(new.byteCount),
        \(new.modifiedMilliseconds), \(staff))
      """)
    try await UploadExpiry(upload: id).order(at: tx.at.addingTimeInterval(restSeconds), in: tx)
    try await tx.record(
      "migration.upload_begin", object: object(id), status: 201, detail: "\(new.name): \(new.byteCount) bytes")
    return FileUpload(
      id: id, name: new.name, byteCount: new.byteCount, offset: 0, touchedAt: tx.at, file: nil,
      canGoOn: new.modifiedMilliseconds != nil, blob: blob)
  }

  /// Takes in the bytes that follow, which go no further than the piece that they begin or fill.
  /// - Returns: the upload as it then is.
  /// - Throws: `UploadRefusal`, with nothing kept.
  package func append(_ bytes: Data, sealedBy vault: Vault, in tx: AuditedTransaction) async throws -> FileUpload {
    guard bytes.count <= byteCount - offset else { throw UploadRefusal.beyondEnd(self) }
    let moved = try await tx.first(
      """
      UPDATE migration_upload u SET byte_offset = \(offset + bytes.count), touched_at = \(tx.at)
      WHERE u.id = \(id) AND u.byte_offset = \(offset) AND u.file_id IS NULL
      RETURNING \(fragment: Self.columns)
      """, as: FileUpload.self)
    guard let moved, let salt = try await StoredBytes.salt(of: blob, in: tx) else {
      throw UploadRefusal.moved(try await Self.find(id, in: tx) ?? self)
    }
    let key = vault.fileKey(salt: salt)
    let number = offset / Self.pieceBytes
    var piece = Data()
    if offset % Self.pieceBytes > 0 {
      guard let begun = try await StoredBytes.piece(number, of: blob, in: tx) else {
        throw UploadRefusal.sealedOtherwise
      }
      piece = try Self.opened(begun, number, by: key)
    }
    piece.append(bytes)
    try await StoredBytes.put(try key.seal(piece, number: number), number, of: blob, in: tx)
    return moved
  }

  static func opened(_ sealed: [UInt8], _ number: Int, by key: FileKey) throws -> Data {
    do {
      return try key.open(sealed, number: number)
    } catch {
      throw UploadRefusal.sealedOtherwise
    }
  }

  /// Lets go of a file that did not come whole.
  package func remove(status: Int = 200, in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM migration_upload WHERE id = \(id)")
    guard file == nil else { return }
    try await StoredBytes.delete(blob, in: tx)
    try await tx.record(
      "migration.delete_upload", object: Self.object(id), status: status,
      detail: "\(name): \(offset) of \(byteCount) bytes")
  }
}
