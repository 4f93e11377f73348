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

  /// Rows of one transaction, and their bytes.
  private static let rowsAtOnce = 10_000
  static let bytesAtOnce = 8_388_608

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
    let source = SourceFile(try await run.bytes(of: plan.file))
    let rows = try source.rows(plan.batch.shape)
    var corrections = CorrectionReader(plan.batch)
    var waiting: [WrittenRow] = []
    var bytes = 0
    var done = 0
    while let row = try rows.next() {
      done += 1
      guard row.number > behind else { continue }
      bytes += row.cells.reduce(0) { $0 + $1.utf8.count }
      let correction = corrections.isExhausted ? nil : try await corrections.correction(of: row.number, run)
      waiting.append(WrittenRow(plan.reading.read(row, correction)))
      guard waiting.count >= Self.rowsAtOnce || bytes >= Self.bytesAtOnce else { continue }
      try await keep(waiting, plan, run)
      try await run.progress(done, of: max(done, plan.batch.rowCount))
      waiting.removeAll(keepingCapacity: true)
      bytes = 0
    }
    try await keep(waiting, plan, run)
    try await run.progress(done, of: done)
    let rowCount = done
    let counts = try await run.check(plan, rowCount: rowCount)
    return "\(rowCount) rows: \(counts.insert) new, \(counts.update) changed, \(counts.unchanged) as they were, "
      + "\(counts.reject) stay behind."
  }

  private func keep(_ rows: [WrittenRow], _ plan: StagingPlan, _ run: JobRun) async throws {
    guard !rows.isEmpty else { return }
    try await run.inside { tx in try await WrittenRow.keep(rows, of: plan, in: tx) }
  }
}
