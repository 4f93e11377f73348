// Reads the trail for people. Looking is itself an event.

public import EthicoTypes
public import FoundationEssentials
public import Postgres

extension Ledger {
  /// An access by its id, whoever's it is.
  public func accessSummary(_ id: ID<Impersonation>) async throws -> AccessSummary? {
    try await database.query(
      .fleet,
      """
      SELECT \(fragment: ImpersonationRow.columns), i.staff_id, p.name AS staff_name, i.reason, i.note
      FROM impersonation i
      JOIN tenant_directory t ON t.tenant_id = i.tenant_id
      JOIN staff p ON p.id = i.staff_id
      LEFT JOIN ticket k ON k.id = i.ticket_id
      LEFT JOIN LATERAL impersonation_subject(i.id) u ON i.subject_id IS NOT NULL
      WHERE i.id = \(id)
      """, as: AccessSummary.self
    ).first
  }

  /// A page of the trail. The look is an event of the platform's chain.
  /// - Throws: `TrailTooLong` for a question that looks at too many events.
  public func trail(_ query: TrailQuery, by signedIn: SignedIn, request: RequestFacts) async throws -> TrailPage {
    do {
      return try await audit(signedIn.author(request)) { tx in
        let reader = TrailReader(query: query, span: query.settled(at: tx.at).span)
        var page = try await reader.page(in: tx.sql)
        if query.isSearched { page.count = try await reader.count(in: tx.sql) }
        try await tx.record("view." + request.route, object: query.scope.object)
        return page
      }
    } catch let error as PostgresError where error.sqlState == .queryCanceled && query.isSearched {
      throw TrailTooLong()
    }
  }

  /// The history of what holds for all clients, on the platform's own chain: newest first. It is read for the page of a
  /// client, whose look is that client's event.
  /// - Parameters:
  ///   - others: further records of its kind.
  ///   - action: the act on those that belongs to it.
  public func fleetHistory(
    of object: AuditObject, joining others: [AuditObject] = [], by action: String = "", limit: Int = 50
  ) async throws -> [TrailStep] {
    var query = TrailQuery(.record(tenant: ID(Chain.platform), object), only: .changes, limit: limit)
    if !others.isEmpty { query.joined = .acts(action, on: others.map(\.id)) }
    let reader = TrailReader(query: query, names: .hidden)
    return reader.page(of: try await database.query(.audit, reader.steps, as: StepRow.self)).steps
  }

  /// The staff of that e-mail address or that whole name, of whom there may be several; two at most.
  public func staff(called words: String) async throws -> [ID<Staff>] {
    try await database.query(
      .fleet, "SELECT id FROM staff WHERE email = lower(\(words)) OR lower(name) = lower(\(words)) LIMIT 2",
      as: ID<Staff>.self)
  }
}

extension AuditedTransaction {
  /// The history of one record, inside its client's own transaction: newest first.
  /// - Parameters:
  ///   - joining: acts on other records that are part of its history, because they changed it too.
  ///   - sweep: an act on the client as a whole that names by its effects what it touched, and since when the record is
  ///     there: acts before that are not looked into.
  ///   - telling: acts on it that are part of its history, though they changed nothing.
  public func history(
    of object: AuditObject, in tenant: ID<Tenant>, joining others: [AuditObject] = [], by action: String = "",
    sweep: (action: String, since: Date)? = nil, telling told: [String] = [], limit: Int = 50
  ) async throws -> [TrailStep] {
    var query = TrailQuery(.record(tenant: tenant, object), only: .changes, limit: limit)
    query.told = told
    if !others.isEmpty { query.joined = .acts(action, on: others.map(\.id)) }
    if let sweep { query.joined = .sweeps(sweep.action, since: sweep.since) }
    return try await TrailReader(query: query, names: .hidden).page(in: sql).steps
  }

  /// The histories of all records of a kind, those that are gone among them: newest first.
  public func histories(of kind: RecordKind, in tenant: ID<Tenant>, limit: Int = 50) async throws -> [TrailStep] {
    let query = TrailQuery(.records(tenant: tenant, kind), only: .changes, limit: limit)
    return try await TrailReader(query: query, names: .hidden).page(in: sql).steps
  }
}

extension AuditedTransaction {
  /// What the client's trail says of one request, a job's among them: newest first.
  public func steps(
    of request: ID<Request>, around moment: Date, in tenant: ID<Tenant>, limit: Int = 50
  ) async throws -> [TrailStep] {
    let query = TrailQuery(.request(tenant: tenant, request, at: moment), limit: limit)
    return try await TrailReader(query: query, names: .hidden).page(in: sql).steps
  }
}

extension TrailQuery.Scope {
  var object: AuditObject? {
    switch self {
    case .access(let id): AuditObject("impersonation", id)
    case .tenant(let id): AuditObject("tenant", id)
    case .record(_, let object): object
    case .person(let id): StaffRecord.object(id)
    case .everything, .request, .records: nil
    }
  }
}

/// Reads steps and their changes.
struct TrailReader: Sendable {
  let query: TrailQuery
  var names: Names = .shown
  var span = TrailSpan()

  /// Whether the reader's role may see staff by name and the words beside events.
  enum Names: Sendable {
    case shown, hidden
  }

  func page(in sql: Transaction) async throws -> TrailPage {
    page(of: try await sql.query(steps, as: StepRow.self))
  }

  /// A page of what was found, which is one step more than it holds where there is a next one.
  fileprivate func page(of found: [StepRow]) -> TrailPage {
    let kept = Array(found.prefix(query.limit))
    let steps = kept.map { $0.step(changes: $0.payloads.compactMap(RecordedChange.init(payload:))) }
    let next = found.count > query.limit ? kept.last.map { TrailQuery.Cursor(at: $0.at, id: $0.id) } : nil
    return TrailPage(steps: steps, next: next)
  }

