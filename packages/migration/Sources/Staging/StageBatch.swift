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
  private static let bytesAtOnce = 8_388_608

  package func run(_ run: JobRun) async throws -> String {
    let id = batch
    guard let plan = try await run.inside({ tx in try await StagingPlan.begin(id, in: tx) }) else {
      return "The batch went another way before its rows were read."
    }
    let source = SourceFile(try await run.bytes(of: plan.file))
    let rows = try source.rows(plan.batch.shape)
    var waiting: [StagedRow] = []
    var bytes = 0
    var done = 0
    while let row = try rows.next() {
      done += 1
      guard row.number > plan.behind else { continue }
      bytes += row.cells.reduce(0) { $0 + $1.utf8.count }
      waiting.append(plan.reading.read(row))
      guard waiting.count >= Self.rowsAtOnce || bytes >= Self.bytesAtOnce else { continue }
      try await keep(waiting, run)
      try await run.progress(done, of: max(done, plan.batch.rowCount))
      waiting.removeAll(keepingCapacity: true)
      bytes = 0
    }
    try await keep(waiting, run)
    try await run.progress(done, of: done)
    let rowCount = done
    let counts = try await run.inside { tx in try await plan.batch.check(rowCount: rowCount, in: tx) }
    return "\(rowCount) rows: \(counts.insert) new, \(counts.update) changed, \(counts.unchanged) as they were, "
      + "\(counts.reject) stay behind."
  }

  private func keep(_ rows: [StagedRow], _ run: JobRun) async throws {
    guard !rows.isEmpty else { return }
    let id = batch
    try await run.inside { tx in try await StagedRow.keep(rows, of: id, in: tx) }
  }
}

/// What the staging of a batch needs, and how far an attempt before this one came.
private struct StagingPlan: Sendable {
  let batch: Batch
  let file: SourceFileRecord
  let reading: RowReading
  /// Rows up to this number are kept already.
  let behind: Int

  /// - Returns: `nil` where the batch no longer waits for it.
  static func begin(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> StagingPlan? {
    guard let batch = try await Batch.find(id, in: tx), batch.state == .staged,
      let file = try await SourceFileRecord.find(batch.file, in: tx)
    else { return nil }
    let mapping = try await BatchMapping.current(of: batch, in: tx)
    let values = try await ValueMapping.all(of: id, in: tx)
    let zone = try await tx.first("SELECT timezone FROM tenant", as: String.self)
    let cells = CellText(zone: zone.flatMap(TimeZone.init(identifier:)) ?? .gmt, at: tx.at)
    let reading = RowReading(
      batch.entity, mapping, values, try await ClientCategories.inUse(in: tx), cells: cells)
    let behind = try await StagedRow.checkpoint(of: batch, in: tx)
    return StagingPlan(batch: batch, file: file, reading: reading, behind: behind)
  }
}
