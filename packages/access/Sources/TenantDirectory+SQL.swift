// The directory in the database: a page of a search, the card of a client, what a person pinned.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// A page of clients for a person.
  public func directory(_ query: DirectoryQuery, for staff: ID<Staff>) async throws -> DirectoryPage {
    let search = DirectorySearch(query, staff: staff)
    var (found, count) = try await matches(of: search)
    if query.after == nil, count < 5, let near = search.near {
      let known = Set(found.map(\.tenant.id))
      let additions = try await database.query(.fleet, near, as: DirectoryEntry.self)
        .filter { !known.contains($0.tenant.id) }.prefix(max(0, query.limit - found.count))
      found += additions
      count += additions.count
    }
    let isMore = found.count > query.limit
    let entries = Array(found.prefix(query.limit))
    let next = isMore ? entries.last.map { DirectoryQuery.Cursor($0) } : nil
    return DirectoryPage(entries: entries, count: count, next: next)
  }

  private func matches(of search: DirectorySearch) async throws -> (found: [DirectoryEntry], count: Int) {
    if let scan = search.scan {
      let rows = try await database.query(.fleet, scan, as: ScannedEntry.self)
      // Nothing behind a cursor says nothing of how many came before; more than are counted were not all ordered.
      if let count = rows.first?.count, count <= DirectoryPage.countLimit { return (rows.map(\.entry), count) }
      if rows.isEmpty, search.isFirstPage { return ([], 0) }
    }
    async let counted = database.query(.fleet, search.count, as: Int.self)
    let found = try await database.query(.fleet, search.page, as: DirectoryEntry.self)
    return (found, try await counted.first ?? 0)
  }

  /// The client of that slug; `nil` when there is none.
  public func tenant(named slug: String) async throws -> Tenant? {
    try await database.query(
      .fleet,
      """
      SELECT t.tenant_id AS id, t.slug, t.name, t.status
      FROM tenant_directory t
      WHERE t.slug = \(slug)
      """, as: Tenant.self
    ).first
  }

  /// The card of one client; `nil` when there is none of that slug.
  public func tenantCard(_ slug: String, for staff: ID<Staff>) async throws -> TenantCard? {
    try await database.query(
      .fleet,
      """
      SELECT t.tenant_id, t.slug, t.name, t.status, t.tier, t.industry, t.employee_count, t.timezone,
        t.default_language,
        t.primary_contact, t.contract_number, t.domains, t.lines,
        EXISTS (SELECT 1 FROM staff_pin p WHERE p.staff_id = \(staff) AND p.tenant_id = t.tenant_id) AS is_pinned,
        ARRAY (
          SELECT k.number FROM ticket k
          WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed')
          ORDER BY k.created_at DESC, k.id DESC
          LIMIT 5
        ) AS tickets,
        (
          SELECT count(*) FROM ticket k WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed')
        ) AS open_tickets,
        u.errors_24h, u.jobs_dead, u.index_state
      FROM tenant_directory t
      LEFT JOIN tenant_pulse u ON u.tenant_id = t.tenant_id
      WHERE t.slug = \(slug)
      """, as: TenantCard.self
    ).first
  }

  /// The clients a person pinned, and those they were in most recently.
  public func shelf(of staff: ID<Staff>) async throws -> (pinned: [DirectoryEntry], recent: [DirectoryEntry]) {
    let pinned = try await database.query(
      .fleet,
      """
      SELECT \(fragment: DirectorySearch.columns), 0 AS rank
      FROM staff_pin p
      \(fragment: DirectorySearch.tables(for: staff))
      WHERE p.staff_id = \(staff)
      ORDER BY p.pinned_at
      LIMIT 12
      """, as: DirectoryEntry.self)
    let recent = try await database.query(
      .fleet,
      """
      SELECT \(fragment: DirectorySearch.columns), 0 AS rank
      FROM (
        SELECT tenant_id, max(started_at) AS last_at
        FROM (
          SELECT tenant_id, started_at FROM impersonation
          WHERE staff_id = \(staff)
          ORDER BY started_at DESC
          LIMIT 100
        ) latest
        GROUP BY tenant_id
        ORDER BY last_at DESC
        LIMIT 8
      ) r
      \(fragment: DirectorySearch.tables(for: staff))
      ORDER BY r.last_at DESC
      """, as: DirectoryEntry.self)
    return (pinned, recent)
  }

  /// Pins or unpins a client for a person, at most twelve.
  public func pin(
    _ tenant: Tenant, _ wanted: TenantCard.Pinned, by signedIn: SignedIn, request: RequestFacts
  ) async throws {
    try await fleet(signedIn.author(request)) { tx in
      let staff = signedIn.staff.id
      let changed: Int
      switch wanted {
      case .pinned:
        changed = try await tx.execute(
          """
          INSERT INTO staff_pin (staff_id, tenant_id, pinned_at)
          SELECT \(staff), \(tenant.id), \(tx.at)
          WHERE (SELECT count(*) FROM staff_pin WHERE staff_id = \(staff)) < 12
          ON CONFLICT DO NOTHING
          """)
      case .notPinned:
        changed = try await tx.execute(
          "DELETE FROM staff_pin WHERE staff_id = \(staff) AND tenant_id = \(tenant.id)")
      }
      if changed == 0, wanted == .pinned {
        let pinned = try await tx.first(
          "SELECT count(*) FROM staff_pin WHERE staff_id = \(staff) AND tenant_id = \(tenant.id)", as: Int.self)
        guard pinned == 1 else { throw PinRefusal.full }
      }
      guard changed > 0 else { return }
      try await tx.record(
        wanted == .pinned ? "staff_pin.add" : "staff_pin.remove", object: AuditObject("tenant", tenant.id), status: 303)
    }
  }
}

/// Why a client cannot be pinned.
public enum PinRefusal: Error, Sendable, Hashable {
  /// Twelve are pinned already.
  case full
}

extension DirectoryQuery.Cursor {
  init(_ entry: DirectoryEntry) {
    self.init(rank: entry.match.rawValue, name: entry.nameFolded, id: entry.tenant.id)
  }
}

extension DirectoryEntry: RowDecodable {
  /// Reads the columns of `DirectorySearch` and `rank`; one that is not known reads as `within`.
  public init(row: Row) throws {
    tenant = Tenant(id: try row["tenant_id"], slug: try row["slug"], name: try row["name"], status: try row["status"])
    tier = try row["tier"]
    industry = try row["industry"]
    employeeCount = try row["employee_count"]
    let rank: Int = try row["rank"]
    match = Match(rawValue: rank) ?? .within
    openTickets = try row["open_tickets"]
    access = try row["access"]
    pulse = try TenantPulse(row: row)
    nameFolded = try row["name_folded"]
  }
}

/// A row of the scan: a client, and how many match.
private struct ScannedEntry: RowDecodable {
  let entry: DirectoryEntry
  let count: Int

  init(row: Row) throws {
    entry = try DirectoryEntry(row: row)
    count = try row["matches"]
  }
}

extension Tenant: RowDecodable {
  /// Reads `id`, `slug`, `name` and `status`.
  public init(row: Row) throws {
    self.init(id: try row["id"], slug: try row["slug"], name: try row["name"], status: try row["status"])
  }
}
