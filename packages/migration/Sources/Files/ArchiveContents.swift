// What the archives of a project hold, as far as it has to be known before anything of it is imported.

import Access
import Crypto
import EthicoTypes
import FoundationEssentials
import Jobs
import Mapping
import Postgres
import SourceFiles

/// The files in a project's archives.
struct ArchiveContents: Sendable {
  var entries: [Entry] = []

  struct Entry: Sendable {
    let path: String
    /// `nil` where it cannot be unpacked.
    var byteCount: Int?
    /// Of those alone that a row names a digest for.
    var sha256: [UInt8]?
    /// Whether it is a table itself, or what programs put beside them: nobody expects a row for it.
    let isTable: Bool
  }

  /// Lays them out in a table of the transaction's own, for rules to be asked in one statement.
  func layOut(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      CREATE TEMP TABLE archive_entry (path text, byte_count bigint, sha256 bytea, is_table boolean) ON COMMIT DROP
      """)
    _ = try await tx.sql.copy(
      "COPY archive_entry FROM STDIN", rows: entries.map { CopyRow([$0.path, $0.byteCount, $0.sha256, $0.isTable]) })
    try await tx.sql.execute(together: ["CREATE INDEX ON archive_entry (path)", "ANALYZE archive_entry"])
  }
}

extension ArchiveContents.Entry {
  /// Reads the digest of its bytes; of what cannot be unpacked there is none.
  mutating func digest(_ entry: ZipArchive.Entry, in archive: ZipArchive) {
    var hasher = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { buffer.deallocate() }
    do {
      let reader = try archive.open(entry)
      while true {
        let count = try reader.read(into: buffer)
        guard count > 0 else { break }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      sha256 = Array(hasher.finalize())
    } catch {
      byteCount = nil
    }
  }
}

extension JobRun {
  /// What the archives of a batch's project hold; nothing where the batch brings no files.
  func archiveContents(of batch: Batch) async throws -> ArchiveContents {
    guard try await bringsFiles(batch) else { return ArchiveContents() }
    let tables = try await inside { tx in
      Set(try await tx.all(Batch.all(of: batch.project)).flatMap { $0.shape.tables.map(\.name) })
    }
    let archives = ProjectArchives(run: self, batch: batch.id)
    let expected = try await pathsWithDigest(of: batch)
    return try await archives.contents(tables: tables, digesting: expected)
  }

  private func bringsFiles(_ batch: Batch) async throws -> Bool {
    guard batch.entity == .policy else { return batch.entity == .attachment }
    return try await inside { tx in
      try await tx.first(
        """
        SELECT EXISTS (SELECT FROM migration_staged_row WHERE batch_id = \(batch.id) AND parsed ->> 'body_file' <> '')
        """, as: Bool.self) ?? false
    }
  }

  /// Paths of the rows that say what digest their file has, and of policies' files: what cannot be unpacked is found.
  private func pathsWithDigest(of batch: Batch) async throws -> Set<String> {
    let paths = try await inside { tx in
      try await tx.query(
        """
        SELECT DISTINCT COALESCE(parsed ->> 'path', parsed ->> 'body_file') FROM migration_staged_row
        WHERE batch_id = \(batch.id) AND (parsed ? 'sha256' AND parsed ? 'path' OR parsed ->> 'body_file' <> '')
        LIMIT \(SourceLimits.standard.entries)
        """, as: String.self)
    }
    return Set(paths)
  }
}
