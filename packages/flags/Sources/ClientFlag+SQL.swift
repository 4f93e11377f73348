// Reads and sets flags. What holds for all is read with the fleet's role, what a client has inside its own rows.

public import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension Ledger {
  /// Every flag as it is set for all clients. A row that this release cannot read counts as unreadable, not as absent.
  public func fleetFlags() async throws -> [FleetFlag] {
    let rows = try await database.query(.fleet, FlagRow.all, as: FlagRow.self)
    return Flag.all.map { flag in FleetFlag(flag, rows.first { $0.key == flag.key }) }
  }

  /// Sets what holds for all clients.
  /// - Throws: `FlagRefusal`, with nothing changed.
  public func set(_ flag: Flag, to rule: FlagRule, version: Int, by author: Author) async throws {
    try await fleet(author) { tx in
      let row = try await tx.first("\(fragment: FlagRow.all) WHERE key = \(flag.key) FOR UPDATE", as: FlagRow.self)
      let found = FleetFlag(flag, row)
      guard found.version == version else {
        // The same form once more finds its work done.
        guard found.rule == .read(rule) else { throw FlagRefusal.stale(flag) }
        return
      }
      guard found.rule != .read(rule) else { throw FlagRefusal.already(flag) }
      let tiers = rule.tiers.map(\.rawValue).sorted()
      let written = try await tx.execute(
        """
        INSERT INTO flag (key, kill_switch, tiers, share)
        VALUES (\(flag.key), \(rule.killSwitch), \(tiers), \(rule.share))
        ON CONFLICT (key) DO UPDATE SET
          kill_switch = EXCLUDED.kill_switch, tiers = EXCLUDED.tiers, share = EXCLUDED.share
        WHERE flag.version = \(version)
        """)
      guard written == 1 else { throw FlagRefusal.stale(flag) }
      try await tx.record("flag.set", object: found.object, status: 303, detail: "\(flag.key): \(rule)")
    }
  }

  /// The names of the staff people among those actors, by the actor as rows name it.
  public func names(of actors: [String]) async throws -> [String: String] {
    let ids = actors.compactMap { actor in
      actor.hasPrefix("staff:") ? ID<Staff>(String(actor.dropFirst("staff:".count))) : nil
    }
    guard !ids.isEmpty else { return [:] }
    let people = try await database.query(
      .fleet, "SELECT id, name FROM staff WHERE id = ANY(\(ids))", as: NamedStaff.self)
    return Dictionary(people.map { ("staff:\($0.id)", $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ClientFlag {
  /// Every flag as the transaction's client has it.
  public static func all(_ fleet: [FleetFlag], in tx: AuditedTransaction) async throws -> [ClientFlag] {
    let (rows, tiers) = try await tx.together(
      Query(
        "SELECT flag_key, value, version, changed_at, changed_by, via_impersonation FROM flag_override",
        as: OverrideRow.self),
      Query("SELECT tier FROM tenant", as: String.self))
    let tier = tiers.first.flatMap(Tier.init(rawValue:)) ?? .plg
    return fleet.map { flag in
      ClientFlag(flag, rows.first { $0.key == flag.flag.key }, tenant: tx.author.tenant ?? ID(Chain.platform), tier)
    }
  }

  /// Throws when somebody set it here after version `seen`.
  public func demand(_ seen: Int) throws(FlagRefusal) {
    guard version == seen else { throw .stale(flag) }
  }

  /// Sets it here, whatever holds for others.
  public func set(_ value: FlagValue, in tx: AuditedTransaction) async throws {
    guard override != .read(value) else { throw FlagRefusal.already(flag) }
    let written = try await tx.execute(
      """
      INSERT INTO flag_override (tenant_id, flag_key, value)
      VALUES (\(tenant), \(flag.key), \(value))
      ON CONFLICT (tenant_id, flag_key) DO UPDATE SET value = EXCLUDED.value WHERE flag_override.version = \(version)
      """)
    guard written == 1 else { throw FlagRefusal.stale(flag) }
    try await tx.record(
      "flag.set", object: fleet.object, status: 303,
      detail: "\(flag.key): \(verdict.value.rawValue) → \(value.rawValue)")
  }

  /// Lets what holds for others hold here too.
  public func clear(in tx: AuditedTransaction) async throws {
    guard override != .none else { throw FlagRefusal.already(flag) }
    let cleared = try await tx.execute(
      "DELETE FROM flag_override WHERE flag_key = \(flag.key) AND version = \(version)")
    guard cleared == 1 else { throw FlagRefusal.stale(flag) }
    try await tx.record(
      "flag.clear", object: fleet.object, status: 303,
      detail: "\(flag.key): \(verdict.value.rawValue) → \(inherited.value.rawValue), as for others")
  }

  private init(_ fleet: FleetFlag, _ row: OverrideRow?, tenant: ID<Tenant>, _ tier: Tier) {
    self.fleet = fleet
    self.tenant = tenant
    self.tier = tier
    version = row?.version ?? 0
    change = row?.change
    override = row.map { FlagReading(stored: $0.value) } ?? .none
  }
}

extension Flag {
  /// Whether the transaction's client has what the flag switches, by one question.
  public func isOn(in tx: AuditedTransaction) async throws -> Bool {
    let found = try await tx.first(
      """
      SELECT n.id, n.tier, o.value, r.kill_switch, r.tiers, r.share
      FROM tenant n
      LEFT JOIN flag_override o ON o.flag_key = \(key)
      LEFT JOIN flag_rule(\(key)) r ON true
      WHERE n.id = \(tx.author.tenant)
      """, as: Standing.self)
    guard let found else { return fallback == .on }
    return evaluate(found.rule, override: found.override, tenant: found.tenant, tier: found.tier).value == .on
  }

  /// What decides about a flag at one client.
  private struct Standing: RowDecodable {
    let tenant: ID<Tenant>
    let tier: Tier
    let override: FlagReading<FlagValue>
    let rule: FlagReading<FlagRule>

    init(row: Row) throws {
      let value: String? = try row["value"]
      let killSwitch: String? = try row["kill_switch"]
      tenant = try row["id"]
      tier = Tier(rawValue: try row["tier"]) ?? .plg
      override = value.map(FlagReading.init(stored:)) ?? .none
      rule = try killSwitch.map { _ in try FlagReading(rule: row) } ?? .none
    }
  }
}

extension FlagReading<FlagValue> {
  /// Unreadable is what this release does not know.
  fileprivate init(stored: String) {
    self = FlagValue(rawValue: stored).map(FlagReading.read) ?? .unreadable
  }
}

extension FlagReading<FlagRule> {
  /// The rule of a row that has one; unreadable is what this release does not know.
  fileprivate init(rule row: Row) throws {
    let tiers: [String] = try row["tiers"]
    let known = tiers.compactMap(Tier.init(rawValue:))
    guard let killSwitch = FlagValue(rawValue: try row["kill_switch"]), known.count == tiers.count else {
      self = .unreadable
      return
    }
    self = .read(FlagRule(killSwitch: killSwitch, tiers: Set(known), share: try row["share"]))
  }
}

extension FleetFlag {
  fileprivate init(_ flag: Flag, _ row: FlagRow?) {
    self.flag = flag
    version = row?.version ?? 0
    change = row?.change
    rule = row?.rule ?? .none
  }
}

extension FlagRule: CustomStringConvertible {
  /// `kill switch off; enterprise; 12 %`.
  public var description: String {
    let percent = share.map { ["\(FlagRule.percent($0)) %"] } ?? []
    return (["kill switch \(killSwitch.rawValue)"] + tiers.map(\.rawValue).sorted() + percent).joined(separator: "; ")
  }

  /// `12`, `0.5`: hundredths of a percent as people write them.
  public static func percent(_ share: Int) -> String {
    let hundredths = share % 100
    switch hundredths {
    case 0: return "\(share / 100)"
    case _ where hundredths.isMultiple(of: 10): return "\(share / 100).\(hundredths / 10)"
    case ..<10: return "\(share / 100).0\(hundredths)"
    default: return "\(share / 100).\(hundredths)"
    }
  }
}

/// A flag's row, as it is stored.
private struct FlagRow: Sendable, RowDecodable {
  let key: String
  let rule: FlagReading<FlagRule>
  let version: Int
  let change: FlagChange

  static let all: SQL = "SELECT key, kill_switch, tiers, share, version, changed_at, changed_by FROM flag"

  init(row: Row) throws {
    key = try row["key"]
    rule = try FlagReading(rule: row)
    version = try row["version"]
    change = FlagChange(at: try row["changed_at"], by: try row["changed_by"])
  }
}

private struct OverrideRow: Sendable, RowDecodable {
  let key: String
  let value: String
  let version: Int
  let change: FlagChange

  init(row: Row) throws {
    key = try row["flag_key"]
    value = try row["value"]
    version = try row["version"]
    change = FlagChange(
      at: try row["changed_at"], by: try row["changed_by"], access: try row["via_impersonation"])
  }
}

private struct NamedStaff: Sendable, RowDecodable {
  let id: ID<Staff>
  let name: String

  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
  }
}
