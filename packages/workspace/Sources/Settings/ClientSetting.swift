// A setting as one client has it: set, or left at what holds for others.

package import Access
package import EthicoTypes
package import FoundationEssentials

/// A setting as one client has it.
package struct ClientSetting: Sendable, Hashable {
  package let setting: Setting
  /// The tier of the client, which may set what is inherited.
  package let tier: Tier
  /// What holds where this client sets nothing.
  package let inherited: InheritedValue
  /// `nil` where this client sets nothing.
  package let stored: Stored?

  /// What a client has set.
  package struct Stored: Sendable, Hashable {
    package let key: String
    package let value: String
    package let version: Int
    package let changedAt: Date
    /// As rows name an actor: `staff:<id>`.
    package let changedBy: String
    /// The access in which it was set, where that was Ethico.
    package let access: ID<Impersonation>?
  }

  /// What holds.
  package var value: String { stored?.value ?? inherited.value }
  /// Where it comes from.
  package var source: SettingSource { stored == nil ? inherited.source : .tenant }
  /// 0 where nothing is stored.
  package var version: Int { stored?.version ?? 0 }
  /// What the audit trail calls it.
  package var object: AuditObject { AuditObject("tenant_setting", setting.key) }
}
