// Reads a client's settings, inside the client's transaction.

import Access
import EthicoTypes
import Foundation
import Postgres

extension ClientSetting {
  /// Every setting, in the order of the list.
  static func all(in tx: AuditedTransaction) async throws -> [ClientSetting] {
    let stored = try await tx.query(
      """
      SELECT key, value, version, changed_at
      FROM tenant_setting
      WHERE key = ANY(\(Setting.all.map(\.key)))
      ORDER BY key
      """, as: Stored.self)
    return Setting.all.map { setting in
      ClientSetting(setting: setting, stored: stored.first { $0.key == setting.key })
    }
  }

  /// One setting, for a rule that is about to change it: holds the row where there is one.
  static func hold(_ setting: Setting, in tx: AuditedTransaction) async throws -> ClientSetting {
    let stored = try await tx.first(
      "SELECT key, value, version, changed_at FROM tenant_setting WHERE key = \(setting.key) FOR UPDATE",
      as: Stored.self)
    return ClientSetting(setting: setting, stored: stored)
  }
}

extension ClientSetting.Stored: RowDecodable {
  init(row: Row) throws {
    key = try row["key"]
    value = try row["value"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}
