// What a person does to a group of errors: each act is one event.

package import Access
import EthicoTypes
package import FoundationEssentials
import Postgres

extension ErrorGroup {
  /// Throws when somebody acted on it, or it came back, after version `seen`.
  package func demand(_ seen: Int, at moment: Date) throws(ErrorRefusal) {
    guard version == seen else { throw .stale(state(at: moment)) }
  }

  /// Says that it is mended: with the release that runs now. From a later one on, it counts as regressed.
  package func resolve(in tx: AuditedTransaction) async throws {
    try demand(.resolve, at: tx.at)
    try await set("state = 'resolved', muted_until = NULL, resolved_release = \(tx.release)", in: tx)
    try await record(.resolve, "resolved in \(tx.release)", in: tx)
  }

  /// Takes back that it is resolved or muted.
  package func reopen(in tx: AuditedTransaction) async throws {
    try demand(.reopen, at: tx.at)
    try await set("state = 'open', muted_until = NULL", in: tx)
    try await record(.reopen, "open again", in: tx)
  }

  /// Lets it stand aside until then.
  package func mute(until moment: Date, in tx: AuditedTransaction) async throws {
    try demand(.mute, at: tx.at)
    try await set("state = 'muted', muted_until = \(moment)", in: tx)
    try await record(.mute, "muted until \(moment.formatted(.iso8601).prefix(10))", in: tx)
  }

  private func demand(_ act: ErrorAct, at moment: Date) throws(ErrorRefusal) {
    let state = state(at: moment)
    guard act.applies(to: state) else { throw .badTransition(act, state) }
  }

  private func set(_ change: SQL, in tx: AuditedTransaction) async throws {
    try await tx.execute("UPDATE error_group SET \(fragment: change), version = version + 1 WHERE id = \(id)")
  }

  private func record(_ act: ErrorAct, _ words: String, in tx: AuditedTransaction) async throws {
    try await tx.record(
      "error." + act.rawValue, object: Self.object(id), status: 303, detail: "\(place): \(words)")
  }
}
