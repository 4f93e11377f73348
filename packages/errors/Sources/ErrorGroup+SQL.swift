// Reads a client's errors, inside the client's transaction.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Postgres

extension ErrorGroup {
  /// A page of the list, the one that happened last first.
  package static func page(_ filter: ErrorFilter, in tx: AuditedTransaction) async throws -> ErrorPage {
    let conditions = filter.conditions(at: tx.at)
    let position: SQL = filter.after.map { "(g.last_at, g.id) < (\($0.at), \($0.id))" } ?? "true"
    let found = try await tx.query(
      """
      SELECT \(fragment: columns(at: tx.at))
      FROM error_group g
      WHERE \(fragment: conditions) AND \(fragment: position)
      ORDER BY g.last_at DESC, g.id DESC
      LIMIT \(filter.limit + 1)
      """, as: ErrorGroup.self)
    let count = try await tx.first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM error_group g WHERE \(fragment: conditions) LIMIT \(ErrorPage.countLimit + 1)
      ) counted
      """, as: Int.self)
    let groups = Array(found.prefix(filter.limit))
    let next = found.count > filter.limit ? groups.last.map { ErrorFilter.Cursor(at: $0.lastAt, id: $0.id) } : nil
    return ErrorPage(groups: groups, count: count ?? 0, next: next)
  }

  /// Where there are errors, and the releases they were last seen in.
  package static func places(in tx: AuditedTransaction) async throws -> ErrorPlaces {
    ErrorPlaces(
      places: try await tx.query(
        "SELECT DISTINCT g.place FROM error_group g ORDER BY g.place LIMIT 200", as: String.self),
      releases: try await tx.query(
        "SELECT DISTINCT g.last_release FROM error_group g ORDER BY g.last_release DESC LIMIT 50", as: String.self))
  }

  /// One group; `nil` when this client has none of that id.
  package static func find(_ id: ID<ErrorGroup>, in tx: AuditedTransaction) async throws -> ErrorGroup? {
    try await tx.all(one(id, at: tx.at)).first
  }

  /// The group of that id, with its counts at that moment.
  package static func one(_ id: ID<ErrorGroup>, at moment: Date) -> Query<ErrorGroup> {
    Query("SELECT \(fragment: columns(at: moment)) FROM error_group g WHERE g.id = \(id)")
  }

  /// The same, for a rule that is about to change it: holds the row.
  package static func hold(_ id: ID<ErrorGroup>, in tx: AuditedTransaction) async throws -> ErrorGroup? {
    try await tx.execute("SELECT id FROM error_group WHERE id = \(id) FOR UPDATE")
    return try await find(id, in: tx)
  }

  /// The times that are kept, the last one first.
  package static func samples(of id: ID<ErrorGroup>) -> Query<ErrorSample> {
    Query(
      """
      SELECT \(fragment: ErrorSample.columns) FROM error_sample s WHERE s.group_id = \(id)
      ORDER BY s.number DESC
      LIMIT \(ErrorSample.firstKept + ErrorSample.lastKept)
      """)
  }

  /// One time, if it is kept.
  package static func sample(_ number: Int, of id: ID<ErrorGroup>) -> Query<ErrorSample> {
    Query(
      "SELECT \(fragment: ErrorSample.columns) FROM error_sample s WHERE s.group_id = \(id) AND s.number = \(number)")
  }

  /// Drops what is older than a month: times, counts, and groups that did not happen again.
  /// - Returns: how many times were dropped.
  package static func dropOld(in tx: AuditedTransaction) async throws -> Int {
    let old = tx.at.addingTimeInterval(-30 * 86_400)
    let samples = try await tx.execute("DELETE FROM error_sample WHERE at < \(old)")
    try await tx.execute("DELETE FROM error_hour WHERE hour < \(old)")
    try await tx.execute("DELETE FROM error_group WHERE last_at < \(old)")
    return samples
  }

  private static func columns(at moment: Date) -> SQL {
    """
    g.id, g.kind, g.place, g.message, g.state, g.muted_until, g.resolved_release, g.total,
    cardinality(g.people) AS people, g.first_at, g.last_at, g.first_release, g.last_release, g.version,
    ARRAY (
      SELECT COALESCE(sum(h.count), 0)
      FROM generate_series(\(ErrorGroup.dayCount - 1), 0, -1) AS d
      LEFT JOIN error_hour h ON h.tenant_id = g.tenant_id AND h.group_id = g.id
        AND h.hour > \(moment)::timestamptz - make_interval(hours => 24 * (d::integer + 1))
        AND h.hour <= \(moment)::timestamptz - make_interval(hours => 24 * d::integer)
      GROUP BY d
      ORDER BY d DESC
    ) AS days
    """
  }
}

extension ErrorFilter {
  fileprivate func conditions(at moment: Date) -> SQL {
    var conditions: [SQL] = []
    if !states.isEmpty {
      conditions.append(
        "CASE WHEN g.state = 'muted' AND g.muted_until <= \(moment) THEN 'open' ELSE g.state END = ANY(\(states))")
    }
    if !kinds.isEmpty { conditions.append("g.kind = ANY(\(kinds))") }
    if let place { conditions.append("g.place = \(place)") }
    if let release { conditions.append("g.last_release = \(release)") }
    return .all(conditions)
  }
}

extension ErrorGroup: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    kind = try row["kind"]
    place = try row["place"]
    message = try row["message"]
    storedState = try row["state"]
    mutedUntil = try row["muted_until"]
    resolvedRelease = try row["resolved_release"]
    total = try row["total"]
    people = try row["people"]
    firstAt = try row["first_at"]
    lastAt = try row["last_at"]
    firstRelease = try row["first_release"]
    lastRelease = try row["last_release"]
    days = try row["days"]
    version = try row["version"]
  }
}

extension ErrorSample: RowDecodable {
  static let columns: SQL =
    "s.number, s.at, s.request_id, s.release, s.status, s.staff_id, s.subject_id, s.context"

  package init(row: Row) throws {
    number = try row["number"]
    at = try row["at"]
    request = try row["request_id"]
    release = try row["release"]
    status = try row["status"]
    staff = try row["staff_id"]
    subject = try row["subject_id"]
    let kept: JSONText = try row["context"]
    let pairs = try JSONDecoder().decode([String: String].self, from: Data(kept.text.utf8))
    context = Dictionary(
      pairs.compactMap { pair in ErrorContextKey(rawValue: pair.key).map { ($0, pair.value) } },
      uniquingKeysWith: { first, _ in first })
  }
}
