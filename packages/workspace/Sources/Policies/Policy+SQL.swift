// Reads policies and their versions, inside one client's transaction.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Policy {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: PolicyFilter, in tx: AuditedTransaction) async throws -> PolicyPage {
    let listed = try await tx.list(
      pageSQL(filter), counted: countSQL(filter), limit: filter.limit, behind: filter.after, as: PolicyRow.self)
    let next = listed.isMore ? listed.rows.last.map { PolicyFilter.Cursor(title: $0.title, id: $0.id) } : nil
    return PolicyPage(rows: listed.rows, count: listed.count, next: next)
  }

  private static func pageSQL(_ filter: PolicyFilter) -> SQL {
    let position: SQL = filter.after.map { "(p.title, p.id) > (\($0.title), \($0.id))" } ?? "true"
    return """
      SELECT p.id, p.title, p.type, p.language, p.status, p.working_status, p.current_version, v.published_at,
        p.changed_at, p.version
      FROM policy p
      LEFT JOIN policy_version v
        ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.number = p.current_version
      WHERE \(fragment: conditions(filter)) AND \(fragment: position)
      ORDER BY p.title, p.id
      LIMIT \(filter.limit + 1)
      """
  }

  private static func countSQL(_ filter: PolicyFilter) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM policy p
      WHERE \(fragment: conditions(filter))
      LIMIT \(PolicyPage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ filter: PolicyFilter) -> SQL {
    var conditions: SQL =
      switch filter.sight {
      case .everything: "true"
      case .published: "p.status = 'published'"
      }
    if !filter.statuses.isEmpty {
      // A reader is not told of a working copy by what a filter finds.
      let stands: SQL =
        switch filter.sight {
        case .everything: "(p.status = ANY(\(filter.statuses)) OR p.working_status = ANY(\(filter.statuses)))"
        case .published: "p.status = ANY(\(filter.statuses))"
        }
      conditions = "\(fragment: conditions) AND \(fragment: stands)"
    }
    if !filter.types.isEmpty { conditions = "\(fragment: conditions) AND p.type = ANY(\(filter.types))" }
    if !filter.words.isEmpty {
      let pattern = "%" + SQL.pattern(filter.words) + "%"
      conditions = "\(fragment: conditions) AND (p.title ILIKE \(pattern) OR p.number ILIKE \(pattern))"
    }
    return conditions
  }

  /// One policy; `nil` when this client has none of that id that may be seen.
  static func find(_ id: ID<Policy>, _ sight: PolicySight, in tx: AuditedTransaction) async throws -> Policy? {
    let found = try await tx.first(
      """
      SELECT p.id, p.number, p.title, p.type, p.language, p.status, p.current_version, p.working_status,
        p.working_title, p.working_body, p.version,
        (SELECT max(v.number) FROM policy_version v WHERE v.policy_id = p.id) AS last_version
      FROM policy p
      WHERE p.id = \(id)
      """, as: Policy.self)
    switch sight {
    case .everything: return found
    case .published: return found?.status == .published ? found : nil
    }
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Policy>, in tx: AuditedTransaction) async throws -> Policy {
    try await tx.execute("SELECT id FROM policy WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, .everything, in: tx) else { throw RecordMissing() }
    return found
  }

  /// Its versions, the latest first.
  var versions: Query<PolicyVersionRow> {
    Query(
      """
      SELECT v.number, v.title, v.change_note, v.published_at
      FROM policy_version v
      WHERE v.policy_id = \(id)
      ORDER BY v.published_at DESC, v.number DESC
      LIMIT 100
      """)
  }

  /// The version of that number, if there is one.
  func version(_ number: Int?) -> Query<PolicyVersion> {
    Query(
      """
      SELECT v.number, v.title, v.body, v.language, v.change_note, v.published_at
      FROM policy_version v
      WHERE v.policy_id = \(id) AND v.number = \(number)
      """)
  }

  /// The text that holds, or held until the policy was retired.
  var currentText: Query<PolicyVersion> { version(currentVersion) }
}

extension PolicyRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    title = try row["title"]
    type = try row["type"]
    language = try row["language"]
    status = try row["status"]
    workingStatus = try row["working_status"]
    currentVersion = try row["current_version"]
    publishedAt = try row["published_at"]
    changedAt = try row["changed_at"]
    version = try row["version"]
  }
}

extension Policy: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    number = try row["number"]
    title = try row["title"]
    type = try row["type"]
    language = try row["language"]
    status = try row["status"]
    currentVersion = try row["current_version"]
    lastVersion = try row["last_version"]
    working = WorkingText(
      status: try row["working_status"], title: try row["working_title"], body: try row["working_body"])
    version = try row["version"]
  }
}

extension PolicyVersion: RowDecodable {
  init(row: Row) throws {
    number = try row["number"]
    title = try row["title"]
    body = try row["body"]
    language = try row["language"]
    changeNote = try row["change_note"]
    publishedAt = try row["published_at"]
  }
}

extension PolicyVersionRow: RowDecodable {
  init(row: Row) throws {
    number = try row["number"]
    title = try row["title"]
    changeNote = try row["change_note"]
    publishedAt = try row["published_at"]
  }
}
