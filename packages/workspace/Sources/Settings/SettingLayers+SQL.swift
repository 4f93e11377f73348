// What is set for more than one client. A client's own value comes before its tier's, that before the platform's, and
// that before the default.

package import Access
package import EthicoTypes
package import FoundationEssentials
import Postgres

/// Where a value comes from.
package enum SettingSource: String, Term {
  case fallback = "default"
  case platform, tier, tenant
}

/// A value that holds where a client has set none.
package struct InheritedValue: Sendable, Hashable {
  package let value: String
  package let source: SettingSource
  /// `nil` for a default.
  package let changedAt: Date?
  package let changedBy: String?
}

/// What is set for more than one client.
package struct SettingLayers: Sendable, Hashable {
  /// The layer of all clients; the others are tiers.
  package static let platform = "platform"

  fileprivate let rows: [SettingLayerRow]

  /// What a client of that tier has where it has set nothing. A value that the setting does not take is passed over.
  package func inherited(_ setting: Setting, tier: Tier) -> InheritedValue {
    value(of: setting, in: tier.rawValue, .tier) ?? value(of: setting, in: Self.platform, .platform)
      ?? InheritedValue(value: setting.fallback, source: .fallback, changedAt: nil, changedBy: nil)
  }

  /// A setting of a layer, as the trail names it.
  package static func object(of setting: Setting, in layer: String) -> AuditObject {
    AuditObject("setting_layer", "\(layer) \(setting.key)")
  }

  /// What one layer says.
  package func value(of setting: Setting, in layer: String, _ source: SettingSource) -> InheritedValue? {
    guard let row = rows.first(where: { $0.layer == layer && $0.key == setting.key }),
      let value = try? setting.value(from: row.value)
    else { return nil }
    return InheritedValue(value: value, source: source, changedAt: row.changedAt, changedBy: row.changedBy)
  }
}

extension Ledger {
  /// What is set for more than one client.
  package func settingLayers() async throws -> SettingLayers {
    SettingLayers(
      rows: try await database.query(
        .fleet, "SELECT layer, key, value, changed_at, changed_by FROM setting_layer", as: SettingLayerRow.self))
  }

  /// What was set before of one setting, for all clients and for those of each tier: newest first.
  package func history(ofLayersOf setting: Setting) async throws -> [TrailStep] {
    let tiers = Tier.allCases.map { SettingLayers.object(of: setting, in: $0.rawValue) }
    return try await fleetHistory(
      of: SettingLayers.object(of: setting, in: SettingLayers.platform), joining: tiers, by: "setting_layer.set")
  }

  /// Sets a value for all clients, or for those of a tier.
  /// - Throws: `Invalid` for what the setting does not take.
  package func set(_ setting: Setting, to typed: String, for tier: Tier?, by author: Author) async throws {
    let value = try setting.value(from: typed)
    let layer = tier?.rawValue ?? SettingLayers.platform
    try await fleet(author) { tx in
      try await tx.execute(
        """
        INSERT INTO setting_layer (layer, key, value)
        VALUES (\(layer), \(setting.key), \(value))
        ON CONFLICT (layer, key) DO UPDATE SET value = EXCLUDED.value
        """)
      try await tx.record(
        "setting_layer.set", object: SettingLayers.object(of: setting, in: layer), status: 303,
        detail: "\(setting.key) for \(layer): \(setting.shown(value))")
    }
  }
}

private struct SettingLayerRow: Sendable, Hashable, RowDecodable {
  let layer: String
  let key: String
  let value: String
  let changedAt: Date
  let changedBy: String

  init(row: Row) throws {
    layer = try row["layer"]
    key = try row["key"]
    value = try row["value"]
    changedAt = try row["changed_at"]
    changedBy = try row["changed_by"]
  }
}
