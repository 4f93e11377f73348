// The one global search: over the names of clients, never over what is in them.

public import EthicoTypes
import FoundationEssentials
public import Postgres

/// What somebody looks for in the directory.
public struct DirectoryQuery: Sendable, Hashable {
  /// As they were typed; empty for every client by name. Of an e-mail address its domain is looked for.
  public var words: String
  /// Any of these; none means all.
  public var statuses: [TenantStatus]
  /// Any of these; none means all.
  public var tiers: [Tier]
  /// Any of these; none means all.
  public var industries: [Industry]
  /// `nil` for every client, whatever it is to the person.
  public var only: Only?
  /// The page follows this client; `nil` for the first page.
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
    /// The raw value of the client's `Match`, which the list is ordered by first.
    public let rank: Int
    /// The client's name as it is folded for the search: the order within a rank.
    public let name: String
    /// The id, as two clients may have one name.
    public let id: ID<Tenant>

    /// Taken from the last client shown, or read from an address.
    public init(rank: Int, name: String, id: ID<Tenant>) {
      self.rank = rank
      self.name = name
      self.id = id
    }
  }

  /// The longest search, in characters.
  public static let wordsLimit = 100

  /// Every client from the first name on, 50 to a page, unless more is said.
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
  /// As it is called, and where it stands with us.
  public let tenant: Tenant
  /// What the client has bought.
  public let tier: Tier
  /// As the client's row says; the list can be narrowed by it.
  public let industry: Industry
  /// The number in the client's row; nobody counts its employees for it.
  public let employeeCount: Int
  /// Better ones come first; `start` for all where nothing was typed.
  public let match: Match
  /// How many tickets of the client are neither resolved nor closed.
  public let openTickets: Int
  /// The person's own open access there, the newest if there are several.
  public let access: ID<Impersonation>?
  /// As it was last counted, which is done every minute.
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

    /// As programs are given it.
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
  /// Best match first, then by name; those that are nearly it by how near they are.
  public let entries: [DirectoryEntry]
  /// Exact up to `countLimit`, then one more.
  public let count: Int
  /// `nil` on the last page.
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
  /// As it is called, and where it stands with us.
  public let tenant: Tenant
  /// What the client has bought.
  public let tier: Tier
  /// As the client's row says; the directory can be narrowed by it.
  public let industry: Industry
  /// The number in the client's row; nobody counts its employees for it.
  public let employeeCount: Int
  /// An IANA time zone, as the card shows it.
  public let timezone: String
  /// A BCP 47 tag: the language that is meant where a record or a file does not say.
  public let defaultLanguage: String
  /// Free text, shown with the ways to reach the client; `nil` where nobody is named.
  public let primaryContact: String?
  /// `nil` where there is none; the search finds it.
  public let contractNumber: String?
  /// Those that have been verified, in lower case, in alphabetical order.
  public let domains: [String]
  /// The numbers of its hotline, as they are written.
  public let lines: [String]
  /// By the person for whom the card was read.
  public let isPinned: Pinned
  /// The newest that are open, at most five.
  public let tickets: [String]
  /// How many are neither resolved nor closed.
  public let openTickets: Int
  /// As it was last counted, which is done every minute.
  public let pulse: TenantPulse

  /// Whether the person who looks has pinned the client.
  public enum Pinned: String, Sendable, Encodable {
    case pinned
    case notPinned = "not_pinned"
  }

  /// Reads a row of the directory, and with it the pin, the tickets and the pulse.
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
