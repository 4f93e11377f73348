// Reads every row of a batch as the record it would become, checks it, and says what would happen to it.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import SourceFiles

/// Stages and checks a batch.
package struct StageBatch: Job {
  package static let kind = "migration.stage"
  package static let tries = 5
  package static let safeArguments: Set<String> = ["batch"]

  package let batch: ID<Batch>

  package init(batch: ID<Batch>) {
    self.batch = batch
  }

  package func run(_ run: JobRun) async throws -> String {
    let id = batch
    guard let plan = try await run.inside({ tx in try await StagingPlan.find(id, for: run.job, in: tx) }) else {
      return "The batch went another way before its rows were read."
    }
    do {
      return try await stage(plan, run)
    } catch is StagingPlan.Overtaken {
      return StagingPlan.Overtaken.sentence
    }
  }

  private func stage(_ plan: StagingPlan, _ run: JobRun) async throws -> String {
    let behind = try await run.inside { tx in try await WrittenRow.checkpoint(of: plan, in: tx) }
    var chunks = StagedChunks(plan, try SourceFile(try await run.bytes(of: plan.file)).rows(plan.batch.shape), behind)
    var next = try await chunks.read(run)
    while !next.rows.isEmpty {
      let chunk = next
      // One is written down while the next is read.
      async let kept: Void = run.inside { tx in try await WrittenRow.keep(chunk.rows, of: plan, in: tx) }
      next = try await chunks.read(run)
      try await kept
      try await run.progress(chunk.end, of: max(chunk.end, plan.batch.rowCount))
    }
    let rowCount = next.end
    try await run.progress(rowCount, of: rowCount)
    let counts = try await run.check(plan, rowCount: rowCount)
    return "\(rowCount) rows: \(counts.insert) new, \(counts.update) changed, \(counts.unchanged) as they were, "
      + "\(counts.reject) stay behind."
  }
}

/// The rows of a batch, read as the records that they would become, as many at once as one transaction takes.
struct StagedChunks {
  /// Rows of one transaction, and their bytes. Two chunks are there at once.
  private static let rowsAtOnce = 5_000
  static let bytesAtOnce = 4_194_304

  private let plan: StagingPlan
  private let rows: RowReader
  private let behind: Int
  private var corrections: CorrectionReader
  private var done = 0

  /// - Parameter behind: the last row that an earlier attempt has kept.
  init(_ plan: StagingPlan, _ rows: RowReader, _ behind: Int) {
    self.plan = plan
    self.rows = rows
    self.behind = behind
    corrections = CorrectionReader(plan.batch)
  }

  /// The next ones, and how many rows of the file they end at; no rows at its end.
  mutating func read(_ run: JobRun) async throws -> (rows: [WrittenRow], end: Int) {
    var chunk: [WrittenRow] = []
    var bytes = 0
    while chunk.count < Self.rowsAtOnce, bytes < Self.bytesAtOnce, let row = try rows.next() {
      done += 1
      guard row.number > behind else { continue }
      bytes += row.cells.reduce(0) { $0 + $1.utf8.count }
      let correction = corrections.isExhausted ? nil : try await corrections.correction(of: row.number, run)
      chunk.append(WrittenRow(plan.reading.read(row, correction)))
    }
    return (chunk, done)
  }
}
