// Reads a client's settings, inside the client's transaction.

package import Access
import EthicoTypes
import FoundationEssentials
package import Postgres
import Web

extension ClientSetting {
  /// Every setting, in the order of the list.
  package static func all(_ layers: SettingLayers, in tx: AuditedTransaction) async throws -> [ClientSetting] {
    let (tiers, stored) = try await tx.together(
      tier,
      Query<Stored>(
        """
        SELECT key, value, version, changed_at, changed_by, via_impersonation
        FROM tenant_setting
        WHERE key = ANY(\(Setting.all.map(\.key)))
        ORDER BY key
        """))
    guard let tier = tiers.first.flatMap(Tier.init(rawValue:)) else { throw RecordMissing() }
    return Setting.all.map { setting in
      ClientSetting(
        setting: setting, tier: tier, inherited: layers.inherited(setting, tier: tier),
        stored: stored.first { $0.key == setting.key })
    }
  }

  /// One setting, for a rule that is about to change it: holds the row where there is one.
  package static func hold(
    _ setting: Setting, _ layers: SettingLayers, in tx: AuditedTransaction
  ) async throws -> ClientSetting {
    let stored = try await tx.first(
      """
      SELECT key, value, version, changed_at, changed_by, via_impersonation
      FROM tenant_setting
      WHERE key = \(setting.key)
      FOR UPDATE
      """, as: Stored.self)
    guard let tier = try await tx.all(tier).first.flatMap(Tier.init(rawValue:)) else { throw RecordMissing() }
    return ClientSetting(
      setting: setting, tier: tier, inherited: layers.inherited(setting, tier: tier), stored: stored)
  }

  /// The tier of the transaction's client.
  private static var tier: Query<String> { Query("SELECT tier FROM tenant") }
}

extension ClientSetting.Stored: RowDecodable {
  package init(row: Row) throws {
    key = try row["key"]
    value = try row["value"]
    version = try row["version"]
    changedAt = try row["changed_at"]
    changedBy = try row["changed_by"]
    access = try row["via_impersonation"]
  }
}
