// The one global search: over the names of clients, never over what is in them.

public import EthicoTypes
import FoundationEssentials
public import Postgres

/// What somebody looks for in the directory.
public struct DirectoryQuery: Sendable, Hashable {
  public var words: String
  public var statuses: [TenantStatus]
  public var tiers: [Tier]
  public var industries: [Industry]
  public var only: Only?
  public var after: Cursor?
  /// How many clients a page holds, 1 to 200.
  public var limit: Int

  /// A narrowing to what concerns the person who looks.
  public enum Only: String, CaseIterable, Sendable {
    case openTicket = "open_ticket"
    case mine
  }

  /// Where the next page begins: the rank, name and id of the last client shown.
  public struct Cursor: Sendable, Hashable {
    public let rank: Int
    public let name: String
    public let id: ID<Tenant>

    public init(rank: Int, name: String, id: ID<Tenant>) {
      self.rank = rank
      self.name = name
      self.id = id
    }
  }

  /// The longest search, in characters.
  public static let wordsLimit = 100

  public init(
    words: String = "", statuses: [TenantStatus] = [], tiers: [Tier] = [], industries: [Industry] = [],
    only: Only? = nil, after: Cursor? = nil, limit: Int = 50
  ) {
    self.words = words
    self.statuses = statuses
    self.tiers = tiers
    self.industries = industries
    self.only = only
    self.after = after
    self.limit = limit
  }

  /// Whether anything but the words narrows the list.
  public var isFiltered: Bool {
    !statuses.isEmpty || !tiers.isEmpty || !industries.isEmpty || only != nil
  }
}

/// One client as the directory lists it.
public struct DirectoryEntry: Sendable, Hashable {
  public let tenant: Tenant
  public let tier: Tier
  public let industry: Industry
  public let employeeCount: Int
  public let match: Match
  public let openTickets: Int
  /// The person's own open access there, the newest if there are several.
  public let access: ID<Impersonation>?
  public let pulse: TenantPulse
  let nameFolded: String

  /// Why a client is on the list, best first.
  public enum Match: Int, CaseIterable, Sendable {
    /// Slug, domain or id is exactly what was typed.
    case exact
    /// The name begins with it.
    case start
    /// A word of the name begins with it.
    case word
    /// It occurs somewhere in what the directory knows.
    case within
    /// The name is nearly it.
    case near

    public var name: String {
      switch self {
      case .exact: "exact"
      case .start: "start"
      case .word: "word"
      case .within: "within"
      case .near: "near"
      }
    }
  }
}

/// A page of the directory.
public struct DirectoryPage: Sendable, Hashable {
  public let entries: [DirectoryEntry]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  public let next: DirectoryQuery.Cursor?

  /// Those that hold what was typed.
  public var matching: [DirectoryEntry] { entries.filter { $0.match != .near } }

  /// Those whose name is nearly it: they follow on the first page, where few match.
  public var near: [DirectoryEntry] { entries.filter { $0.match == .near } }

  /// Beyond this, a count says "10,000+".
  public static let countLimit = 10_000
}

/// A client as its card shows it.
public struct TenantCard: Sendable, Hashable, RowDecodable {
  public let tenant: Tenant
  public let tier: Tier
  public let industry: Industry
  public let employeeCount: Int
  public let timezone: String
  public let defaultLanguage: String
  public let primaryContact: String?
  public let contractNumber: String?
  public let domains: [String]
  public let lines: [String]
  public let isPinned: Pinned
  /// The newest that are open, at most five.
  public let tickets: [String]
  public let openTickets: Int
  public let pulse: TenantPulse

  /// Whether the person who looks has pinned the client.
  public enum Pinned: String, Sendable, Encodable {
    case pinned
    case notPinned = "not_pinned"
  }

  public init(row: Row) throws {
    tenant = Tenant(id: try row["tenant_id"], slug: try row["slug"], name: try row["name"], status: try row["status"])
    tier = try row["tier"]
    industry = try row["industry"]
    employeeCount = try row["employee_count"]
    timezone = try row["timezone"]
    defaultLanguage = try row["default_language"]
    primaryContact = try row["primary_contact"]
    contractNumber = try row["contract_number"]
    domains = try row["domains"]
    lines = try row["lines"]
    let pinned: Bool = try row["is_pinned"]
    isPinned = pinned ? .pinned : .notPinned
    tickets = try row["tickets"]
    openTickets = try row["open_tickets"]
    pulse = try TenantPulse(row: row)
  }
}
