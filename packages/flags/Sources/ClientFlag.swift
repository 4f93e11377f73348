// A flag as one client has it: what is set for all, what is set here, and what comes of both.

package import Access
package import EthicoTypes
package import FoundationEssentials

/// A flag as it is set for all clients.
package struct FleetFlag: Sendable, Hashable {
  package let flag: Flag
  package let rule: FlagReading<FlagRule>
  /// 0 where nothing is set.
  package let version: Int
  package let change: FlagChange?

  /// What the audit trail calls it.
  package var object: AuditObject { AuditObject("flag", flag.key) }
}

/// A flag as one client has it.
package struct ClientFlag: Sendable, Hashable {
  package let fleet: FleetFlag
  package let override: FlagReading<FlagValue>
  /// 0 where nothing is set here.
  package let version: Int
  package let change: FlagChange?
  package let tenant: ID<Tenant>
  package let tier: Tier

  package var flag: Flag { fleet.flag }

  /// What holds, and why.
  package var verdict: FlagVerdict {
    flag.evaluate(fleet.rule, override: override, tenant: tenant, tier: tier)
  }

  /// The same without what is set here: what clearing leads to.
  package var inherited: FlagVerdict {
    flag.evaluate(fleet.rule, override: .none, tenant: tenant, tier: tier)
  }
}

/// When something was last set, and by whom.
package struct FlagChange: Sendable, Hashable {
  package let at: Date
  /// As rows name an actor: `staff:<id>`.
  package let by: String
  /// The access in which it was set; none for what holds for all.
  package var access: ID<Impersonation>?
}

/// Why a flag was left as it was.
package enum FlagRefusal: Error, Sendable, Hashable {
  /// Somebody set it after this person began.
  case stale(Flag)
  /// It is as wanted already.
  case already(Flag)
}
