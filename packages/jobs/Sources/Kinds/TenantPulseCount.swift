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

/// Compares every hour what each client's search index holds with the records that it should hold.
package struct SearchSurvey: Job {
  package static let kind = "search.survey"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  /// So many clients are compared by one statement.
  private static let batch = 20

  package func run(_ run: JobRun) async throws -> String {
    let clients = try await run.ledger.clientIDs()
    var behind = 0
    var compared = 0
    for some in clients.batches(of: Self.batch) {
      behind += try await run.ledger.surveyIndexes(of: some, at: run.ledger.timepiece.now())
      compared += some.count
      try await run.progress(compared, of: clients.count)
    }
    return "\(behind) \(behind == 1 ? "client's" : "clients'") index is not current."
  }
}
