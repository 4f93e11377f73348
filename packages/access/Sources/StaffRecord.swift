// The people of Ethico as an administrator sees them: where each stands, what they may do and why, where they are.

package import EthicoTypes
package import FoundationEssentials

/// A staff person with what stands behind them.
package struct StaffRecord: Sendable, Hashable {
  package let id: ID<Staff>
  package let email: String
  package let name: String
  /// An IANA time zone.
  package let timezone: String
  package let state: StaffState
  package let lock: Lock?
  package let reportsTo: Named?
  package let invitedAt: Date
  package let lastSignInAt: Date?
  /// What they may do right now; the raw text, so that a capability of another release shows.
  package let capabilities: [String]
  /// The presets that these came with.
  package let presets: [String]
  package let openAccesses: Int
  package let openSignIns: Int
  package let version: Int

  /// Why a person cannot sign in for now.
  package struct Lock: Sendable, Hashable {
    package let at: Date
    package let reason: String
    /// The name of who locked.
    package let by: String
  }

  /// A person by name.
  package struct Named: Sendable, Hashable {
    package let id: ID<Staff>
    package let name: String
  }

  /// What the audit trail calls the person.
  package static func object(_ id: ID<Staff>) -> AuditObject {
    AuditObject("staff", id)
  }
}

/// What somebody wants to see of the staff.
package struct StaffFilter: Sendable, Hashable {
  /// Looked for in name and e-mail address.
  package var words: String
  package var states: [StaffState]
  /// Only who may do that.
  package var capability: String?
  package var after: Cursor?
  /// How many people a page holds, 1 to 200.
  package var limit: Int

  /// Where the next page begins: the name of the last person shown, and their id.
  package struct Cursor: Sendable, Hashable {
    package let name: String
    package let id: ID<Staff>

    package init(name: String, id: ID<Staff>) {
      self.name = name
      self.id = id
    }
  }

  package init(
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
package struct StaffPage: Sendable, Hashable {
  package let people: [StaffRecord]
  /// Exact up to `countLimit`, then one more.
  package let count: Int
  package let next: StaffFilter.Cursor?

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// One capability given to one person: by whom, when, why, and until when.
package struct StaffGrant: Sendable, Hashable {
  package let id: ID<StaffGrant>
  /// The raw text, so that a capability of another release shows.
  package let capability: String
  package let preset: String?
  package let grantedAt: Date
  /// Who granted, by name.
  package let grantedBy: String
  package let rationale: String
  package let until: Date?
  package let ending: Ending?

  /// How a grant ended before its time.
  package struct Ending: Sendable, Hashable {
    package let at: Date
    package let by: String
  }

  /// Whether the grant counts at that moment.
  package func counts(at moment: Date) -> Bool {
    ending == nil && until.map { $0 > moment } ?? true
  }
}

/// A person's sign-in in one browser, as a list shows it.
package struct SignInRecord: Sendable, Hashable {
  package let id: ID<StaffSession>
  /// How the person showed who they are: `demo` or `oidc`.
  package let method: String
  package let startedAt: Date
  package let lastSeenAt: Date
  package let ip: String
  /// What the browser calls itself.
  package let agent: String
}

/// Everything that a staff person's page shows.
package struct StaffFile: Sendable, Hashable {
  package let person: StaffRecord
  /// The grants that have not been taken, those past their time too.
  package let grants: [StaffGrant]
  /// The last grants that were taken.
  package let taken: [StaffGrant]
  package let signIns: [SignInRecord]
  package let accesses: [Impersonation]
}

/// A named set of capabilities. It is only what is granted together: who holds what stands in grants.
package struct CapabilityPreset: Sendable, Hashable {
  package let name: String
  package let capabilities: [String]
  /// How many people hold something that came with it.
  package let holders: Int
}
