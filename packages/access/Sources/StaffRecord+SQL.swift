// Reads the staff for whoever administers them.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// A page of the staff, by name.
  public func staff(_ filter: StaffFilter) async throws -> StaffPage {
    let now = timepiece.now()
    let conditions = filter.conditions(at: now)
    let position: SQL = filter.after.map { "(p.name, p.id) > (\($0.name), \($0.id))" } ?? "true"
    let found = try await database.query(
      .fleet,
      """
      SELECT \(fragment: StaffRecord.columns(at: now))
      \(fragment: StaffRecord.tables)
      WHERE \(fragment: conditions) AND \(fragment: position)
      ORDER BY p.name, p.id
      LIMIT \(filter.limit + 1)
      """, as: StaffRecord.self)
    let count = try await database.query(
      .fleet,
      """
      SELECT count(*) FROM (
        SELECT 1 FROM staff p
        WHERE \(fragment: conditions)
        LIMIT \(StaffPage.countLimit + 1)
      ) counted
      """, as: Int.self)
    let people = Array(found.prefix(filter.limit))
    let isMore = found.count > filter.limit
    let next = isMore ? people.last.map { StaffFilter.Cursor(name: $0.name, id: $0.id) } : nil
    return StaffPage(people: people, count: count.first ?? 0, next: next)
  }

  /// One person with all that belongs to them; `nil` when there is nobody of that id.
  public func staffFile(_ id: ID<Staff>) async throws -> StaffFile? {
    let now = timepiece.now()
    let people = try await database.query(
      .fleet,
      "SELECT \(fragment: StaffRecord.columns(at: now)) \(fragment: StaffRecord.tables) WHERE p.id = \(id)",
      as: StaffRecord.self)
    guard let person = people.first else { return nil }
    let grants = try await database.query(
      .fleet,
      """
      SELECT \(fragment: StaffGrant.columns)
      \(fragment: StaffGrant.tables)
      WHERE g.staff_id = \(id) AND g.ended_at IS NULL
      ORDER BY g.capability
      """, as: StaffGrant.self)
    let taken = try await database.query(
      .fleet,
      """
      SELECT \(fragment: StaffGrant.columns)
      \(fragment: StaffGrant.tables)
      WHERE g.staff_id = \(id) AND g.ended_at IS NOT NULL
      ORDER BY g.ended_at DESC, g.id DESC
      LIMIT 50
      """, as: StaffGrant.self)
    return StaffFile(
      person: person, grants: grants, taken: taken, signIns: try await signIns(of: id),
      accesses: try await openAccesses(of: id))
  }

  /// Whether there is a person of that id.
  public func isStaff(_ id: ID<Staff>) async throws -> Bool {
    try await database.query(
      .fleet, "SELECT EXISTS (SELECT 1 FROM staff WHERE id = \(id))", as: Bool.self
    ).first ?? false
  }

  /// The sign-ins of a person that last, newest first.
  public func signIns(of staff: ID<Staff>) async throws -> [SignInRecord] {
    try await database.query(
      .fleet,
      """
      SELECT s.id, s.method, s.started_at, s.last_seen_at, s.ip, s.agent
      FROM staff_session s
      WHERE s.staff_id = \(staff) AND NOT (\(fragment: SignInRow.isOver(at: timepiece.now())))
      ORDER BY s.started_at DESC, s.id DESC
      LIMIT 50
      """, as: SignInRecord.self)
  }

  /// Whom somebody can report to: everybody active, by name.
  public func activeStaff() async throws -> [StaffRecord.Named] {
    try await database.query(
      .fleet, "SELECT id, name FROM staff WHERE state = 'active' ORDER BY name, id LIMIT 500",
      as: StaffRecord.Named.self)
  }

  /// Every preset, by name.
  public func capabilityPresets() async throws -> [CapabilityPreset] {
    try await database.query(
      .fleet,
      """
      SELECT c.preset, array_agg(c.capability ORDER BY c.capability) AS capabilities,
        (
          SELECT count(DISTINCT g.staff_id)
          FROM staff_grant g
          JOIN staff p ON p.id = g.staff_id AND p.state = 'active'
          WHERE g.preset = c.preset AND \(fragment: StaffGrant.counts(at: timepiece.now()))
        ) AS holders
      FROM capability_preset c
      GROUP BY c.preset
      ORDER BY c.preset
      """, as: CapabilityPreset.self)
  }
}

extension StaffFilter {
  fileprivate func conditions(at moment: Date) -> SQL {
    var conditions: [SQL] = []
    if !states.isEmpty { conditions.append("(\(fragment: StaffRecord.standing)) = ANY(\(states))") }
    if let capability {
      conditions.append(
        """
        EXISTS (SELECT 1 FROM staff_grant g
          WHERE g.staff_id = p.id AND g.capability = \(capability) AND \(fragment: StaffGrant.counts(at: moment)))
        """)
    }
    if !words.isEmpty {
      let pattern = "%" + SQL.pattern(words) + "%"
      conditions.append("(p.name ILIKE \(pattern) OR p.email ILIKE \(pattern))")
    }
    return .all(conditions)
  }
}

