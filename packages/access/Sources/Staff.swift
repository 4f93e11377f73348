// The people of Ethico.

public import EthicoTypes
public import FoundationEssentials

/// A person at Ethico, with what they may do right now.
public struct Staff: Sendable, Hashable {
  /// Names the person in grants, sign-ins, accesses and events.
  public let id: ID<Staff>
  /// In lower case, and nobody else's.
  public let email: String
  /// 1 to 200 characters, as pages and the trail show it.
  public let name: String
  /// An IANA time zone; times are shown in it.
  public let timezone: String
  /// Those that count now, `tenant.read` always among them; what only another release knows is left out.
  public let capabilities: Set<Capability>
  /// Whether one-letter keys are on [WCAG 2.1.4].
  public let singleKeys: SingleKeys

  /// Whether one-letter keys do something on this person's pages.
  public enum SingleKeys: String, Sendable, Codable {
    case on, off
  }

  /// Takes everything as it is; who reads a person adds `tenant.read`.
  public init(
    id: ID<Staff>, email: String, name: String, timezone: String, capabilities: Set<Capability>, singleKeys: SingleKeys
  ) {
    self.id = id
    self.email = email
    self.name = name
    self.timezone = timezone
    self.capabilities = capabilities
    self.singleKeys = singleKeys
  }

  /// Whether the person may do that, by what counted when they were read: at the beginning of a request.
  public func may(_ capability: Capability) -> Bool {
    capabilities.contains(capability)
  }

  /// Up to two initials, for the corner of the page.
  public var initials: String {
    name.split(separator: " ").compactMap(\.first).prefix(2).map { $0.uppercased() }.joined()
  }
}

/// One sign-in of one person in one browser.
public struct StaffSession: Sendable, Hashable {
  /// Names the sign-in in events; the secret in the cookie is another, `SessionToken`.
  public let id: ID<StaffSession>
  /// When the person showed who they are.
  public let startedAt: Date
  /// The last request of the person's own, noted at most every five seconds; an open page makes none.
  public let lastSeenAt: Date

  /// A sign-in as its row has it; whether it still lasts is not looked at.
  public init(id: ID<StaffSession>, startedAt: Date, lastSeenAt: Date) {
    self.id = id
    self.startedAt = startedAt
    self.lastSeenAt = lastSeenAt
  }

  /// A sign-in ends 30 minutes after the person's last own request [ASVS 5.0 7.3.1] …
  public static let idleSeconds: TimeInterval = 30 * 60
  /// … and 12 hours after the person showed who they are.
  public static let longestSeconds: TimeInterval = 12 * 60 * 60
  /// So many at a time; a further one ends the oldest.
  public static let limit = 5
}

/// A person who is signed in: what a request with a valid cookie resolves to.
public struct SignedIn: Sendable, Hashable {
  /// Read anew for each request, so that what was granted or taken counts at once.
  public let staff: Staff
  /// The sign-in that the cookie belongs to.
  public let session: StaffSession

  /// Puts the two together; who is signed in, `Ledger.signIn` finds out.
  public init(staff: Staff, session: StaffSession) {
    self.staff = staff
    self.session = session
  }

  /// The author of what this person does in a request outside any client's workspace.
  public func author(_ request: RequestFacts) -> Author {
    Author(.staff(staff.id), session: session.id, request: request)
  }
}
