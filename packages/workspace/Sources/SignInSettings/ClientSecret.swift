// The secrets that a client has set, without themselves: that they are there, and since when.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Postgres

/// A secret that a client has set.
package struct ClientSecret: Sendable, Hashable, RowDecodable {
  /// The setting that it belongs to.
  package let setting: ID<ClientSecret>
  /// Who it is shared with.
  package let issuer: String
  package let setAt: Date

  /// What it is called.
  package static let label = "Client secret of the sign-in"

  package var object: AuditObject { AuditObject("sso_setting", setting) }

  package init(row: Row) throws {
    setting = try row["id"]
    issuer = try row["issuer"]
    setAt = try row["set_at"]
  }
}

extension ClientSecret {
  /// All of them. The row says when anything of it was changed; the trail says when the secret was, though not to what.
  package static func all(in tx: AuditedTransaction) async throws -> [ClientSecret] {
    try await tx.query(
      """
      SELECT s.id, s.issuer,
        COALESCE(
          (
            SELECT max(e.at)
            FROM audit_event e
            JOIN row_change c ON c.event = e.id
            WHERE e.chain = s.tenant_id AND e.object_id = s.id::text AND e.object_type = 'sso_setting'
              AND c.payload LIKE '%"client_secret": %'
          ), s.changed_at) AS set_at
      FROM sso_setting s
      """, as: ClientSecret.self)
  }
}
