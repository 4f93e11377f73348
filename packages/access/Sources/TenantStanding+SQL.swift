// Reads and sets a client's status. Closing a client ends what is open there, in the same transaction.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// Where a client stands; `nil` when there is none of that id.
  public func standing(of tenant: ID<Tenant>) async throws -> TenantStanding? {
    try await database.query(
      .fleet,
      """
      SELECT t.id, t.slug, t.name, t.status, t.created_at, t.version,
        (SELECT count(*) FROM impersonation i WHERE i.tenant_id = t.id AND i.ended_at IS NULL) AS open_accesses
      FROM tenant t
      WHERE t.id = \(tenant)
      """, as: TenantStanding.self
    ).first
  }

  /// Sets a client's status. Closing it ends every access that is open there, each by an event of its own.
  /// - Parameter version: of the client, as the person saw it.
  /// - Throws: `StatusRefusal`, with nothing changed.
  public func set(
    _ change: StatusChange, of tenant: Tenant, version: Int, by administrator: Administrator
  ) async throws {
    try await fleet(administrator.author.on(tenant.id)) { tx in
      guard let found = try await tx.hold(tenant) else { throw StatusRefusal.stale }
      guard found.version == version else {
        // The same form once more finds its work done.
        guard found.holds(change, madeFrom: version, by: tx.author) else { throw StatusRefusal.stale }
        return
      }
      guard found.status != change.status else { throw StatusRefusal.already(change.status) }
      guard found.status.nextStatuses.contains(change.status) else {
        throw StatusRefusal.badTransition(from: found.status, to: change.status)
      }
      let accesses = change.status == .closed ? try await tx.holdAccesses(in: tenant.id) : []
      try await tx.execute("UPDATE tenant SET status = \(change.status) WHERE id = \(tenant.id)")
      try await tx.record(
        StatusChange.action, object: tenant.object, status: 303, effects: accesses.map(\.effect),
        detail: "\(tenant.name): \(change.reason)")
      try await tx.end(accesses, as: .tenantClosed, by: administrator)
    }
  }
}

/// A client as a change of its status finds it.
private struct HeldTenant: Sendable, RowDecodable {
  let status: TenantStatus
  let version: Int
  let changedBy: String

  init(row: Row) throws {
    status = try row["status"]
    version = try row["version"]
    changedBy = try row["changed_by"]
  }

  /// Whether that change of theirs is what made it as it is.
  func holds(_ change: StatusChange, madeFrom seen: Int, by author: Author) -> Bool {
    status == change.status && version == seen + 1 && changedBy == author.actorText
  }
}

extension AuditedTransaction {
  /// Holds the client, so that nobody enters it meanwhile; work of its own goes on.
  fileprivate func hold(_ tenant: Tenant) async throws -> HeldTenant? {
    try await first(
      "SELECT status, version, changed_by FROM tenant WHERE id = \(tenant.id) FOR NO KEY UPDATE", as: HeldTenant.self)
  }
}

extension TenantStanding: RowDecodable {
  /// Reads a client with `created_at`, `open_accesses` and `version`.
  public init(row: Row) throws {
    tenant = try Tenant(row: row)
    createdAt = try row["created_at"]
    openAccesses = try row["open_accesses"]
    version = try row["version"]
  }
}
