// What the clock alone does to disclosures: an approval that was given until a day ends with it.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Writes down which approvals of a client have run out, each as an event of its own, so that each has its history.
/// Reading does not wait for it: a page shows them as expired from their moment on.
package struct DisclosureExpiry: Job {
  /// Also what the database orders it as, in `clock_order`.
  package static let kind = "disclosure.expire"

  /// It has no arguments: it takes whatever has run out at its client by then.
  package init() {}

  /// Ends the approvals one to a transaction, the earliest first, then orders itself for the next that will run out.
  package func run(_ run: JobRun) async throws -> String {
    try await run.letAnotherFollow()
    let due = try await run.inside { tx in
      try await tx.query(
        """
        SELECT id FROM disclosure
        WHERE state IN ('approved', 'conditions') AND expires_at <= \(tx.at)
        ORDER BY expires_at, id
        """, as: ID<Disclosure>.self)
    }
    for (index, id) in due.enumerated() {
      try await run.inside { tx in try await Self.expire(id, in: tx) }
      try await run.progress(index + 1, of: due.count)
    }
    try await run.inside { tx in try await Self.orderNext(in: tx) }
    return counted(due.count, "disclosure has expired.", "disclosures have expired.")
  }

  /// Has what is approved until that moment run out then.
  static func order(at moment: Date, in tx: AuditedTransaction) async throws {
    try await tx.order(Self(), at: moment, uniqueKey: ClockFace.iso(moment))
  }

  /// One that was decided anew in between has nothing to run out.
  private static func expire(_ id: ID<Disclosure>, in tx: AuditedTransaction) async throws {
    let reference = try await tx.first(
      """
      UPDATE disclosure SET state = 'expired'
      WHERE id = \(id) AND state IN ('approved', 'conditions') AND expires_at <= \(tx.at)
      RETURNING reference
      """, as: String.self)
    guard let reference else { return }
    try await tx.record("disclosure.expire", object: Disclosure.object(id), detail: "\(reference): expired")
  }

  private static func orderNext(in tx: AuditedTransaction) async throws {
    let next = try await tx.first(
      "SELECT min(expires_at) FROM disclosure WHERE state IN ('approved', 'conditions')", as: Date?.self)
    if let moment = next ?? nil { try await order(at: moment, in: tx) }
  }
}
