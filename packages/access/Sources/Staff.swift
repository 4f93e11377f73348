// The people of Ethico.

package import EthicoTypes
package import FoundationEssentials

/// A person at Ethico, with what they may do right now.
package struct Staff: Sendable, Hashable {
  package let id: ID<Staff>
  package let email: String
  package let name: String
  /// An IANA time zone; times are shown in it.
  package let timezone: String
  package let capabilities: Set<Capability>
  /// Whether one-letter keys are on [WCAG 2.1.4].
  package let singleKeys: SingleKeys

  /// Whether one-letter keys do something on this person's pages.
  package enum SingleKeys: String, Sendable, Codable {
    case on, off
  }

  package init(
    id: ID<Staff>, email: String, name: String, timezone: String, capabilities: Set<Capability>, singleKeys: SingleKeys
  ) {
    self.id = id
    self.email = email
    self.name = name
    self.timezone = timezone
    self.capabilities = capabilities
    self.singleKeys = singleKeys
  }

  package func may(_ capability: Capability) -> Bool {
    capabilities.contains(capability)
  }

  /// Up to two initials, for the corner of the page.
  package var initials: String {
    name.split(separator: " ").compactMap(\.first).prefix(2).map { $0.uppercased() }.joined()
  }
}

/// One sign-in of one person in one browser.
package struct StaffSession: Sendable, Hashable {
  package let id: ID<StaffSession>
  package let startedAt: Date
  package let lastSeenAt: Date

  package init(id: ID<StaffSession>, startedAt: Date, lastSeenAt: Date) {
    self.id = id
    self.startedAt = startedAt
    self.lastSeenAt = lastSeenAt
  }

  /// A sign-in ends 30 minutes after the person's last own request [ASVS 5.0 7.3.1] …
  package static let idleSeconds: TimeInterval = 30 * 60
  /// … and 12 hours after the person showed who they are.
  package static let longestSeconds: TimeInterval = 12 * 60 * 60
  /// So many at a time; a further one ends the oldest.
  package static let limit = 5
}

/// A person who is signed in: what a request with a valid cookie resolves to.
package struct SignedIn: Sendable, Hashable {
  package let staff: Staff
  package let session: StaffSession

  package init(staff: Staff, session: StaffSession) {
    self.staff = staff
    self.session = session
  }

  /// The author of what this person does in a request outside any client's workspace.
  package func author(_ request: RequestFacts) -> Author {
    Author(.staff(staff.id), session: session.id, request: request)
  }
}
