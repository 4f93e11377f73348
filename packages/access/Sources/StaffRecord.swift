// The people of Ethico as an administrator sees them: where each stands, what they may do and why, where they are.

public import EthicoTypes
public import FoundationEssentials

/// A staff person with what stands behind them.
public struct StaffRecord: Sendable, Hashable {
  /// Names the person in addresses and in the trail.
  public let id: ID<Staff>
  /// In lower case, and nobody else's.
  public let email: String
  /// 1 to 200 characters; lists are in its order.
  public let name: String
  /// An IANA time zone.
  public let timezone: String
  /// Where they stand; who never signed in is invited still.
  public let state: StaffState
  /// `nil` for who is not locked out.
  public let lock: Lock?
  /// Their manager; `nil` where nobody was named.
  public let reportsTo: Named?
  /// When they were brought in, by an invitation or by the command line.
  public let invitedAt: Date
  /// When the newest of their sign-ins began; `nil` for who never signed in.
  public let lastSignInAt: Date?
  /// What they may do right now; the raw text, so that a capability of another release shows.
  public let capabilities: [String]
  /// The presets that these came with.
  public let presets: [String]
  /// How many accesses of theirs nobody has ended; while they are locked these wait.
  public let openAccesses: Int
  /// How many of their sign-ins last.
  public let openSignIns: Int
  /// Rises when they are locked, unlocked, deactivated or brought back; a form says which one it saw.
  public let version: Int

  /// Why a person cannot sign in for now.
  public struct Lock: Sendable, Hashable {
    /// Since when.
    public let at: Date
    /// As the administrator wrote it, 10 to 500 characters.
    public let reason: String
    /// The name of who locked.
    public let by: String
  }

  /// A person by name.
  public struct Named: Sendable, Hashable {
    /// Leads to the person's page.
    public let id: ID<Staff>
    /// What the person is called now.
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
  /// Any of these; none means all.
  public var states: [StaffState]
  /// Only who may do that.
  public var capability: String?
  /// The page follows this person; `nil` for the first page.
  public var after: Cursor?
  /// How many people a page holds, 1 to 200.
  public var limit: Int

  /// Where the next page begins: the name of the last person shown, and their id.
  public struct Cursor: Sendable, Hashable {
    /// The name, which the list is ordered by.
    public let name: String
    /// The id, as two people may have one name.
    public let id: ID<Staff>

    /// Taken from the last person shown, or read from an address.
    public init(name: String, id: ID<Staff>) {
      self.name = name
      self.id = id
    }
  }

  /// Everybody from the first name on, 50 to a page, unless more is said.
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
  /// At most as many as were asked for.
  public let people: [StaffRecord]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  /// `nil` on the last page.
  public let next: StaffFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// One capability given to one person: by whom, when, why, and until when.
public struct StaffGrant: Sendable, Hashable {
  /// By which it can be taken alone.
  public let id: ID<StaffGrant>
  /// The raw text, so that a capability of another release shows.
  public let capability: String
  /// The preset that it came with; `nil` for a capability that was given alone.
  public let preset: String?
  /// The moment of the act; it counts from the next request on.
  public let grantedAt: Date
  /// Who granted, by name.
  public let grantedBy: String
  /// Why it was given, 3 to 500 characters.
  public let rationale: String
  /// From this moment on it no longer counts; `nil` for no end.
  public let until: Date?
  /// `nil` while nobody has taken it, even when its time is over.
  public let ending: Ending?

  /// How a grant ended before its time.
  public struct Ending: Sendable, Hashable {
    /// When it was taken, or gave way to a longer one.
    public let at: Date
    /// The name of who took it, or of the part of the program.
    public let by: String
  }

  /// Whether the grant counts at that moment.
  public func counts(at moment: Date) -> Bool {
    ending == nil && until.map { $0 > moment } ?? true
  }
}

/// A person's sign-in in one browser, as a list shows it.
public struct SignInRecord: Sendable, Hashable {
  /// By which it can be ended alone.
  public let id: ID<StaffSession>
  /// How the person showed who they are: `demo` or `oidc`.
  public let method: String
  /// When the person showed who they are.
  public let startedAt: Date
  /// The last request of the person's own, noted at most every five seconds.
  public let lastSeenAt: Date
  /// The address that it began from, after trusted proxies; `-` where that is not known.
  public let ip: String
  /// What the browser calls itself.
  public let agent: String
}

/// Everything that a staff person's page shows.
public struct StaffFile: Sendable, Hashable {
  /// The person as the list has them.
  public let person: StaffRecord
  /// The grants that have not been taken, those past their time too.
  public let grants: [StaffGrant]
  /// The last grants that were taken.
  public let taken: [StaffGrant]
  /// Those that last, newest first, 50 at most.
  public let signIns: [SignInRecord]
  /// The open ones, newest first, 50 at most.
  public let accesses: [Impersonation]
}

/// A named set of capabilities. It is only what is granted together: who holds what stands in grants.
public struct CapabilityPreset: Sendable, Hashable {
  /// As the database has it, `support_l2`; pages show it as words.
  public let name: String
  /// What is granted with it, in alphabetical order; the raw text, so that one of another release shows.
  public let capabilities: [String]
  /// How many people hold something that came with it.
  public let holders: Int
}
