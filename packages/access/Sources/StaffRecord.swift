// The people of Ethico as an administrator sees them: where each stands, what they may do and why, where they are.

public import EthicoTypes
public import FoundationEssentials

/// A staff person with what stands behind them.
public struct StaffRecord: Sendable, Hashable {
  public let id: ID<Staff>
  public let email: String
  public let name: String
  /// An IANA time zone.
  public let timezone: String
  public let state: StaffState
  public let lock: Lock?
  public let reportsTo: Named?
  public let invitedAt: Date
  public let lastSignInAt: Date?
  /// What they may do right now; the raw text, so that a capability of another release shows.
  public let capabilities: [String]
  /// The presets that these came with.
  public let presets: [String]
  public let openAccesses: Int
  public let openSignIns: Int
  public let version: Int

  /// Why a person cannot sign in for now.
  public struct Lock: Sendable, Hashable {
    public let at: Date
    public let reason: String
    /// The name of who locked.
    public let by: String
  }

  /// A person by name.
  public struct Named: Sendable, Hashable {
    public let id: ID<Staff>
    public let name: String
  }

  /// What the audit trail calls the person.
  public static func object(_ id: ID<Staff>) -> AuditObject {
    AuditObject("staff", id)
  }
}

/// What somebody wants to see of the staff.
public struct StaffFilter: Sendable, Hashable {
  /// Looked for in name and e-mail address.
  public var words: String
  public var states: [StaffState]
  /// Only who may do that.
  public var capability: String?
  public var after: Cursor?
  /// How many people a page holds, 1 to 200.
  public var limit: Int

  /// Where the next page begins: the name of the last person shown, and their id.
  public struct Cursor: Sendable, Hashable {
    public let name: String
    public let id: ID<Staff>

    public init(name: String, id: ID<Staff>) {
      self.name = name
      self.id = id
    }
  }

  public init(
    words: String = "", states: [StaffState] = [], capability: String? = nil, after: Cursor? = nil, limit: Int = 50
  ) {
    self.words = words
    self.states = states
    self.capability = capability
    self.after = after
    self.limit = limit
  }
}

/// A page of the staff, by name.
public struct StaffPage: Sendable, Hashable {
  public let people: [StaffRecord]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  public let next: StaffFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// One capability given to one person: by whom, when, why, and until when.
public struct StaffGrant: Sendable, Hashable {
  public let id: ID<StaffGrant>
  /// The raw text, so that a capability of another release shows.
  public let capability: String
  public let preset: String?
  public let grantedAt: Date
  /// Who granted, by name.
  public let grantedBy: String
  public let rationale: String
  public let until: Date?
  public let ending: Ending?

  /// How a grant ended before its time.
  public struct Ending: Sendable, Hashable {
    public let at: Date
    public let by: String
  }

  /// Whether the grant counts at that moment.
  public func counts(at moment: Date) -> Bool {
    ending == nil && until.map { $0 > moment } ?? true
  }
}

/// A person's sign-in in one browser, as a list shows it.
public struct SignInRecord: Sendable, Hashable {
  public let id: ID<StaffSession>
  /// How the person showed who they are: `demo` or `oidc`.
  public let method: String
  public let startedAt: Date
  public let lastSeenAt: Date
  public let ip: String
  /// What the browser calls itself.
  public let agent: String
}

/// Everything that a staff person's page shows.
public struct StaffFile: Sendable, Hashable {
  public let person: StaffRecord
  /// The grants that have not been taken, those past their time too.
  public let grants: [StaffGrant]
  /// The last grants that were taken.
  public let taken: [StaffGrant]
  public let signIns: [SignInRecord]
  public let accesses: [Impersonation]
}

/// A named set of capabilities. It is only what is granted together: who holds what stands in grants.
public struct CapabilityPreset: Sendable, Hashable {
  public let name: String
  public let capabilities: [String]
  /// How many people hold something that came with it.
  public let holders: Int
}
