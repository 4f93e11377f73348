// Reads the corrected rows of a batch again, and them alone; then all of it is checked anew.

import Access
package import EthicoTypes
package import Jobs
import Postgres
import SourceFiles

/// Reads the rows of a batch that were corrected. Doing it twice does what once does.
package struct ReadCorrected: Job {
  package static let kind = "migration.correct"
  package static let tries = 5
  package static let safeArguments: Set<String> = ["batch"]

  package let batch: ID<Batch>

  package init(batch: ID<Batch>) {
    self.batch = batch
  }

  /// Rows of one transaction, and how many are passed over between two signs of life.
  private static let rowsAtOnce = 1_000
  private static let rowsPassed = 10_000

  package func run(_ run: JobRun) async throws -> String {
    let id = batch
    guard let plan = try await run.inside({ tx in try await StagingPlan.find(id, for: run.job, in: tx) }) else {
      return "The batch went another way before its rows were read."
    }
    do {
      return try await read(plan, run)
    } catch is StagingPlan.Overtaken {
      return StagingPlan.Overtaken.sentence
    }
  }

  private func read(_ plan: StagingPlan, _ run: JobRun) async throws -> String {
    let rows = try SourceFile(try await run.bytes(of: plan.file)).rows(plan.batch.shape)
    var corrections = CorrectionReader(plan.batch)
    var waiting: [WrittenRow] = []
    var (done, replaced, bytes) = (0, 0, 0)
    while !corrections.isExhausted, let row = try rows.next() {
      done += 1
      if done.isMultiple(of: Self.rowsPassed) {
        try await run.progress(done, of: max(done, plan.batch.rowCount))
      }
      guard let correction = try await corrections.correction(of: row.number, run) else { continue }
      bytes += row.cells.reduce(0) { $0 + $1.utf8.count }
      waiting.append(WrittenRow(plan.reading.read(row, correction)))
      guard waiting.count >= Self.rowsAtOnce || bytes >= StagedChunks.bytesAtOnce else { continue }
      try await replace(waiting, plan, run)
      replaced += waiting.count
      waiting.removeAll(keepingCapacity: true)
      bytes = 0
    }
    try await replace(waiting, plan, run)
    replaced += waiting.count
    try await run.progress(plan.batch.rowCount, of: plan.batch.rowCount)
    let counts = try await run.check(plan, rowCount: plan.batch.rowCount)
    return "\(replaced) rows read again: \(counts.reject) stay behind."
  }

  private func replace(_ rows: [WrittenRow], _ plan: StagingPlan, _ run: JobRun) async throws {
    guard !rows.isEmpty else { return }
    try await run.inside { tx in try await WrittenRow.replace(rows, of: plan, in: tx) }
  }
}