  func count(in sql: Transaction) async throws -> Int {
    let limit = TrailPage.countLimit + 1
    return try await sql.query(
      "SELECT count(*) FROM (SELECT 1 FROM audit_event e WHERE \(fragment: conditions) LIMIT \(limit)) counted",
      as: Int.self
    ).first ?? 0
  }

  var steps: SQL {
    let order: SQL = query.isForward ? "e.at, e.id" : "e.at DESC, e.id DESC"
    let person: SQL
    let subject: SQL
    let tenant: SQL
    let words: SQL
    switch names {
    case .shown:
      person = "(SELECT p.name FROM staff p WHERE e.actor_kind = 'staff' AND p.id::text = e.actor_id)"
      subject = "(SELECT u.name FROM impersonation_subject(e.impersonation_id) u WHERE e.subject_id IS NOT NULL)"
      tenant = """
        (SELECT t.slug FROM tenant_directory t WHERE t.tenant_id = e.chain) AS tenant_slug,
        (SELECT t.name FROM tenant_directory t WHERE t.tenant_id = e.chain) AS tenant_name
        """
      words = "(SELECT d.text FROM audit_detail d WHERE d.event = e.id)"
    case .hidden:
      person = "NULL::text"
      subject = "NULL::text"
      tenant = "NULL::text AS tenant_slug, NULL::text AS tenant_name"
      words = "NULL::text"
    }
    return """
      SELECT e.id, e.at, e.body, e.action, e.actor_kind, e.actor_id, e.subject_id, e.impersonation_id, e.object_type,
        e.object_id, e.outcome, e.change_count, \(fragment: person) AS actor_name,
        \(fragment: subject) AS subject_name, \(fragment: tenant), \(fragment: words) AS detail,
        (SELECT s.seq FROM audit_seal s WHERE s.event = e.id) AS seq,
        ARRAY (
          SELECT c.payload FROM row_change c
          WHERE c.event = e.id AND c.ordinal <= \(TrailStep.shownChanges)
          ORDER BY c.ordinal
        ) AS payloads
      FROM audit_event e
      WHERE \(fragment: conditions) AND \(fragment: position)
      ORDER BY \(fragment: order)
      LIMIT \(query.limit + 1)
      """
  }

  /// Everything but the place in the list.
  private var conditions: SQL {
    let narrowed = query.conditions.reduce("\(fragment: scope) AND \(fragment: narrowing)" as SQL) {
      "\(fragment: $0) AND \(fragment: $1.sql)"
    }
    let begun: SQL = span.from.map { "\(fragment: narrowed) AND e.at >= \($0)" } ?? narrowed
    return span.until.map { "\(fragment: begun) AND e.at < \($0)" } ?? begun
  }

  private var scope: SQL {
    switch query.scope {
    case .access(let id): "e.impersonation_id = \(id)"
    case .tenant(let id): "e.chain = \(id)"
    case .record(let tenant, let object): record(tenant, object)
    case .records(let tenant, let kind): "e.chain = \(tenant) AND \(fragment: kind.isObject)"
    case .request(let tenant, let id, let moment):
      """
      e.chain = \(tenant) AND e.at BETWEEN \(moment.addingTimeInterval(-3_600)) AND \(moment.addingTimeInterval(3_600))
      AND e.request_id = \(id)
      """
    case .person(let id):
      """
      e.chain = \(Chain.platform) AND e.object_id = \(id.description) AND e.object_type = 'staff'
      AND e.action LIKE 'staff.%'
      """
    case .everything: "true"
    }
  }

  private func record(_ tenant: ID<Tenant>, _ object: AuditObject) -> SQL {
    switch query.joined {
    case nil: "e.chain = \(tenant) AND e.object_id = \(object.id) AND e.object_type = \(object.type)"
    case .acts(let action, let others):
      """
      e.chain = \(tenant) AND e.object_type = \(object.type)
      AND (e.object_id = \(object.id) OR e.object_id = ANY(\(others)) AND e.action = \(action))
      """
    case .sweeps(let action, let since):
      """
      e.chain = \(tenant) AND e.at >= \(since) AND e.object_id = ANY(\([object.id, tenant.description]))
      AND (
        e.object_type = \(object.type) AND e.object_id = \(object.id)
        OR e.action = \(action) AND \(fragment: TrailCondition.followed(by: object.id))
      )
      """
    }
  }

  private var narrowing: SQL {
    switch query.only {
    case nil: "true"
    // A look changes nothing, and of looks there are so many that changes have an index without them.
    case .changes where query.told.isEmpty: "e.action NOT LIKE 'view.%' AND \(fragment: AccessTally.isChange)"
    case .changes:
      """
      e.action NOT LIKE 'view.%'
      AND (\(fragment: AccessTally.isChange) OR e.outcome = 'ok' AND e.action = ANY(\(query.told)))
      """
    case .reveals: "e.action LIKE 'reveal.%'"
    case .exports: "e.action LIKE 'export.%'"
    case .refusals: "e.outcome <> 'ok'"
    case .views: "e.action LIKE 'view.%'"
    }
  }

  private var position: SQL {
    guard let after = query.after else { return "true" }
    return query.isForward
      ? "(e.at, e.id) > (\(after.at), \(after.id))" : "(e.at, e.id) < (\(after.at), \(after.id))"
  }
}

extension AccessSummary: RowDecodable {
  /// Reads the columns of an access, and `staff_id`, `staff_name`, `reason` and `note`.
  public init(row: Row) throws {
    impersonation = try ImpersonationRow(row: row).impersonation
    staff = try row["staff_id"]
    staffName = try row["staff_name"]
    reason = try row["reason"]
    note = try row["note"]
  }
}
