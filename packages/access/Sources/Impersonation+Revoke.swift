// Ending accesses that are not one's own: with the capability they stand on, with the person, with the client, or one
// by one.

public import EthicoTypes
import FoundationEssentials
import Postgres

/// An open access that is about to be ended by somebody else.
struct RevokedAccess: Sendable, RowDecodable {
  let id: ID<Impersonation>
  let tenant: ID<Tenant>
  let subject: ID<ClientUser>?

  init(row: Row) throws {
    id = try row["id"]
    tenant = try row["tenant_id"]
    subject = try row["subject_id"]
  }

  /// What an event says of it that ends it by the way.
  var effect: Effect { Effect(type: "impersonation", id: id.description, text: "ended") }
}

extension AuditedTransaction {
  /// The open accesses of a person, held so that nothing more commits under them; in the order of their chains.
  func holdAccesses(of staff: ID<Staff>, only access: ID<Impersonation>? = nil) async throws -> [RevokedAccess] {
    try await query(
      """
      SELECT id, tenant_id, subject_id FROM impersonation
      WHERE staff_id = \(staff) AND ended_at IS NULL AND (\(access)::uuid IS NULL OR id = \(access))
      ORDER BY tenant_id, id
      FOR UPDATE
      """)
  }

  /// Everybody's open accesses of a client, held in the same way.
  func holdAccesses(in tenant: ID<Tenant>) async throws -> [RevokedAccess] {
    try await query(
      """
      SELECT id, tenant_id, subject_id FROM impersonation
      WHERE tenant_id = \(tenant) AND ended_at IS NULL
      ORDER BY id
      FOR UPDATE
      """)
  }

  /// Ends accesses that are held, each by an event of its own in its client's chain.
  func end(_ accesses: [RevokedAccess], as kind: EndKind, by administrator: Administrator) async throws {
    for access in accesses {
      var author = administrator.author.on(access.tenant)
      author.impersonation = access.id
      author.subject = access.subject
      let tx = try await following(author)
      try await tx.execute(
        """
        UPDATE impersonation
        SET ended_at = \(tx.at), ended_kind = \(kind), ended_by = \(administrator.name),
          ended_event = \(tx.event)
        WHERE id = \(access.id)
        """)
      try await tx.record("impersonation.end", object: AuditObject("impersonation", access.id), status: 303)
    }
  }
}

extension Ledger {
  /// Ends one access of a person. Ending it twice is ending it once.
  public func endAccess(
    _ access: ID<Impersonation>, of staff: ID<Staff>, by administrator: Administrator
  ) async throws {
    try await fleet(administrator.author) { tx in
      try await tx.end(try await tx.holdAccesses(of: staff, only: access), as: .revoked, by: administrator)
    }
  }
}
