// The steps of an access, or of a client's chain, as people read them: who, as whom, what, with before and after.

package import EthicoTypes
package import FoundationEssentials
import Postgres

/// One event as a step of a timeline.
package struct TrailStep: Sendable, Hashable {
  package let id: ID<AuditEvent>
  package let at: Date
  package let action: String
  package let actor: TrailActor
  package let subject: ID<ClientUser>?
  /// The subject's name, where the reader may see it and the person is still there.
  package let subjectName: String?
  /// The client; `nil` on the platform's chain, and where the reader stands in its workspace.
  package let tenant: TrailTenant?
  package let impersonation: ID<Impersonation>?
  package let object: AuditObject?
  package let outcome: Outcome
  package let status: Int?
  package let method: String?
  package let route: String?
  package let ip: String?
  package let request: String?
  package let session: String?
  package let release: String?
  /// What followed from the act outside its rows.
  package let effects: [Effect]
  /// The words kept beside the event, unless they have been erased.
  package let detail: String?
  /// The event's place on its chain; `nil` until it is sealed.
  package let seq: Int?
  /// How many rows the act changed; `changes` holds the first of them.
  package let changeCount: Int
  package let changes: [RecordedChange]

  /// So many changed rows of one step are read for a page.
  static let shownChanges = 50
}

/// Where something happened: the client of an event's chain.
package struct TrailTenant: Sendable, Hashable, Encodable {
  package let slug: String
  package let name: String
}

/// Who acted, by name where it was a person.
package struct TrailActor: Sendable, Hashable, Encodable {
  package let kind: String
  package let id: String
  package let name: String
}

/// One row that an act changed.
package struct RecordedChange: Sendable, Hashable, Encodable {
  package let table: String
  /// I, U or D: inserted, updated, deleted.
  package let verb: String
  package let key: String
  package let fields: [Field]

  /// One column, before and after, as text; `nil` where there was nothing.
  package struct Field: Sendable, Hashable, Encodable {
    package let name: String
    package let before: String?
    package let after: String?
  }
}

/// What somebody asks of the trail.
package struct TrailQuery: Sendable, Hashable {
  package var scope: Scope
  package var only: Only?
  package var conditions: [TrailCondition]
  /// The time that was asked for; `settled` says which is read.
  package var asked: TrailSpan
  package var after: Cursor?
  package var limit: Int
  /// Acts on other records that belong to the history of one.
  var joined: Joined?
  /// Acts that count among changes, though they changed nothing.
  var told: [String] = []

  package init(
    _ scope: Scope, only: Only? = nil, conditions: [TrailCondition] = [], asked: TrailSpan = TrailSpan(),
    after: Cursor? = nil, limit: Int = 100
  ) {
    self.scope = scope
    self.only = only
    self.conditions = conditions
    self.asked = asked
    self.after = after
    self.limit = limit
  }

  /// Whose steps.
  package enum Scope: Sendable, Hashable {
    case access(ID<Impersonation>)
    case tenant(ID<Tenant>)
    case record(tenant: ID<Tenant>, AuditObject)
    /// All records of a kind, those that are gone among them.
    case records(tenant: ID<Tenant>, RecordKind)
    /// What was written within an hour of that moment for one request.
    case request(tenant: ID<Tenant>, ID<Request>, at: Date)
    /// What administrators did to one of us, and tried to.
    case person(ID<Staff>)
    case everything
  }

  package enum Only: String, CaseIterable, Sendable {
    case changes, reveals, exports, refusals, views

    package var label: String {
      rawValue.capitalizedFirst
    }
  }

  /// Where the next page begins.
  package struct Cursor: Sendable, Hashable {
    package let at: Date
    package let id: ID<AuditEvent>

    package init(at: Date, id: ID<AuditEvent>) {
      self.at = at
      self.id = id
    }
  }

  /// Acts of one kind on something else.
  enum Joined: Sendable, Hashable {
    /// On other records of its type.
    case acts(String, on: [String])
    /// On its client as a whole, of which each names by its effects what it touched; since that is there.
    case sweeps(String, since: Date)
  }

  /// An access is read from its beginning; a long trail from its end.
  var isForward: Bool {
    if case .access = scope { true } else { false }
  }
}

/// A page of a timeline.
package struct TrailPage: Sendable, Hashable {
  package let steps: [TrailStep]
  package let next: TrailQuery.Cursor?
  /// How many steps meet the question, exact up to `countLimit`; `nil` where the trail is not one that is searched.
  package var count: Int?

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// A question that the trail could not answer in the time that the database gives it: it looks at too many events.
package struct TrailTooLong: Error, Sendable, Hashable {}

/// An access as its timeline's head names it.
package struct AccessSummary: Sendable, Hashable {
  package let impersonation: Impersonation
  package let staff: ID<Staff>
  package let staffName: String
  package let reason: EntryReason?
  package let note: String?
}
