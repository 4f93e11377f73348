// The people of Ethico.

public import EthicoTypes
public import FoundationEssentials

/// A person at Ethico, with what they may do right now.
public struct Staff: Sendable, Hashable {
  public let id: ID<Staff>
  public let email: String
  public let name: String
  /// An IANA time zone; times are shown in it.
  public let timezone: String
  public let capabilities: Set<Capability>
  /// Whether one-letter keys are on [WCAG 2.1.4].
  public let singleKeys: SingleKeys

  /// Whether one-letter keys do something on this person's pages.
  public enum SingleKeys: String, Sendable, Codable {
    case on, off
  }

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
  public let id: ID<StaffSession>
  public let startedAt: Date
  public let lastSeenAt: Date

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
  public let staff: Staff
  public let session: StaffSession

  public init(staff: Staff, session: StaffSession) {
    self.staff = staff
    self.session = session
  }

  /// The author of what this person does in a request outside any client's workspace.
  public func author(_ request: RequestFacts) -> Author {
    Author(.staff(staff.id), session: session.id, request: request)
  }
}
