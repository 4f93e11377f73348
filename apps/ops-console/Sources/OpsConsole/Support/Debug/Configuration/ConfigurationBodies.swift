// The JSON face of the effective configuration.

import FoundationEssentials
import Workspace

/// A setting at one client, as programs are given it.
struct ConfigurationBody: Encodable, Sendable {
  let key: String
  let label: String
  let value: String
  let source: SettingSource
  /// What clearing leads to.
  let inherited: String
  let changed: Date?
  let version: Int

  init(_ found: ClientSetting) {
    key = found.setting.key
    label = found.setting.label
    value = found.value
    source = found.source
    inherited = found.inherited.value
    changed = found.changedAt
    version = found.version
  }
}

/// A setting of the program; a secret has no value.
struct ProgramSettingBody: Encodable, Sendable {
  let name: String
  let value: String?
  let source: ProgramSetting.Standing

  init(_ row: ProgramSetting) {
    name = row.name
    value = row.value
    source = row.standing
  }
}

/// A secret of a client: that it is set, and since when.
struct ClientSecretBody: Encodable, Sendable {
  let name = ClientSecret.label
  let issuer: String
  let set: Date

  init(_ secret: ClientSecret) {
    issuer = secret.issuer
    set = secret.setAt
  }
}

/// Everything that holds for one client.
struct ConfigurationListBody: Encodable, Sendable {
  let items: [ConfigurationBody]
  let secrets: [ClientSecretBody]
  let program: [ProgramSettingBody]
}
