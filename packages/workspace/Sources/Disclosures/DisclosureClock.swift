// What the clock alone does to disclosures: an approval that was given until a day ends with it.

package import Access
package import EthicoTypes
import Foundation
import Postgres

/// Lets approvals run out.
package enum DisclosureClock {
  /// Writes down which approvals of a client have run out, each as an event of its own, so that each has its history.
  /// Reading does not wait for it: a page shows them as expired from their moment on.
  /// - Returns: how many.
  package static func settle(_ tenant: ID<Tenant>, in ledger: Ledger, limit: Int = 200) async throws -> Int {
    let due = try await ledger.tenant(by: author(tenant, ledger)) { tx in
      try await tx.query(
        """
        SELECT id FROM disclosure
        WHERE state IN ('approved', 'conditions') AND expires_at <= \(tx.at)
        ORDER BY expires_at, id
        LIMIT \(limit)
        """, as: ID<Disclosure>.self)
    }
    for id in due {
      try await ledger.tenant(by: author(tenant, ledger)) { tx in try await expire(id, in: tx) }
    }
    return due.count
  }

  /// Of two clocks at once the second finds nothing to do.
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

  private static func author(_ tenant: ID<Tenant>, _ ledger: Ledger) -> Author {
    let request: ID<Request> = ledger.ids.next(at: ledger.timepiece.now())
    return Author(
      .system("clock"), tenant: tenant,
      request: RequestFacts(id: request, ip: nil, method: "JOB", route: "disclosure.expire"))
  }
}
