// The bytes of files in the database: sealed pieces of 1 MiB, written with the file and read back into a file without
// a name.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension StoredBytes {
  /// The length of a piece, in bytes; the last one may be shorter.
  static let pieceBytes = 1_048_576

  /// Begins a file of no bytes.
  /// - Returns: its salt.
  static func begin(_ id: ID<StoredBytes>, in tx: AuditedTransaction) async throws -> [UInt8] {
    let salt = try await tx.first(
      """
      INSERT INTO migration_blob (tenant_id, id, key_salt)
      VALUES (\(tx.author.tenant), \(id), uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
      RETURNING key_salt
      """, as: [UInt8].self)
    return salt ?? []
  }

  /// Writes a piece, in place of the shorter one that it goes on from.
  static func put(_ sealed: [UInt8], _ number: Int, of id: ID<StoredBytes>, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_blob_chunk (tenant_id, blob_id, number, sealed)
      VALUES (\(tx.author.tenant), \(id), \(number), \(sealed))
      ON CONFLICT (tenant_id, blob_id, number) DO UPDATE SET sealed = EXCLUDED.sealed
      """)
  }

  static func salt(of id: ID<StoredBytes>, in tx: AuditedTransaction) async throws -> [UInt8]? {
    try await tx.first("SELECT key_salt FROM migration_blob WHERE id = \(id)", as: [UInt8].self)
  }

  /// A sealed piece; `nil` behind the last one.
  static func piece(_ number: Int, of id: ID<StoredBytes>, in tx: AuditedTransaction) async throws -> [UInt8]? {
    try await tx.first(
      "SELECT sealed FROM migration_blob_chunk WHERE blob_id = \(id) AND number = \(number)", as: [UInt8].self)
  }

  static func delete(_ id: ID<StoredBytes>, in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM migration_blob_chunk WHERE blob_id = \(id)")
    try await tx.execute("DELETE FROM migration_blob WHERE id = \(id)")
  }
}
