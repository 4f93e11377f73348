// What changed: the words that db/migrations/0019_live.sql notifies, and nothing of what it changed to.

package import Access
package import EthicoTypes

/// Something that streams wait for.
package struct LiveKey: Sendable, Hashable {
  let text: String

  /// A sign-in was ended.
  static func session(_ id: ID<StaffSession>) -> LiveKey { LiveKey(text: "session:\(id)") }
  /// A person was locked, unlocked, deactivated or lost a capability.
  static func staff(_ id: ID<Staff>) -> LiveKey { LiveKey(text: "staff:\(id)") }
  /// An access was ended.
  static func access(_ id: ID<Impersonation>) -> LiveKey { LiveKey(text: "access:\(id)") }
  /// Jobs of a client, or the platform's, moved on.
  package static func jobs(of tenant: ID<Tenant>) -> LiveKey { LiveKey(text: "jobs:\(tenant)") }
  /// Nothing was notified; the time has come to look all the same.
  static let beat = LiveKey(text: "beat")
}

/// A context whose right to look can end while its page is open.
package protocol WatchedContext: GuardedContext {
  var signedIn: SignedIn { get }
  /// What is notified when it ends.
  var rights: Set<LiveKey> { get }
}

extension StaffContext: WatchedContext {
  package var rights: Set<LiveKey> { [.session(signedIn.session.id), .staff(staff.id)] }
}

extension WorkspaceContext: WatchedContext {
  package var signedIn: SignedIn { acting.signedIn }
  package var rights: Set<LiveKey> {
    [.session(signedIn.session.id), .staff(acting.staff.id), .access(acting.impersonation.id)]
  }
}
