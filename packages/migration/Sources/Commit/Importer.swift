// One step of a commit: the next chunk of a batch, whole, or a row of it set apart.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// Writes chunks of a batch, each in the transaction it is given.
struct Importer: Sendable {
  let files: AttachmentSource

  /// Writes the next chunk of a batch, or what ends it.
  func commitNext(of id: ID<Batch>, in tx: AuditedTransaction) async throws -> CommitStep {
    guard let batch = try await ImportBatch.share(id, in: tx) else { return .notCommitting(.cancelled) }
    guard batch.state != .paused else { return .paused }
    guard batch.state == .committing else { return .notCommitting(batch.state) }
    guard try await !tx.isOfClosedClient() else {
      try await ImportBatch.fail(id, "The client was closed; what was committed stays.", in: tx)
      return .notCommitting(.failed)
    }
    guard try await batch.takeTurn(in: tx) else { return .busy }
    guard let chunk = try await ImportChunk.next(of: batch, in: tx) else {
      return .finished(try await batch.finish(in: tx))
    }
    try await tx.execute("SELECT set_config('ops.import', \(batch.id.description), true)")
    let counts = try await write(chunk, in: tx)
    try await chunk.keepCheckpoint(in: tx)
    try await tx.record(
      "migration.commit_chunk", object: batch.object,
      detail: "rows \(chunk.rowNumbers.first ?? 0)–\(chunk.rowNumbers.last ?? 0): \(counts.sentence)")
    return .chunk(counts)
  }

  /// Writes a chunk; where the database refuses it, each half by itself, down to the row that it does not take.
  private func write(_ chunk: ImportChunk, in tx: AuditedTransaction) async throws -> ChunkCounts {
    do {
      return try await tx.sql.savepoint { sql in
        let counts = try await self.writeAll(chunk, in: tx)
        // What is looked at when the transaction commits is looked at here, while the row can still be set apart.
        try await sql.execute("SET CONSTRAINTS \(fragment: Self.late) IMMEDIATE")
        try await sql.execute("SET CONSTRAINTS \(fragment: Self.late) DEFERRED")
        return counts
      }
    } catch let error as PostgresError where error.isOfARow {
      guard chunk.rowNumbers.count > 1 else {
        try await chunk.setApart(error, in: tx)
        return ChunkCounts(rows: 1, failed: 1)
      }
      let middle = chunk.rowNumbers.count / 2
      let first = try await write(chunk.part(0..<middle), in: tx)
      return try await first + write(chunk.part(middle..<chunk.rowNumbers.count), in: tx)
    }
  }

  /// The rules that are looked at when a transaction commits.
  static let late: SQL = """
    case_lead_check, case_assignment_lead_check, policy_current_version_fkey, policy_version_check
    """

  private func writeAll(_ chunk: ImportChunk, in tx: AuditedTransaction) async throws -> ChunkCounts {
    try await chunk.read(in: tx)
    try await chunk.leaveOutUnchanged(in: tx)
    let entity = chunk.entityImport(files: files)
    try await entity.read(.write, in: tx)
    let refused = try await chunk.refuse(entity.refusals, in: tx)
    try await entity.write(in: tx)
    if let patch = entity.patch { try await patch.write(in: tx) } else { try await chunk.noteContent(in: tx) }
    try await chunk.noteDecisions(entity.patch, in: tx)
    return try await chunk.tally(refused: refused, in: tx)
  }
}

extension PostgresError {
  /// Whether the fault is with what was written rather than with the database or its load.
  var isOfARow: Bool {
    let state = sqlState.rawValue
    return state.hasPrefix("22") || state.hasPrefix("23") || state.hasPrefix("P0") || sqlState == .insufficientPrivilege
  }
}

extension AuditedTransaction {
  /// Whether the client of this transaction has been closed.
  fileprivate func isOfClosedClient() async throws -> Bool {
    try await first("SELECT status FROM tenant WHERE id = \(author.tenant)", as: String.self) == "closed"
  }
}
