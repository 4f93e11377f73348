// Ordering work: in the transaction that wants it done, so that it is done if and only if that commits.

package import Access
package import EthicoTypes
package import FoundationEssentials
import Postgres

extension AuditedTransaction {
  /// Orders a job for the transaction's client.
  /// - Parameters:
  ///   - moment: not before then; at once if left out.
  ///   - uniqueKey: where a job of this kind and key waits or runs already, that one is meant.
  /// - Returns: the job's id, or that of the one that is there.
  @discardableResult
  package func order<Work: Job>(
    _ job: Work, at moment: Date? = nil, uniqueKey: String? = nil, priority: JobPriority = .normal
  ) async throws -> ID<JobRecord> {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let arguments = JSONText(String(decoding: try encoder.encode(job), as: UTF8.self))
    let order = JobOrder(
      kind: Work.kind, queue: Work.queue, tries: Work.tries, arguments: arguments, runAt: moment ?? at,
      uniqueKey: uniqueKey, priority: priority)
    return try await place(order)
  }

  func place(_ order: JobOrder) async throws -> ID<JobRecord> {
    let scope = author.tenant ?? .platform
    let id: ID<JobRecord> = newID()
    let effect: ID<JobRecord> = newID()
    let placed = try await execute(
      """
      INSERT INTO job (tenant_id, id, kind, queue, priority, arguments, unique_key, effect_key, tries, attempts_left,
        run_at)
      VALUES (\(scope), \(id), \(order.kind), \(order.queue), \(order.priority.rawValue), \(order.arguments),
        \(order.uniqueKey), \(effect), \(order.tries), \(order.tries), \(order.runAt))
      ON CONFLICT (tenant_id, kind, unique_key)
        WHERE unique_key IS NOT NULL AND state IN ('queued', 'running', 'retrying') DO NOTHING
      """)
    guard placed == 0 else { return id }
    let there = try await first(
      """
      SELECT id FROM job
      WHERE kind = \(order.kind) AND unique_key = \(order.uniqueKey) AND state IN ('queued', 'running', 'retrying')
      """, as: ID<JobRecord>.self)
    // The other one ended in between: what it was to do is done.
    return there ?? id
  }
}

/// Work to be placed.
struct JobOrder: Sendable {
  let kind: String
  let queue: JobQueue
  let tries: Int
  let arguments: JSONText
  let runAt: Date
  let uniqueKey: String?
  let priority: JobPriority
}
