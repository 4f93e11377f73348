// Reads cases. Everything here runs inside one client's transaction: other clients' rows do not exist.

package import Access
package import EthicoTypes
import FoundationEssentials
package import Postgres
import Web

extension Case {
  /// A page of the list, one row more than it holds to know whether there is a next one.
  static func page(_ filter: CaseFilter, in tx: AuditedTransaction) async throws -> CasePage {
    let listed = try await tx.list(
      pageSQL(filter), counted: countSQL(filter), limit: filter.limit, behind: filter.after, as: CaseRow.self)
    let next = listed.isMore ? listed.rows.last.map { CaseFilter.Cursor(openedAt: $0.openedAt, id: $0.id) } : nil
    return CasePage(rows: listed.rows, count: listed.count, next: next)
  }

  /// The cases of a page are chosen before anything is joined to them: else a filter that few cases meet is held
  /// against each case once for every category.
  static func pageSQL(_ filter: CaseFilter) -> SQL {
    let position: SQL =
      filter.after.map { "(c.opened_at, c.id) < (\($0.openedAt), \($0.id))" } ?? "true"
    return """
      SELECT c.id, c.reference, c.title, k.name AS category, c.stage, c.severity, c.opened_at, c.due_at, c.version,
        a.user_id AS lead_id, u.name AS lead_name
      FROM (
        SELECT c.tenant_id, c.id, c.reference, c.title, c.category_id, c.stage, c.severity, c.opened_at, c.due_at,
          c.version
        FROM "case" c
        WHERE \(fragment: conditions(filter)) AND \(fragment: position)
        ORDER BY c.opened_at DESC, c.id DESC
        LIMIT \(filter.limit + 1)
      ) c
      JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
      LEFT JOIN case_assignment a
        ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
      LEFT JOIN client_user u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
      ORDER BY c.opened_at DESC, c.id DESC
      """
  }

  /// The cases of a list for a file: all pages of it, newest first.
  static func export(_ filter: CaseFilter, in tx: AuditedTransaction) async throws -> [ExportedCase] {
    try await tx.query(
      """
      SELECT c.reference, c.title, k.name AS category, c.severity, c.stage, c.outcome, u.name AS lead_name, c.opened_at,
        c.due_at, c.closed_at
      FROM "case" c
      JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
      LEFT JOIN case_assignment a
        ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
      LEFT JOIN client_user u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
      WHERE \(fragment: conditions(filter))
      ORDER BY c.opened_at DESC, c.id DESC
      LIMIT \(ExportedCase.limit)
      """, as: ExportedCase.self)
  }

