// The verbs of a setting: set it, or clear it back to what holds for others.

package import Access
import EthicoTypes
import Postgres
import Web

/// Why a setting was left as it was.
enum SettingRefusal: Refusal, Hashable {
  /// Somebody set or cleared it after this person began.
  case stale(Setting)

  var setback: Setback {
    switch self {
    case .stale(let setting):
      .stale(
        "“\(setting.label)”",
        advice: "Nothing of yours was saved. What holds now is beside it, and what you typed is still in the form.")
    }
  }
}

extension ClientSetting {
  /// Throws when somebody saved the setting after version `seen`.
  package func demand(_ seen: Int) throws {
    guard version == seen else { throw SettingRefusal.stale(setting) }
  }

  /// Sets the value, checked already.
  package func set(_ next: String, in tx: AuditedTransaction) async throws {
    if let stored {
      guard next != stored.value else {
        throw Invalid("value", "\(setting.label) is set to \(setting.shown(next)) already.")
      }
      try await tx.execute("UPDATE tenant_setting SET value = \(next) WHERE key = \(setting.key)")
    } else {
      try await insert(next, in: tx)
    }
    try await tx.record(
      "tenant_setting.set", object: object, status: 303,
      detail: "\(setting.key): \(setting.shown(value)) → \(setting.shown(next))")
  }

  /// Goes back to what holds for others.
  package func clear(in tx: AuditedTransaction) async throws {
    guard stored != nil else { throw Invalid("value", "\(setting.label) is at its default already.") }
    try await tx.execute("DELETE FROM tenant_setting WHERE key = \(setting.key)")
    try await tx.record(
      "tenant_setting.clear", object: object, status: 303,
      detail: "\(setting.key): \(setting.shown(value)) → \(setting.shown(inherited.value))")
  }

  /// Of two who set it for the first time at once, the second has seen no value and is told so.
  private func insert(_ next: String, in tx: AuditedTransaction) async throws {
    do {
      try await tx.execute(
        "INSERT INTO tenant_setting (tenant_id, key, value) VALUES (\(tx.author.tenant), \(setting.key), \(next))")
    } catch let error as PostgresError where error.constraint == "tenant_setting_pkey" {
      throw SettingRefusal.stale(setting)
    }
  }
}
