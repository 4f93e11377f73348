// Makes a batch of a table that its file hides.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Mapping
import Postgres
import SourceFiles

/// Reads a hidden table of a file.
package struct ReadHidden: Job {
  package static let kind = "migration.read_hidden"
  package static let tries = 3
  package static let safeArguments: Set<String> = ["file", "position"]

  package let file: ID<SourceFileRecord>
  package let position: Int

  package init(file: ID<SourceFileRecord>, position: Int) {
    self.file = file
    self.position = position
  }

  package func run(_ run: JobRun) async throws -> String {
    try await work(run, nil)
  }

  /// The same with somebody to ask, whom the composed program gives.
  func work(_ run: JobRun, _ adviser: MappingAdviser?) async throws -> String {
    guard let plan = try await run.inside({ tx in try await plan(in: tx) }) else {
      return "Nobody waits for it any more."
    }
    do {
      let source = SourceFile(try await run.bytes(of: plan.record))
      let options = ReadingOptions(sheet: plan.table.name)
      let read = try ReadTable(source, try source.inspect(options), options, plan.record.name)
      let suggestion = try await run.suggestion(for: read.table, asking: adviser).batch
      try await run.inside { tx in try await accept(read, suggestion, plan, in: tx) }
      return "\(read.table.rows) rows in \(read.shape.columns.count) columns."
    } catch let error as SourceError {
      try await run.inside { tx in try await refuse(error.message, plan, in: tx) }
      return "It cannot be read (\(error.code.rawValue))."
    } catch JobFailure.permanent(let sentence) {
      try await run.inside { tx in try await refuse(sentence, plan, in: tx) }
      throw JobFailure.permanent(sentence)
    }
  }

  private struct Plan: Sendable {
    let table: HiddenTable
    let record: SourceFileRecord
    let project: ID<MigrationProject>
  }

  private func plan(in tx: AuditedTransaction) async throws -> Plan? {
    guard let table = try await HiddenTable.find(position, of: file, in: tx), table.isBeingRead,
      let record = try await SourceFileRecord.find(file, in: tx),
      let project = try await tx.first("SELECT project_id FROM migration_source_file WHERE id = \(file)", as: UUID.self)
    else { return nil }
    return Plan(table: table, record: record, project: ID(project))
  }

  private func accept(
    _ read: ReadTable, _ suggestion: BatchSuggestion, _ plan: Plan, in tx: AuditedTransaction
  ) async throws {
    try await Batch.make(of: read, suggestion, file: file, project: plan.project, in: tx)
    try await plan.table.end(in: tx)
    try await tx.record(
      "migration.read", object: SourceFileRecord.object(file), detail: "\(plan.record.name): \(plan.table.name)")
  }

  private func refuse(_ why: String, _ plan: Plan, in tx: AuditedTransaction) async throws {
    try await plan.table.end(refused: why, in: tx)
    try await tx.record(
      "migration.read", object: SourceFileRecord.object(file), outcome: .failed, status: 422,
      detail: "\(plan.record.name): \(plan.table.name)")
  }
}
