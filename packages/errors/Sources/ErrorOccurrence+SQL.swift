// Writes down what went wrong, in a transaction of its own: the one that failed is gone, with everything it wrote.

package import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension Ledger {
  /// Writes an error down for the author's client, or for the platform.
  /// - Parameter action: what the trail says was tried; `nil` where it has its own word for it, as jobs have.
  package func note(_ occurrence: ErrorOccurrence, action: String? = nil, by author: Author) async throws {
    try await tenant(by: author.on(author.tenant ?? ID(Chain.platform))) { tx in
      let noted = try await tx.count(occurrence, release: Release(name: release))
      try await tx.keep(occurrence, number: noted.total, in: noted.id, release: release)
      guard let action else { return }
      try await tx.record(action, outcome: .failed, status: occurrence.status ?? 500)
    }
  }
}

extension AuditedTransaction {
  /// Counts it in its group, which the first one makes. One that was resolved in an earlier release is back.
  fileprivate func count(_ occurrence: ErrorOccurrence, release: Release) async throws -> CountedGroup {
    let tenant = author.tenant ?? ID(Chain.platform)
    let fingerprint = Fingerprint(occurrence.kind, occurrence.place, occurrence.message)
    let person = occurrence.subject?.uuid ?? occurrence.staff?.uuid
    let people = person.map { [$0] } ?? []
    let id: ID<ErrorGroup> = newID()
    let found = try await first(
      """
      INSERT INTO error_group AS g (tenant_id, id, fingerprint, kind, place, message, people, first_at, last_at,
        first_release, last_release)
      VALUES (\(tenant), \(id), \(fingerprint.bytes), \(occurrence.kind), \(occurrence.place),
        \(occurrence.message.description), \(people), \(at), \(at), \(release.name), \(release.name))
      ON CONFLICT (tenant_id, fingerprint) DO UPDATE
      SET total = g.total + 1, last_at = GREATEST(g.last_at, EXCLUDED.last_at), last_release = EXCLUDED.last_release,
        people = CASE WHEN g.people @> EXCLUDED.people OR cardinality(g.people) >= \(ErrorGroup.peopleLimit)
          THEN g.people ELSE g.people || EXCLUDED.people END
      RETURNING g.id, g.total, g.state, g.resolved_release
      """, as: CountedGroup.self)
    guard let found else { throw RowError.unknownColumn("id") }
    try await execute(
      """
      INSERT INTO error_hour AS h (tenant_id, group_id, hour, count)
      VALUES (\(tenant), \(found.id), \(at.hour), 1)
      ON CONFLICT (tenant_id, group_id, hour) DO UPDATE SET count = h.count + 1
      """)
    if found.state == .resolved, let resolved = found.resolvedRelease, release.isLater(than: Release(name: resolved)) {
      try await execute("UPDATE error_group SET state = 'regressed', version = version + 1 WHERE id = \(found.id)")
    }
    return found
  }

  /// Keeps it as a sample, and lets go of the one that is in the way: the first five stay, and the last 95.
  fileprivate func keep(
    _ occurrence: ErrorOccurrence, number: Int, in group: ID<ErrorGroup>, release: String
  ) async throws {
    let tenant = author.tenant ?? ID(Chain.platform)
    let pairs = occurrence.context.map { ($0.key.rawValue, $0.value) }
    let context = try JSONEncoder().encode(Dictionary(pairs) { first, _ in first })
    try await execute(
      """
      INSERT INTO error_sample (tenant_id, group_id, number, at, request_id, release, status, staff_id, subject_id,
        context)
      VALUES (\(tenant), \(group), \(number), \(at), \(author.request.id), \(release), \(occurrence.status),
        \(occurrence.staff), \(occurrence.subject), \(JSONText(String(decoding: context, as: UTF8.self))))
      """)
    try await execute(
      """
      DELETE FROM error_sample
      WHERE group_id = \(group) AND number > \(ErrorSample.firstKept) AND number <= \(number - ErrorSample.lastKept)
      """)
  }
}

extension ErrorSample {
  /// Of each group so many of the first times are kept, and so many of the last.
  static let firstKept = 5
  static let lastKept = 95
}

extension Date {
  /// The beginning of its hour.
  fileprivate var hour: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 / 3_600).rounded(.down) * 3_600)
  }
}

/// A group just after an error was counted in it.
private struct CountedGroup: Sendable, RowDecodable {
  let id: ID<ErrorGroup>
  let total: Int
  let state: ErrorState
  let resolvedRelease: String?

  init(row: Row) throws {
    id = try row["id"]
    total = try row["total"]
    state = try row["state"]
    resolvedRelease = try row["resolved_release"]
  }
}
