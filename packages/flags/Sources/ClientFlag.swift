// A flag as one client has it: what is set for all, what is set here, and what comes of both.

public import Access
public import EthicoTypes
public import FoundationEssentials

/// A flag as it is set for all clients.
public struct FleetFlag: Sendable, Hashable {
  /// Which flag it is, with the default that holds where nothing is set.
  public let flag: Flag
  /// What is set; `.none` where nothing is, `.unreadable` where this release does not know a word of it.
  public let rule: FlagReading<FlagRule>
  /// 0 where nothing is set.
  public let version: Int
  /// When it was last set and by whom; `nil` where nothing is set.
  public let change: FlagChange?

  /// What the audit trail calls it.
  public var object: AuditObject { AuditObject("flag", flag.key) }
}

/// A flag as one client has it.
public struct ClientFlag: Sendable, Hashable {
  /// The same flag as it is set for all clients.
  public let fleet: FleetFlag
  /// What is set for this client alone; `.none` where nothing is.
  public let override: FlagReading<FlagValue>
  /// 0 where nothing is set here.
  public let version: Int
  /// When it was set here, by whom and in which access; `nil` where nothing is set here.
  public let change: FlagChange?
  /// Whose flag it is: the client whose place among 10,000 a share is asked for.
  public let tenant: ID<Tenant>
  /// The client's tier, which the tier rule asks for; a tier that this release does not know counts as PLG.
  public let tier: Tier

  /// The flag itself, as the fleet has it.
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
  /// The moment of the transaction that set it, to the microsecond.
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
