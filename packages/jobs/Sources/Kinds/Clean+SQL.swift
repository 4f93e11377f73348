// Takes away what the machine kept long enough: its own rows, never a record of anybody's.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import Postgres

/// Ends sign-ins that expired a day ago, drops attempts at one and the platform's finished jobs, makes room in the
/// trail for the months to come, and orders the like for each client of whom something is kept for too long.
package struct PlatformClean: Job {
  package static let kind = "platform.clean"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  package func run(_ run: JobRun) async throws -> String {
    let (sessions, attempts, clients) = try await run.ledger.fleet(run.author) { tx in
      // Until then a form of theirs is kept for whoever it belongs to.
      let idle = tx.at.addingTimeInterval(-StaffSession.idleSeconds - Self.daySeconds)
      let old = tx.at.addingTimeInterval(-StaffSession.longestSeconds - Self.daySeconds)
      let sessions = try await tx.execute(
        """
        UPDATE staff_session SET ended_at = \(tx.at)
        WHERE ended_at IS NULL AND (last_seen_at < \(idle) OR started_at < \(old))
        """)
      let attempts = try await tx.execute(
        "DELETE FROM sign_in_attempt WHERE started_at < \(tx.at.addingTimeInterval(-Self.attemptSeconds))")
      let clients = try await tx.query("SELECT clean_due(\(tx.at))", as: ID<Tenant>.self)
      return (sessions, attempts, clients)
    }
    try await run.ledger.ensureAuditPartitions()
    for (index, client) in clients.enumerated() {
      try await run.ledger.tenant(by: run.author.on(client)) { tx in
        _ = try await tx.order(TenantClean(), uniqueKey: "clean", priority: .idle)
      }
      try await run.progress(index + 1, of: clients.count)
    }
    _ = try await run.inside { tx in try await ErrorGroup.dropOld(in: tx) }
    let jobs = try await JobRecord.dropFinished(run)
    let dropped = "\(attempts) attempts and \(jobs) jobs dropped"
    return "\(sessions) sign-ins ended, \(dropped), \(clients.count) clients in line."
  }

  private static let daySeconds: TimeInterval = 86_400
  private static let attemptSeconds: TimeInterval = 12 * 3_600
}

/// Drops a client's old form keys, finished jobs and errors of a month ago.
package struct TenantClean: Job {
  package static let kind = "tenant.clean"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  package func run(_ run: JobRun) async throws -> String {
    let (keys, errors) = try await run.inside { tx in
      let keys = try await tx.execute(
        "DELETE FROM tenant_submission WHERE created_at < \(tx.at.addingTimeInterval(-86_400))")
      return (keys, try await ErrorGroup.dropOld(in: tx))
    }
    let jobs = try await JobRecord.dropFinished(run)
    return "\(keys) form keys, \(jobs) jobs and \(errors) errors dropped."
  }
}

extension JobRecord {
  /// Drops what was done or cancelled a month ago, a batch to a transaction: a busy client has hundreds of thousands of
  /// them, which no statement gets done in its time. Dead jobs stay until somebody looks at them.
  fileprivate static func dropFinished(_ run: JobRun) async throws -> Int {
    var dropped = 0
    var batch = 0
    repeat {
      batch = try await run.inside { tx in try await dropSome(in: tx) }
      dropped += batch
    } while batch == dropBatch
    return dropped
  }

  private static let dropBatch = 5_000

  private static func dropSome(in tx: AuditedTransaction) async throws -> Int {
    try await tx.execute(
      """
      DELETE FROM job
      WHERE id = ANY (ARRAY (
        SELECT id FROM job
        WHERE state IN ('succeeded', 'cancelled') AND finished_at < \(tx.at.addingTimeInterval(-30 * 86_400))
        ORDER BY id
        LIMIT \(dropBatch)
      ))
      """)
  }
}
