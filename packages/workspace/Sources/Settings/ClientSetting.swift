// A setting as one client has it: set, or left at its default.

import Access
import EthicoTypes
import Foundation

/// A setting as one client has it.
struct ClientSetting: Sendable, Hashable {
  let setting: Setting
  /// `nil` where the default holds.
  let stored: Stored?

  /// What a client has set.
  struct Stored: Sendable, Hashable {
    let key: String
    let value: String
    let version: Int
    let changedAt: Date
  }

  /// What holds.
  var value: String { stored?.value ?? setting.fallback }
  /// 0 where nothing is stored.
  var version: Int { stored?.version ?? 0 }
  var object: AuditObject { AuditObject("tenant_setting", setting.key) }
}
