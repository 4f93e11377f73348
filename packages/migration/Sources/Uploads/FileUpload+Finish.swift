// Makes a file of what has come whole: its SHA-256 first, which tells whether it is here already.

package import Access
import Crypto
import EthicoTypes
import Postgres

extension FileUpload {
  /// The SHA-256 of what is here, read back a piece at a time: what took the first pieces may have been another
  /// instance, or this one before it was killed.
  /// - Throws: `UploadRefusal` where it is not whole or cannot be opened.
  package func digest(sealedBy vault: Vault, in ledger: Ledger, by author: Author) async throws -> [UInt8] {
    guard isWhole else { throw UploadRefusal.incomplete(self) }
    let blob = blob
    guard let salt = try await ledger.tenant(by: author, { tx in try await StoredBytes.salt(of: blob, in: tx) }) else {
      throw UploadRefusal.incomplete(self)
    }
    let key = vault.fileKey(salt: salt)
    var hasher = SHA256()
    for number in 0...((byteCount - 1) / Self.pieceBytes) {
      let sealed = try await ledger.tenant(by: author) { tx in
        try await StoredBytes.piece(number, of: blob, in: tx)
      }
      guard let sealed else { throw UploadRefusal.incomplete(self) }
      hasher.update(data: try Self.opened(sealed, number, by: key))
    }
    return Array(hasher.finalize())
  }

  /// Says that what is here is all of it: of a file whose length was known at most.
  /// - Throws: `UploadRefusal.moved` where more or less is here than the sender knows.
  package func end(in tx: AuditedTransaction) async throws -> FileUpload {
    let ended = try await tx.first(
      """
      UPDATE migration_upload u SET byte_count = u.byte_offset, touched_at = \(tx.at)
      WHERE u.id = \(id) AND u.byte_offset = \(offset) AND u.file_id IS NULL
      RETURNING \(fragment: Self.columns)
      """, as: FileUpload.self)
    guard let ended else { throw UploadRefusal.moved(try await Self.find(id, in: tx) ?? self) }
    return ended
  }

  /// Makes a file of it, held by this transaction, and orders that it is read; twice is once.
  /// - Parameter sha256: of all its bytes.
  package func finish(sha256: [UInt8], in tx: AuditedTransaction) async throws -> UploadEnd {
    if let file { return .file(file) }
    // It may have come whole only after somebody had looked, and read nothing of it.
    guard isWhole, sha256.count == SHA256.byteCount else { throw UploadRefusal.incomplete(self) }
    guard let project = try await MigrationProject.hold(in: tx) else { throw FileRefusal.noProject }
    if let there = try await SourceFileRecord.find(sha256: sha256, of: project.id, in: tx) {
      try await settle(there.id, in: tx)
      try await StoredBytes.delete(blob, in: tx)
      try await tx.record(
        "migration.upload", object: SourceFileRecord.object(there.id), outcome: .conflict, status: 409, detail: name)
      return .known(there)
    }
    let stored = StoredFile(name: name, byteCount: byteCount, sha256: sha256, blob: blob)
    let id = try await SourceFileRecord.keep(stored, in: project, in: tx)
    try await settle(id, in: tx)
    return .file(id)
  }

  /// The upload stays for a while, so that who did not hear the last answer can ask what came of it.
  private func settle(_ file: ID<SourceFileRecord>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      "UPDATE migration_upload SET file_id = \(file), touched_at = \(tx.at) WHERE id = \(id)")
  }
}
