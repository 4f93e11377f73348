// The job that commits a batch: chunk by chunk, each with its event and its checkpoint in one transaction.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import SourceFiles

/// Writes the decided rows of a batch. It goes on where it stopped: what is behind the checkpoint was committed with
/// it.
package struct ImportCommit: Job {
  package static let kind = "migration.commit"
  package static let safeArguments: Set<String> = ["batch"]

  package let batch: ID<Batch>

  package init(batch: ID<Batch>) {
    self.batch = batch
  }

  package func run(_ run: JobRun) async throws -> String {
    try await work(run, run.attachments(of: batch))
  }

  /// The same with a source of files, which the composed program gives.
  func work(_ run: JobRun, _ files: AttachmentSource) async throws -> String {
    let importer = Importer(files: files)
    let total = try await run.inside { tx in try await ImportChunk.countDue(of: batch, in: tx) }
    var done = try await run.inside { tx in try await ImportChunk.countDone(of: batch, in: tx) }
    do {
      while true {
        let step = try await run.inside { tx in try await importer.commitNext(of: batch, in: tx) }
        switch step {
        case .chunk(let counts):
          done += counts.rows
          try await run.progress(min(done, max(done, total)), of: max(done, total))
        case .paused: return "Paused after \(done) of \(total) rows; what is committed stays."
        case .finished(let counts): return "\(counts.sentence)"
        case .busy:
          throw JobFailure.passing("Another batch of the same kind of record is being committed at this client.")
        case .notCommitting(let state):
          throw JobFailure.permanent("The batch is \(state.label.lowercased()): there is nothing to commit.")
        }
      }
    } catch {
      guard let sentence = Self.sentence(error) else { throw error }
      try await run.inside { tx in try await ImportBatch.fail(batch, sentence, in: tx) }
      throw JobFailure.permanent(sentence)
    }
  }

  /// Why it is useless to try again; `nil` where that may help.
  private static func sentence(_ error: any Error) -> String? {
    switch error {
    case let error as PostgresError where !error.isPassing: sentence(error)
    case let error as SourceError where error.code != .fileUnreadable: error.message
    case JobFailure.permanent(let sentence): sentence
    default: nil
    }
  }

  /// Without the row that the database refused: its text may be anybody's.
  private static func sentence(_ error: PostgresError) -> String {
    "The database refused a chunk as a whole: \(error.sqlState.rawValue)\(error.constraint.map { " (\($0))" } ?? "")."
  }
}

extension PostgresError {
  /// Whether the same chunk may well be taken another time: the database went away, or had too much else to do.
  fileprivate var isPassing: Bool {
    isRetryable || isConnectionLoss || sqlState == .queryCanceled || sqlState == .lockNotAvailable
  }
}

/// Gives the bytes of a file of the project by its path; `nil` where it has none.
package struct AttachmentSource: Sendable {
  package typealias Read = @Sendable (_ path: String) async throws -> [UInt8]?

  let read: Read

  package init(_ read: @escaping Read) {
    self.read = read
  }

  /// A project without a ZIP.
  package static let none = AttachmentSource { _ in nil }
}

/// What a step of a commit came to.
enum CommitStep: Sendable {
  case chunk(ChunkCounts)
  case paused
  case finished(ChunkCounts)
  case busy
  case notCommitting(BatchState)
}

/// What a chunk, or a whole batch, came to.
struct ChunkCounts: Sendable, Hashable {
  var rows = 0
  var inserted = 0
  var updated = 0
  var conflicts = 0
  var failed = 0

  static func + (left: ChunkCounts, right: ChunkCounts) -> ChunkCounts {
    ChunkCounts(
      rows: left.rows + right.rows, inserted: left.inserted + right.inserted, updated: left.updated + right.updated,
      conflicts: left.conflicts + right.conflicts, failed: left.failed + right.failed)
  }

  /// In words: `4,200 added, 12 updated, 3 to decide, 1 refused`.
  var sentence: String {
    let parts = [(inserted, "added"), (updated, "updated"), (conflicts, "to decide"), (failed, "refused")]
    let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return told.isEmpty ? "Nothing to write." : told.joined(separator: ", ") + "."
  }
}
