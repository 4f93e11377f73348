// One act may be several events, each on the chain it belongs to: all of them commit or none does.

import EthicoTypes
import FoundationEssentials
import Postgres

extension AuditedTransaction {
  /// The same transaction after its event has been recorded, under a further one of that author. Events on several
  /// chains are recorded in the order of the chains, the platform's first, so that no two transactions wait for each
  /// other's chain.
  package func following(_ author: Author) async throws -> AuditedTransaction {
    let event: ID<AuditEvent> = ids.next(at: at)
    try await execute(
      """
      SELECT set_config('ops.event', \(event.description), true),
        set_config('ops.tenant', \(author.tenant?.description ?? ""), true),
        set_config('ops.subject', \(author.subject?.description ?? ""), true),
        set_config('ops.impersonation', \(author.impersonation?.description ?? ""), true)
      """)
    return AuditedTransaction(sql: sql, author: author, at: at, event: event, ids: ids, release: release)
  }
}
