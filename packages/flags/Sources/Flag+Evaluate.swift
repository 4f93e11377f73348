// Why a flag is on or off for a client: the first rule that applies decides, and says so.

public import Access
import Crypto
public import EthicoTypes
import FoundationEssentials

/// What is set for all clients. A flag nothing is set for has none.
public struct FlagRule: Sendable, Hashable {
  /// On: the feature is off everywhere, whatever else is set.
  public var killSwitch: FlagValue
  /// The tiers that have the feature.
  public var tiers: Set<Tier>
  /// The share of clients that have it, in hundredths of a percent; `nil` where there is no such rule.
  public var share: Int?

  /// Without arguments a rule that leaves everything to the client's own setting and the default.
  public init(killSwitch: FlagValue = .off, tiers: Set<Tier> = [], share: Int? = nil) {
    self.killSwitch = killSwitch
    self.tiers = tiers
    self.share = share
  }
}

/// Something that was to be read. What cannot be read is not the same as nothing.
public enum FlagReading<Value: Sendable & Hashable>: Sendable, Hashable {
  /// Nothing is stored.
  case none
  /// What is stored.
  case read(Value)
  /// Something is stored that this release does not know, so that the default has to hold.
  case unreadable
}

/// Which rule decided.
public enum FlagReason: String, Term {
  /// It is off for everybody.
  case killSwitch = "kill_switch"
  /// It is set at the client.
  case override = "tenant_override"
  /// It is on for the client's tier.
  case tier = "tier_rule"
  /// It is on for a share of the clients, with this one inside of it or outside.
  case percentage
  /// Nothing of the other rules applies.
  case fallback = "default"
  /// What is set could not be read.
  case error
}

/// What a flag says for one client, and why.
public struct FlagVerdict: Sendable, Hashable {
  /// What holds for the client.
  public let value: FlagValue
  /// The rule that was the first to apply; `error` where the default stands in for what could not be read.
  public let reason: FlagReason

  /// A verdict as `Flag.evaluate` gives it.
  public init(value: FlagValue, reason: FlagReason) {
    self.value = value
    self.reason = reason
  }
}

extension Flag {
  /// What the flag says for a client: kill switch, override, tier, percentage, default; the first that applies.
  public func evaluate(
    _ rule: FlagReading<FlagRule>, override: FlagReading<FlagValue>, tenant: ID<Tenant>, tier: Tier
  ) -> FlagVerdict {
    guard rule != .unreadable, override != .unreadable else { return FlagVerdict(value: fallback, reason: .error) }
    var held = FlagRule()
    if case .read(let stored) = rule { held = stored }
    if held.killSwitch == .on { return FlagVerdict(value: .off, reason: .killSwitch) }
    if case .read(let value) = override { return FlagVerdict(value: value, reason: .override) }
    if held.tiers.contains(tier) { return FlagVerdict(value: .on, reason: .tier) }
    if let share = held.share {
      return FlagVerdict(value: bucket(of: tenant) < share ? .on : .off, reason: .percentage)
    }
    return FlagVerdict(value: fallback, reason: .fallback)
  }

  /// Where a client stands among 10,000: the first 8 bytes of SHA-256(`flag:tenant id`) as a number, modulo 10,000. The
  /// same client keeps its place, so that a growing share only ever adds clients.
  public func bucket(of tenant: ID<Tenant>) -> Int {
    let digest = SHA256.hash(data: Data("\(key):\(tenant)".utf8))
    let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(number % 10_000)
  }
}
