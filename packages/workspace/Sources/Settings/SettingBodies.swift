// The JSON face of settings.

import FoundationEssentials

/// All settings of a client.
struct SettingListBody: Encodable, Sendable {
  let items: [SettingBody]
}

/// A setting as programs read it.
struct SettingBody: Encodable, Sendable {
  let key: String
  let label: String
  let kind: String
  let value: String
  let `default`: String
  let minimum: Int?
  let maximum: Int?
  /// When it was set; absent where the default holds.
  let changed: Date?
  let version: Int

  init(_ found: ClientSetting) {
    let setting = found.setting
    key = setting.key
    label = setting.label
    value = found.value
    `default` = found.inherited.value
    changed = found.stored?.changedAt
    version = found.version
    switch setting.kind {
    case .text(let limit): (kind, minimum, maximum) = ("text", 1, limit)
    case .languages: (kind, minimum, maximum) = ("languages", nil, nil)
    case .switch: (kind, minimum, maximum) = ("switch", nil, nil)
    case .number(let range): (kind, minimum, maximum) = ("number", range.lowerBound, range.upperBound)
    }
  }
}