  static func countSQL(_ filter: CaseFilter) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM "case" c
      WHERE \(fragment: conditions(filter))
      LIMIT \(CasePage.countLimit + 1)
    ) counted
    """
  }

  private static func conditions(_ filter: CaseFilter) -> SQL {
    var conditions: [SQL] = []
    if !filter.stages.isEmpty { conditions.append("c.stage = ANY(\(filter.stages.map(\.rawValue)))") }
    if !filter.severities.isEmpty { conditions.append("c.severity = ANY(\(filter.severities.map(\.rawValue)))") }
    if !filter.words.isEmpty {
      let pattern = "%" + SQL.pattern(filter.words) + "%"
      conditions.append(
        "(lower(c.title) LIKE lower(\(pattern)::text) OR lower(c.reference) LIKE lower(\(pattern)::text))")
    }
    switch filter.lead {
    case nil: break
    case .nobody:
      conditions.append(
        """
        NOT EXISTS (SELECT 1 FROM case_assignment l
          WHERE l.tenant_id = c.tenant_id AND l.case_id = c.id AND l.part = 'lead' AND l.ended_at IS NULL)
        """)
    case .person(let id):
      // What somebody leads is looked up, and not asked of every case.
      conditions.append(
        """
        c.id = ANY (ARRAY (
          SELECT l.case_id FROM case_assignment l
          WHERE l.user_id = \(id) AND l.part = 'lead' AND l.ended_at IS NULL))
        """)
    }
    return .all(conditions)
  }

  /// One case; `nil` when this client has none of that id.
  static func find(_ id: ID<Case>, in tx: AuditedTransaction) async throws -> Case? {
    try await tx.first(whole("c.id = \(id)"), as: Case.self)
  }

  /// The same, for a rule that is about to change it: throws where there is none, and holds the row.
  package static func hold(_ id: ID<Case>, in tx: AuditedTransaction) async throws -> Case {
    try await tx.execute("SELECT id FROM \"case\" WHERE id = \(id) FOR UPDATE")
    guard let found = try await find(id, in: tx) else { throw RecordMissing() }
    return found
  }

  /// Several, held in the order of their ids; those that this client does not have are left out.
  static func hold(_ ids: [ID<Case>], in tx: AuditedTransaction) async throws -> [Case] {
    try await tx.execute("SELECT id FROM \"case\" WHERE id = ANY(\(ids)) ORDER BY id FOR UPDATE")
    return try await tx.query(whole("c.id = ANY(\(ids))"), as: Case.self)
  }

  /// Cases with all that their pages show of them.
  private static func whole(_ which: SQL) -> SQL {
    """
    SELECT c.id, c.reference, c.title, c.summary, k.name AS category, c.category_id, c.routing, c.stage, c.status,
      c.severity, c.outcome, c.opened_at, c.due_at, c.closed_at, c.version, c.changed_at, a.user_id AS lead_id,
      u.name AS lead_name,
      ARRAY (
        SELECT w.id FROM case_assignment m
        JOIN client_user w ON w.tenant_id = m.tenant_id AND w.id = m.user_id
        WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id AND m.part = 'member' AND m.ended_at IS NULL
        ORDER BY w.name, w.id
      ) AS member_ids,
      ARRAY (
        SELECT w.name FROM case_assignment m
        JOIN client_user w ON w.tenant_id = m.tenant_id AND w.id = m.user_id
        WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id AND m.part = 'member' AND m.ended_at IS NULL
        ORDER BY w.name, w.id
      ) AS member_names,
      c.merged_into, t.reference AS merged_into_reference,
      ARRAY (
        SELECT s.id FROM "case" s WHERE s.tenant_id = c.tenant_id AND s.merged_into = c.id
        ORDER BY s.reference LIMIT 50
      ) AS merged_ids,
      ARRAY (
        SELECT s.reference FROM "case" s WHERE s.tenant_id = c.tenant_id AND s.merged_into = c.id
        ORDER BY s.reference LIMIT 50
      ) AS merged_references
    FROM "case" c
    JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
    LEFT JOIN case_assignment a
      ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
    LEFT JOIN client_user u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
    LEFT JOIN "case" t ON t.tenant_id = c.tenant_id AND t.id = c.merged_into
    WHERE \(fragment: which)
    """
  }

  /// The reports that it works on, the one that it was made of first.
  var reports: Query<Report> {
    Query(
      """
      SELECT r.id, r.reference, r.channel, r.reporter, r.language, r.body, r.received_at, cr.link,
        num_nonnulls(r.reporter_name, r.reporter_contact) > 0 AS knows_reporter
      FROM case_report cr
      JOIN report r ON r.tenant_id = cr.tenant_id AND r.id = cr.report_id
      WHERE cr.case_id = \(id)
      ORDER BY cr.link = 'primary' DESC, r.received_at, r.id
      LIMIT 50
      """)
  }

  /// The notes that the acting person may read; private ones are their author's, and Ethico's where nobody is acted as.
  func notes(for subject: ID<ClientUser>?) -> Query<Note> {
    let visible: SQL =
      subject.map { "(n.visibility <> 'private' OR n.author_id = \($0))" } ?? "true"
    return Query(
      """
      SELECT n.id, n.body, n.visibility, n.created_at, u.name AS author
      FROM note n
      LEFT JOIN client_user u ON u.tenant_id = n.tenant_id AND u.id = n.author_id
      WHERE n.case_id = \(id) AND \(fragment: visible)
      ORDER BY n.created_at DESC, n.id DESC
      LIMIT 200
      """)
  }
}

extension CaseRow: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    title = try row["title"]
    category = try row["category"]
    stage = try row["stage"]
    severity = try row["severity"]
    lead = try PersonReference(lead: row)
    openedAt = try row["opened_at"]
    dueAt = try row["due_at"]
    version = try row["version"]
  }
}

extension Case: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    title = try row["title"]
    summary = try row["summary"]
    category = try row["category"]
    categoryID = try row["category_id"]
    routing = try row["routing"]
    stage = try row["stage"]
    status = try row["status"]
    severity = try row["severity"]
    outcome = try row["outcome"]
    openedAt = try row["opened_at"]
    dueAt = try row["due_at"]
    closedAt = try row["closed_at"]
    version = try row["version"]
    changedAt = try row["changed_at"]
    let people: [ID<ClientUser>] = try row["member_ids"]
    let names: [String] = try row["member_names"]
    members = zip(people, names).map { PersonReference(id: $0, name: $1) }
    lead = try PersonReference(lead: row)
    let target: ID<Case>? = try row["merged_into"]
    let targetReference: String? = try row["merged_into_reference"]
    mergedInto = target.map { LinkedCase(id: $0, reference: targetReference ?? "–") }
    let ids: [ID<Case>] = try row["merged_ids"]
    let references: [String] = try row["merged_references"]
    mergedFrom = zip(ids, references).map { LinkedCase(id: $0, reference: $1) }
  }
}

extension PersonReference: RowDecodable {
  package init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
  }

  init?(lead row: Row) throws {
    guard let id: ID<ClientUser> = try row["lead_id"] else { return nil }
    self.id = id
    name = try row["lead_name"]
  }
}

extension Report: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    reference = try row["reference"]
    channel = try row["channel"]
    reporter = try row["reporter"]
    language = try row["language"]
    body = try row["body"]
    receivedAt = try row["received_at"]
    link = try row["link"]
    knowsReporter = try row["knows_reporter"]
  }
}

extension Note: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    body = try row["body"]
    visibility = try row["visibility"]
    author = try row["author"]
    createdAt = try row["created_at"]
  }
}
