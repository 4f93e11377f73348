// What the clock does by itself: the kinds of jobs that it comes to, and what orders those that no act has ordered.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Orders every night, for all clients, what the clock is to do and nobody has ordered: for records that were imported,
/// or planned before a release knew such jobs. Ordered twice is ordered once.
package struct ClockOrder: Job {
  /// The name under which `job_schedule` has it: every day at 00:10 UTC.
  package static let kind = "clock.order"
  /// With the rest of what is done at night.
  package static let queue = JobQueue.nightly
  /// Three and not eight: what this night did not order, the next one does.
  package static let tries = 3

  /// It has no arguments: it is for all clients.
  package init() {}

  /// Has the database place the jobs, since no role of the program sees the records of all clients, and counts them.
  package func run(_ run: JobRun) async throws -> String {
    let placed = try await run.ledger.fleet(run.author) { tx in
      try await tx.first("SELECT clock_order(\(tx.at))", as: Int.self) ?? 0
    }
    return counted(placed, "job") + " ordered."
  }

  /// The key of what the clock does to a record at a moment. The moment is part of it: a day that is moved orders
  /// another job, and the one of the former day finds nothing to do. The database makes the same keys.
  static func key<Record>(_ record: ID<Record>, _ moment: Date) -> String {
    "\(record) \(ClockFace.iso(moment))"
  }
}
