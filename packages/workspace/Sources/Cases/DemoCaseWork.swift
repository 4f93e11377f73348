// A piece of real work for the demo's past: the verbs of a case, done by the seed instead of a form.

package import Access
import EthicoTypes
import Postgres

/// What the seed lets somebody do to a case.
package enum DemoCaseWork {
  /// Gives one of the open cases another lead, as the form on its page does.
  package static func reassign(oneOf number: UInt64, in tx: AuditedTransaction) async throws {
    let open = try await tx.query(
      "SELECT id FROM \"case\" WHERE status = 'open' ORDER BY opened_at, id LIMIT 100", as: ID<Case>.self)
    guard !open.isEmpty else { return try await tx.record("view.case.list") }
    let found = try await Case.hold(open[Int(number % UInt64(open.count))], in: tx)
    let others = try await tx.all(Case.leadCandidates).filter { $0.person != found.lead }
    guard !others.isEmpty else { return try await tx.record("view.case.show", object: found.object) }
    try await found.assign(to: others[Int((number >> 8) % UInt64(others.count))].person.id, in: tx)
  }
}
