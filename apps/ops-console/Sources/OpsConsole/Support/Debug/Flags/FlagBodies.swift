// The JSON face of flags.

import EthicoTypes
import Flags
import FoundationEssentials

/// A flag at one client, as programs are given it.
struct FlagBody: Encodable, Sendable {
  let key: String
  let label: String
  let owner: String
  let end: String
  /// Where this release asks it; absent where it does not.
  let place: String?
  let value: FlagValue
  let reason: FlagReason
  /// Where the client stands among 10,000.
  let bucket: Int
  let inherited: FlagValue
  /// When it was set here; absent where it was not.
  let changed: Date?
  let version: Int

  init(_ found: ClientFlag) {
    key = found.flag.key
    label = found.flag.label
    owner = found.flag.owner
    end = found.flag.end
    place = found.flag.place
    value = found.verdict.value
    reason = found.verdict.reason
    bucket = found.flag.bucket(of: found.tenant)
    inherited = found.inherited.value
    changed = found.change?.at
    version = found.version
  }
}

/// Every flag at one client.
struct FlagListBody: Encodable, Sendable {
  let items: [FlagBody]
}

/// A flag as it is set for all clients.
struct FleetFlagBody: Encodable, Sendable {
  let key: String
  let label: String
  /// Where this release asks it; absent where it does not.
  let place: String?
  let `default`: FlagValue
  let readable: Bool
  let killSwitch: FlagValue?
  let tiers: [Tier]
  /// In hundredths of a percent.
  let share: Int?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case key, label, place, `default`, readable, tiers, share, version
    case killSwitch = "kill_switch"
  }

  init(_ found: FleetFlag) {
    key = found.flag.key
    label = found.flag.label
    place = found.flag.place
    `default` = found.flag.fallback
    readable = found.rule != .unreadable
    version = found.version
    if case .read(let rule) = found.rule {
      killSwitch = rule.killSwitch
      tiers = rule.tiers.sorted { $0.rawValue < $1.rawValue }
      share = rule.share
    } else {
      killSwitch = nil
      tiers = []
      share = nil
    }
  }
}

/// Every flag as it is set for all clients.
struct FleetFlagListBody: Encodable, Sendable {
  let items: [FleetFlagBody]
}
