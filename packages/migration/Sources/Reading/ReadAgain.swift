// Reads the file of a batch again, as somebody corrected it.

import Access
package import EthicoTypes
package import Jobs
import Mapping
import Postgres
import SourceFiles

/// Reads a batch's file as it is wanted now.
package struct ReadAgain: Job {
  package static let kind = "migration.read_again"
  package static let tries = 3
  package static let safeArguments: Set<String> = ["batch"]

  package let batch: ID<Batch>

  package init(batch: ID<Batch>) {
    self.batch = batch
  }

  package func run(_ run: JobRun) async throws -> String {
    try await work(run, nil)
  }

  /// The same with somebody to ask, whom the composed program gives.
  func work(_ run: JobRun, _ adviser: MappingAdviser?) async throws -> String {
    let id = batch
    guard let plan = try await run.inside({ tx in try await ReadingPlan.begin(id, in: tx) }) else {
      return "Nobody waits for it any more."
    }
    do {
      let source = SourceFile(try await run.bytes(of: plan.file))
      let read = try Self.read(source, plan)
      let suggestion = try await run.suggestion(for: read.table, as: plan.decided, asking: adviser).batch
      return try await run.inside { tx in
        guard let batch = try await plan.hold(in: tx) else { return "It is wanted otherwise by now." }
        try await batch.take(read, suggestion, in: tx)
        return "\(read.table.rows) rows in \(read.shape.columns.count) columns."
      }
    } catch let error as SourceError {
      try await run.inside { tx in try await plan.hold(in: tx)?.refuseReading(error.message, in: tx) }
      return "It cannot be read so (\(error.code.rawValue)) and stays as it was."
    } catch JobFailure.permanent(let sentence) {
      try await run.inside { tx in try await plan.hold(in: tx)?.refuseReading(sentence, in: tx) }
      throw JobFailure.permanent(sentence)
    }
  }

  /// The table as it is wanted. A column that names a reporter in the header that is found where nobody says which row
  /// it is keeps that name whatever stands in the row that was chosen: were that a row of data, who reported would be
  /// the name of the column, and what the column is about would be forgotten.
  private static func read(_ source: SourceFile, _ plan: ReadingPlan) throws(SourceError) -> ReadTable {
    let shape = try source.inspect(plan.wanted)
    guard plan.wanted.headerRow != nil else { return try ReadTable(source, shape, plan.wanted, plan.file.name) }
    var unsaid = plan.wanted
    unsaid.headerRow = nil
    let found = try source.inspect(unsaid).columns
    let named = found.indices.filter { ReporterIdentity.isNamed(by: found[$0]) }
    let kept = shape.naming(Dictionary(uniqueKeysWithValues: named.map { ($0, found[$0]) }))
    return try ReadTable(source, kept, plan.wanted, plan.file.name)
  }
}

/// A batch that waits to be read again, and how.
private struct ReadingPlan: Sendable {
  let batch: ID<Batch>
  let wanted: ReadingOptions
  let file: SourceFileRecord
  /// What the rows are, once somebody has decided about them.
  let decided: ImportEntity?

  /// - Returns: `nil` where nobody waits for it.
  static func begin(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> ReadingPlan? {
    guard let batch = try await Batch.find(id, in: tx), batch.isBeingRead, let wanted = batch.wantedReading,
      let file = try await SourceFileRecord.find(batch.file, in: tx)
    else { return nil }
    return ReadingPlan(
      batch: id, wanted: wanted, file: file, decided: batch.state == .profiled ? nil : batch.entity)
  }

  /// The batch, held; `nil` where it is wanted otherwise by now, or no more.
  func hold(in tx: AuditedTransaction) async throws -> Batch? {
    guard let held = try await Batch.hold(batch, in: tx), held.isBeingRead, held.wantedReading == wanted else {
      return nil
    }
    return held
  }
}
