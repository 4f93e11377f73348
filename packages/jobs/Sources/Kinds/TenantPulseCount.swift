// Counts every minute how each client is doing, for the directory.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// Counts how every client is doing: errors of the last day, dead jobs, and how current its search index is.
package struct TenantPulseCount: Job {
  package static let kind = "tenant.pulse"
  package static let queue = JobQueue.standard
  /// The next turn comes within the minute anyway.
  package static let tries = 1

  package init() {}

  package func run(_ run: JobRun) async throws -> String {
    let changed = try await run.ledger.countPulses(at: run.ledger.timepiece.now())
    try await run.inside { tx in try await Self.dropEarlier(in: tx) }
    return "\(changed) \(changed == 1 ? "client" : "clients") changed."
  }

  /// A turn a minute would bury the platform's other jobs: those of the last hour are enough.
  private static func dropEarlier(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      DELETE FROM job
      WHERE kind = \(kind) AND state = 'succeeded' AND finished_at < \(tx.at.addingTimeInterval(-3_600))
      """)
  }
}
