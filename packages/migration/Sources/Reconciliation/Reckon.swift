// The job that reckons a client's move, some rows at a time. It keeps nothing until all is counted: where its worker is
// lost, another one begins anew.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Mapping
import Postgres

/// Counts every row and every record of a move, holds them against each other, and keeps that as what the client will
/// look at.
package struct Reckon: Job {
  package static let kind = "migration.reconcile"
  package static let tries = 3
  package static let safeArguments: Set<String> = ["reckoning"]

  package let reckoning: ID<Reckoning>

  package init(reckoning: ID<Reckoning>) {
    self.reckoning = reckoning
  }

  private static let unwanted = "Nobody waits for it any more."

  package func run(_ run: JobRun) async throws -> String {
    guard let plan = try await run.inside({ tx in try await plan(in: tx) }) else { return Self.unwanted }
    let spans = plan.batches.flatMap(\.spans)
    let total = plan.batches.reduce(0) { $0 + $1.lastRow }
    var tallies: [ID<Batch>: SpanTally] = [:]
    var done = 0
    try await run.progress(done, of: total)
    for span in spans {
      let tally = try await run.inside { tx in
        try await isWanted(in: tx) ? try await span.tally(in: tx) : nil
      }
      guard let tally else { return Self.unwanted }
      tallies[span.batch.id] = (tallies[span.batch.id] ?? SpanTally()) + tally
      done += span.last - span.first + 1
      try await run.progress(done, of: total)
    }
    let counted = tallies
    return try await run.inside { tx in try await keep(counted, plan, in: tx) }
  }

  /// What is to be counted.
  struct Plan: Sendable {
    let project: ID<MigrationProject>
    let batches: [ReckonedBatch]
  }

  private func plan(in tx: AuditedTransaction) async throws -> Plan? {
    guard try await isWanted(in: tx), let project = try await MigrationProject.open(in: tx) else { return nil }
    return Plan(project: project.id, batches: try await tx.all(ReckonedBatch.all(of: project.id)))
  }

  /// Whether nobody has stopped it.
  private func isWanted(in tx: AuditedTransaction) async throws -> Bool {
    try await Reckoning.find(reckoning, in: tx)?.isRunning ?? false
  }

  /// Keeps what was counted, unless something was imported or taken back meanwhile: figures of two moments would not
  /// add up, and nobody would know why.
  func keep(
    _ tallies: [ID<Batch>: SpanTally], _ plan: Plan, in tx: AuditedTransaction
  ) async throws -> String {
    guard let project = try await MigrationProject.hold(in: tx), project.id == plan.project,
      let reckoning = try await Reckoning.find(reckoning, in: tx), reckoning.isRunning
    else { return Self.unwanted }
    let now = try await tx.all(ReckonedBatch.all(of: project.id))
    guard now.map(\.id) == plan.batches.map(\.id), now.map(\.version) == plan.batches.map(\.version) else {
      let sentence = "Something was imported or taken back while it was reckoned. Reconcile again."
      try await Reckoning.end(of: project.id, .failed, failure: sentence, in: tx)
      try await tx.record(
        "migration.reconcile", object: MigrationProject.object(project.id), outcome: .conflict, status: 409,
        detail: sentence)
      return sentence
    }
    let conflicts = try await Conflict.open(of: project.id, in: tx)
    let figures = EntityFigures.all(of: project, plan.batches, tallies, conflicts: conflicts)
    for entity in figures {
      try await Reconciliation.keep(entity, of: project.id, by: reckoning.orderedBy, in: tx)
    }
    if project.state == .active { try await project.move(to: .reconciling, in: tx) }
    try await Reckoning.end(of: project.id, .done, in: tx)
    let sentence = Self.sentence(figures)
    try await tx.record("migration.reconcile", object: MigrationProject.object(project.id), detail: sentence)
    return sentence
  }

  private static func sentence(_ figures: [EntityFigures]) -> String {
    let records = figures.reduce(0) { $0 + $1.records }
    let rest = figures.filter { !$0.addsUp }.map(\.entity.pluralLabel)
    return "\(records) records; "
      + (rest.isEmpty ? "everything adds up." : "with a difference in \(rest.joined(separator: ", ")).")
  }
}
