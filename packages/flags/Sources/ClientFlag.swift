// A flag as one client has it: what is set for all, what is set here, and what comes of both.

public import Access
public import EthicoTypes
public import FoundationEssentials

/// A flag as it is set for all clients.
public struct FleetFlag: Sendable, Hashable {
  public let flag: Flag
  public let rule: FlagReading<FlagRule>
  /// 0 where nothing is set.
  public let version: Int
  public let change: FlagChange?

  /// What the audit trail calls it.
  public var object: AuditObject { AuditObject("flag", flag.key) }
}

/// A flag as one client has it.
public struct ClientFlag: Sendable, Hashable {
  public let fleet: FleetFlag
  public let override: FlagReading<FlagValue>
  /// 0 where nothing is set here.
  public let version: Int
  public let change: FlagChange?
  public let tenant: ID<Tenant>
  public let tier: Tier

  public var flag: Flag { fleet.flag }

  /// What holds, and why.
  public var verdict: FlagVerdict {
    flag.evaluate(fleet.rule, override: override, tenant: tenant, tier: tier)
  }

  /// The same without what is set here: what clearing leads to.
  public var inherited: FlagVerdict {
    flag.evaluate(fleet.rule, override: .none, tenant: tenant, tier: tier)
  }
}

/// When something was last set, and by whom.
public struct FlagChange: Sendable, Hashable {
  public let at: Date
  /// As rows name an actor: `staff:<id>`.
  public let by: String
  /// The access in which it was set; none for what holds for all.
  public var access: ID<Impersonation>?
}

/// Why a flag was left as it was.
public enum FlagRefusal: Error, Sendable, Hashable {
  /// Somebody set it after this person began.
  case stale(Flag)
  /// It is as wanted already.
  case already(Flag)
}