extension StaffRecord: RowDecodable {
  /// Where the person `p` stands. Who never signed in is invited still.
  static let standing: SQL = """
    CASE
      WHEN p.state = 'deactivated' THEN 'deactivated'
      WHEN p.locked_at IS NOT NULL THEN 'locked'
      WHEN p.oidc_subject IS NULL AND NOT EXISTS (SELECT 1 FROM staff_session s WHERE s.staff_id = p.id) THEN 'invited'
      ELSE 'active'
    END
    """

  static let tables: SQL = """
    FROM staff p
    LEFT JOIN staff m ON m.id = p.reports_to
    """

  static func columns(at moment: Date) -> SQL {
    """
    p.id, p.email, p.name, p.timezone, p.created_at, p.version, p.locked_at, p.lock_reason, p.locked_by,
    p.reports_to, m.name AS manager_name, \(fragment: standing) AS standing,
    (SELECT max(s.started_at) FROM staff_session s WHERE s.staff_id = p.id) AS last_sign_in_at,
    ARRAY (
      SELECT g.capability FROM staff_grant g
      WHERE g.staff_id = p.id AND \(fragment: StaffGrant.counts(at: moment)) ORDER BY g.capability
    ) AS capabilities,
    ARRAY (
      SELECT DISTINCT g.preset FROM staff_grant g
      WHERE g.staff_id = p.id AND g.preset IS NOT NULL AND \(fragment: StaffGrant.counts(at: moment)) ORDER BY g.preset
    ) AS presets,
    (SELECT count(*) FROM impersonation i WHERE i.staff_id = p.id AND i.ended_at IS NULL) AS open_accesses,
    (
      SELECT count(*) FROM staff_session s WHERE s.staff_id = p.id AND NOT (\(fragment: SignInRow.isOver(at: moment)))
    ) AS open_sign_ins
    """
  }

  /// Reads what `columns(at:)` selects.
  public init(row: Row) throws {
    id = try row["id"]
    email = try row["email"]
    name = try row["name"]
    timezone = try row["timezone"]
    state = try row["standing"]
    let lockedAt: Date? = try row["locked_at"]
    let reason: String? = try row["lock_reason"]
    let by: String? = try row["locked_by"]
    lock = lockedAt.map { Lock(at: $0, reason: reason ?? "", by: by ?? "an administrator") }
    let manager: ID<Staff>? = try row["reports_to"]
    let managerName: String? = try row["manager_name"]
    reportsTo = manager.flatMap { id in managerName.map { Named(id: id, name: $0) } }
    invitedAt = try row["created_at"]
    lastSignInAt = try row["last_sign_in_at"]
    capabilities = try row["capabilities"]
    presets = try row["presets"]
    openAccesses = try row["open_accesses"]
    openSignIns = try row["open_sign_ins"]
    version = try row["version"]
  }
}

extension StaffRecord.Named: RowDecodable {
  /// Reads `id` and `name`.
  public init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
  }
}

extension StaffGrant: RowDecodable {
  /// Whether the grant `g` counts.
  static func counts(at moment: Date) -> SQL {
    "g.ended_at IS NULL AND (g.until IS NULL OR g.until > \(moment))"
  }

  static let columns: SQL = """
    g.id, g.capability, g.preset, g.granted_at, g.rationale, g.until, g.ended_at,
    COALESCE(b.name, split_part(g.granted_by, ':', 2)) AS granter,
    COALESCE(e.name, split_part(g.ended_by, ':', 2)) AS taker
    """

  static let tables: SQL = """
    FROM staff_grant g
    LEFT JOIN staff b ON 'staff:' || b.id = g.granted_by
    LEFT JOIN staff e ON 'staff:' || e.id = g.ended_by
    """

  /// Reads what `columns` selects, with those who granted and took by name.
  public init(row: Row) throws {
    id = try row["id"]
    capability = try row["capability"]
    preset = try row["preset"]
    grantedAt = try row["granted_at"]
    grantedBy = try row["granter"]
    rationale = try row["rationale"]
    until = try row["until"]
    let endedAt: Date? = try row["ended_at"]
    let taker: String? = try row["taker"]
    ending = endedAt.map { Ending(at: $0, by: taker ?? "its time") }
  }
}

extension SignInRecord: RowDecodable {
  /// Reads a row of `staff_session`, without the hash of its token.
  public init(row: Row) throws {
    id = try row["id"]
    method = try row["method"]
    startedAt = try row["started_at"]
    lastSeenAt = try row["last_seen_at"]
    ip = try row["ip"]
    agent = try row["agent"]
  }
}

extension CapabilityPreset: RowDecodable {
  /// Reads `preset`, `capabilities` and `holders`.
  public init(row: Row) throws {
    name = try row["preset"]
    capabilities = try row["capabilities"]
    holders = try row["holders"]
  }
}
