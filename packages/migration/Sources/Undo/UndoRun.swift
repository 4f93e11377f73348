// Takes records back, some at a time: each attempt whole or not at all, what the database refuses set apart.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// One undo at work on a batch's records, or the reversal of one.
struct UndoRun: Sendable {
  let tenant: ID<Tenant>
  let batch: ID<Batch>
  let undo: ID<MigrationUndo>
  /// The undo that this one takes back; `nil` where it takes an import back.
  let reverses: ID<MigrationUndo>?
  let options: UndoOptions

  /// So many records are taken back at once while a person waits; more is a job.
  static let atOnce = 50
  /// So many are one transaction of the job.
  static let chunk = 2_000

  /// Takes the records back, as far as they may go, and writes down what came of each.
  func take(_ records: [ID<ImportedRecord>], in tx: AuditedTransaction) async throws {
    guard !records.isEmpty else { return }
    try await tx.execute("SELECT set_config('ops.import', \(undo.description), true)")
    try await attempt(records, in: tx)
    try await setAside(records, in: tx)
  }

  private func attempt(_ records: [ID<ImportedRecord>], in tx: AuditedTransaction) async throws {
    do {
      try await tx.sql.savepoint { sql in
        try await self.carryOut(records, in: tx)
        // What is looked at when the transaction commits is looked at here, while a record can still be set apart.
        try await sql.execute("SET CONSTRAINTS \(fragment: Importer.late) IMMEDIATE")
        try await sql.execute("SET CONSTRAINTS \(fragment: Importer.late) DEFERRED")
      }
    } catch let error as PostgresError where error.isOfARow {
      guard records.count > 1 else { return try await refuse(records, error, in: tx) }
      let middle = records.count / 2
      try await attempt(Array(records[..<middle]), in: tx)
      try await attempt(Array(records[middle...]), in: tx)
    }
  }

  private func carryOut(_ records: [ID<ImportedRecord>], in tx: AuditedTransaction) async throws {
    if let reverses {
      let reversal = UndoReversal(undo: undo, original: reverses)
      try await reversal.survey(records, in: tx)
      try await reversal.carryOut(in: tx)
      try await writeDown(in: tx)
    } else {
      try await UndoSurvey(batch: batch, options: options).take(records, for: .act, in: tx)
      try await UndoSurvey.judge(options, in: tx)
      try await UndoAct(tenant: tenant, undo: undo, options: options).carryOut(in: tx)
      try await writeDown(in: tx)
      try await writeDownCascade(in: tx)
    }
  }
}
