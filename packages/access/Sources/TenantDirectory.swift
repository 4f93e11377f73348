// The one global search: over the names of clients, never over what is in them.

package import EthicoTypes
import FoundationEssentials
package import Postgres

/// What somebody looks for in the directory.
package struct DirectoryQuery: Sendable, Hashable {
  package var words: String
  package var statuses: [TenantStatus]
  package var tiers: [Tier]
  package var industries: [Industry]
  package var only: Only?
  package var after: Cursor?
  /// How many clients a page holds, 1 to 200.
  package var limit: Int

  /// A narrowing to what concerns the person who looks.
  package enum Only: String, CaseIterable, Sendable {
    case openTicket = "open_ticket"
    case mine
  }

  /// Where the next page begins: the rank, name and id of the last client shown.
  package struct Cursor: Sendable, Hashable {
    package let rank: Int
    package let name: String
    package let id: ID<Tenant>

    package init(rank: Int, name: String, id: ID<Tenant>) {
      self.rank = rank
      self.name = name
      self.id = id
    }
  }

  /// The longest search, in characters.
  package static let wordsLimit = 100

  package init(
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
  package var isFiltered: Bool {
    !statuses.isEmpty || !tiers.isEmpty || !industries.isEmpty || only != nil
  }
}

/// One client as the directory lists it.
package struct DirectoryEntry: Sendable, Hashable {
  package let tenant: Tenant
  package let tier: Tier
  package let industry: Industry
  package let employeeCount: Int
  package let match: Match
  package let openTickets: Int
  /// The person's own open access there, the newest if there are several.
  package let access: ID<Impersonation>?
  package let pulse: TenantPulse
  let nameFolded: String

  /// Why a client is on the list, best first.
  package enum Match: Int, CaseIterable, Sendable {
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

    package var name: String {
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
package struct DirectoryPage: Sendable, Hashable {
  package let entries: [DirectoryEntry]
  /// Exact up to `countLimit`, then one more.
  package let count: Int
  package let next: DirectoryQuery.Cursor?

  /// Those that hold what was typed.
  package var matching: [DirectoryEntry] { entries.filter { $0.match != .near } }

  /// Those whose name is nearly it: they follow on the first page, where few match.
  package var near: [DirectoryEntry] { entries.filter { $0.match == .near } }

  /// Beyond this, a count says "10,000+".
  package static let countLimit = 10_000
}

/// A client as its card shows it.
package struct TenantCard: Sendable, Hashable, RowDecodable {
  package let tenant: Tenant
  package let tier: Tier
  package let industry: Industry
  package let employeeCount: Int
  package let timezone: String
  package let defaultLanguage: String
  package let primaryContact: String?
  package let contractNumber: String?
  package let domains: [String]
  package let lines: [String]
  package let isPinned: Pinned
  /// The newest that are open, at most five.
  package let tickets: [String]
  package let openTickets: Int
  package let pulse: TenantPulse

  /// Whether the person who looks has pinned the client.
  package enum Pinned: String, Sendable, Encodable {
    case pinned
    case notPinned = "not_pinned"
  }

  package init(row: Row) throws {
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
