// Indexes what was written: ordered by the write itself, so that new text is found a moment after its commit.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Indexes what a client’s writes have marked, 500 marks to a transaction.
package struct SearchDrain: Job {
  /// Also what the database orders it as, with each write that marks a record.
  package static let kind = "search.drain"
  /// With `SearchRebuild`, apart from other work, so that a worker may serve search alone.
  package static let queue = JobQueue.search

  /// It has no arguments: it takes whatever is marked.
  package init() {}

  /// Indexes until a batch is not full, and drops finished jobs of its kind a day after they ended. It orders itself
  /// anew, for a second later, unless nothing is marked and whoever was writing when it began has ended.
  package func run(_ run: JobRun) async throws -> String {
    // Who writes from now on orders the next drain; who wrote before and has not committed yet is waited for below.
    try await run.letAnotherFollow()
    let begun = try await run.inside { tx in
      try await tx.first("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", as: String.self)
    }
    var indexed = 0
    var batch = 0
    repeat {
      batch = try await run.inside { tx in try await SearchIndex.drain(in: tx) }
      indexed += batch
    } while batch >= SearchIndex.batch
    try await run.inside { tx in
      try await Self.dropFinished(in: tx)
      let isSettled = try await tx.first(
        "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= \(begun)::text::xid8", as: Bool.self)
      // Asked last: whoever saw this order waiting and placed none has committed by now, or nothing is settled.
      let isEmpty = try await tx.first("SELECT NOT EXISTS (SELECT FROM search_dirty)", as: Bool.self)
      guard isSettled != true || isEmpty != true else { return }
      try await tx.order(Self(), at: tx.at.addingTimeInterval(1), uniqueKey: Self.key, priority: .urgent)
    }
    return counted(indexed, "change") + " indexed."
  }

  /// The key under which the database orders it too.
  static let key = "drain"

  /// There is one for nearly every write: those of yesterday tell nobody anything.
  private static func dropFinished(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      DELETE FROM job
      WHERE kind = \(kind) AND state = 'succeeded' AND finished_at < \(tx.at.addingTimeInterval(-86_400))
      """)
  }
}
