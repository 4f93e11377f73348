// The steps of an access, or of a client's chain, as people read them: who, as whom, what, with before and after.

public import EthicoTypes
public import FoundationEssentials
import Postgres

/// One event as a step of a timeline.
public struct TrailStep: Sendable, Hashable {
  public let id: ID<AuditEvent>
  public let at: Date
  public let action: String
  public let actor: TrailActor
  public let subject: ID<ClientUser>?
  /// The subject's name, where the reader may see it and the person is still there.
  public let subjectName: String?
  /// The client; `nil` on the platform's chain, and where the reader stands in its workspace.
  public let tenant: TrailTenant?
  public let impersonation: ID<Impersonation>?
  public let object: AuditObject?
  public let outcome: Outcome
  public let status: Int?
  public let method: String?
  public let route: String?
  public let ip: String?
  public let request: String?
  public let session: String?
  public let release: String?
  /// What followed from the act outside its rows.
  public let effects: [Effect]
  /// The words kept beside the event, unless they have been erased.
  public let detail: String?
  /// The event's place on its chain; `nil` until it is sealed.
  public let seq: Int?
  /// How many rows the act changed; `changes` holds the first of them.
  public let changeCount: Int
  public let changes: [RecordedChange]

  /// So many changed rows of one step are read for a page.
  static let shownChanges = 50
}

/// Where something happened: the client of an event's chain.
public struct TrailTenant: Sendable, Hashable, Encodable {
  public let slug: String
  public let name: String
}

/// Who acted, by name where it was a person.
public struct TrailActor: Sendable, Hashable, Encodable {
  public let kind: String
  public let id: String
  public let name: String
}

/// One row that an act changed.
public struct RecordedChange: Sendable, Hashable, Encodable {
  public let table: String
  /// I, U or D: inserted, updated, deleted.
  public let verb: String
  public let key: String
  public let fields: [Field]

  /// One column, before and after, as text; `nil` where there was nothing.
  public struct Field: Sendable, Hashable, Encodable {
    public let name: String
    public let before: String?
    public let after: String?
  }
}

/// What somebody asks of the trail.
public struct TrailQuery: Sendable, Hashable {
  public var scope: Scope
  public var only: Only?
  public var conditions: [TrailCondition]
  /// The time that was asked for; `settled` says which is read.
  public var asked: TrailSpan
  public var after: Cursor?
  public var limit: Int
  /// Acts on other records that belong to the history of one.
  var joined: Joined?
  /// Acts that count among changes, though they changed nothing.
  var told: [String] = []

  public init(
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
  public enum Scope: Sendable, Hashable {
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

  public enum Only: String, CaseIterable, Sendable {
    case changes, reveals, exports, refusals, views

    public var label: String {
      rawValue.capitalizedFirst
    }
  }

  /// Where the next page begins.
  public struct Cursor: Sendable, Hashable {
    public let at: Date
    public let id: ID<AuditEvent>

    public init(at: Date, id: ID<AuditEvent>) {
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
public struct TrailPage: Sendable, Hashable {
  public let steps: [TrailStep]
  public let next: TrailQuery.Cursor?
  /// How many steps meet the question, exact up to `countLimit`; `nil` where the trail is not one that is searched.
  public var count: Int?

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// A question that the trail could not answer in the time that the database gives it: it looks at too many events.
public struct TrailTooLong: Error, Sendable, Hashable {}

/// An access as its timeline's head names it.
public struct AccessSummary: Sendable, Hashable {
  public let impersonation: Impersonation
  public let staff: ID<Staff>
  public let staffName: String
  public let reason: EntryReason?
  public let note: String?
}
