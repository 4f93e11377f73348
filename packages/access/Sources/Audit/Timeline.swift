// The steps of an access, or of a client's chain, as people read them: who, as whom, what, with before and after.

public import EthicoTypes
public import FoundationEssentials
import Postgres

/// One event as a step of a timeline.
public struct TrailStep: Sendable, Hashable {
  /// Announced to the database before the act wrote anything.
  public let id: ID<AuditEvent>
  /// The moment of the event's transaction, to the microsecond.
  public let at: Date
  /// `<table word>.<act>` or `view.<route name>`, as `AuditedTransaction.record` takes it.
  public let action: String
  /// Who acted, whatever the subject.
  public let actor: TrailActor
  /// The client user as whom it was done; `nil` where nobody was acted as.
  public let subject: ID<ClientUser>?
  /// The subject's name, where the reader may see it and the person is still there.
  public let subjectName: String?
  /// The client; `nil` on the platform's chain, and where the reader stands in its workspace.
  public let tenant: TrailTenant?
  /// The access that it was done under, or that it ended; `nil` outside a client's workspace.
  public let impersonation: ID<Impersonation>?
  /// What was acted upon; `nil` where that is nothing in particular, as for a look at a list.
  public let object: AuditObject?
  /// How it ended; whatever is not `ok` counts among the refusals.
  public let outcome: Outcome
  /// The HTTP status of the answer, 200 where nothing else was said; `nil` where the body cannot be read.
  public let status: Int?
  /// The HTTP method, `CLI` for a command, `JOB` for a job.
  public let method: String?
  /// The name of the route or the command, as `case.assign`; never a path.
  public let route: String?
  /// The peer's address after trusted proxies; `nil` for commands and jobs.
  public let ip: String?
  /// The id of the request, the command or the job; several steps may share it.
  public let request: String?
  /// The id of the sign-in; `nil` for the program and for whoever was not signed in.
  public let session: String?
  /// The release of the program that wrote the event.
  public let release: String?
  /// What followed from the act outside its rows.
  public let effects: [Effect]
  /// The words kept beside the event, unless they have been erased.
  public let detail: String?
  /// The event's place on its chain; `nil` until it is sealed.
  public let seq: Int?
  /// How many rows the act changed; `changes` holds the first of them.
  public let changeCount: Int
  /// In the order in which they were made, 50 at most, without those that have been erased.
  public let changes: [RecordedChange]

  /// So many changed rows of one step are read for a page.
  static let shownChanges = 50
}

/// Where something happened: the client of an event's chain.
public struct TrailTenant: Sendable, Hashable, Encodable {
  /// As addresses name the client now.
  public let slug: String
  /// As the directory has it now.
  public let name: String
}

/// Who acted, by name where it was a person.
public struct TrailActor: Sendable, Hashable, Encodable {
  /// `staff`, `system` or `anonymous`.
  public let kind: String
  /// A person's UUID, the name of a part of the program, or `-` for somebody who was not signed in.
  public let id: String
  /// The person or the part of the program; `Ethico Support` where the reader may not know which person.
  public let name: String
}

/// One row that an act changed.
public struct RecordedChange: Sendable, Hashable, Encodable {
  /// The table of the row, without its schema.
  public let table: String
  /// I, U or D: inserted, updated, deleted.
  public let verb: String
  /// The values of its key columns in the order of their names, a space between them; without `tenant_id`.
  public let key: String
  /// The columns that became different, by name, without those that repeat what the event says.
  public let fields: [Field]

  /// One column, before and after, as text; `nil` where there was nothing.
  public struct Field: Sendable, Hashable, Encodable {
    /// As the database calls the column.
    public let name: String
    /// `nil` where the row is new, or the column was NULL.
    public let before: String?
    /// `nil` where the row is gone, or the column has become NULL.
    public let after: String?
  }
}

/// What somebody asks of the trail.
public struct TrailQuery: Sendable, Hashable {
  /// Whose steps are read: those of an access from its beginning, all others from the end.
  public var scope: Scope
  /// `nil` for steps of every kind.
  public var only: Only?
  /// All of them have to hold.
  public var conditions: [TrailCondition]
  /// The time that was asked for; `settled` says which is read.
  public var asked: TrailSpan
  /// The page follows this step; `nil` for the first page.
  public var after: Cursor?
  /// How many steps a page holds; an address may ask for 1 to 200.
  public var limit: Int
  /// Acts on other records that belong to the history of one.
  var joined: Joined?
  /// Acts that count among changes, though they changed nothing.
  var told: [String] = []

  /// The first page of a scope, narrowed by nothing unless something is said.
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

  /// A kind of steps, as the tabs of a trail offer it.
  public enum Only: String, CaseIterable, Sendable {
    case changes, reveals, exports, refusals, views

    /// The word of its tab, as `Changes`.
    public var label: String {
      rawValue.capitalizedFirst
    }
  }

  /// Where the next page begins.
  public struct Cursor: Sendable, Hashable {
    /// The moment of the last step shown.
    public let at: Date
    /// The id of that step, as several may be of one moment.
    public let id: ID<AuditEvent>

    /// Taken from the last step shown, or read from an address.
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
  /// From the first one for an access, else newest first.
  public let steps: [TrailStep]
  /// `nil` on the last page.
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
  /// With its client, as whom, by which ticket, and how it ended.
  public let impersonation: Impersonation
  /// Whose access it is. They see its timeline with `support.act`, everybody else with `audit.read`.
  public let staff: ID<Staff>
  /// What the person is called now.
  public let staffName: String
  /// `nil` where none was chosen on entering.
  public let reason: EntryReason?
  /// The words that were written on entering, at most `Entry.noteLimit` characters; `nil` for none.
  public let note: String?
}
