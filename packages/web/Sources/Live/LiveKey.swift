// What changed: the words that db/migrations/0019_live.sql notifies, and nothing of what it changed to.

public import Access
public import EthicoTypes

/// Something that streams wait for.
public struct LiveKey: Sendable, Hashable {
  let text: String

  /// A sign-in was ended.
  static func session(_ id: ID<StaffSession>) -> LiveKey { LiveKey(text: "session:\(id)") }
  /// A person was locked, unlocked, deactivated or lost a capability.
  static func staff(_ id: ID<Staff>) -> LiveKey { LiveKey(text: "staff:\(id)") }
  /// An access was ended.
  static func access(_ id: ID<Impersonation>) -> LiveKey { LiveKey(text: "access:\(id)") }
  /// Jobs of a client, or the platform's, moved on.
  public static func jobs(of tenant: ID<Tenant>) -> LiveKey { LiveKey(text: "jobs:\(tenant)") }
  /// Nothing was notified; the time has come to look all the same.
  static let beat = LiveKey(text: "beat")
}

/// A context whose right to look can end while its page is open.
public protocol WatchedContext: GuardedContext {
  var signedIn: SignedIn { get }
  /// What is notified when it ends.
  var rights: Set<LiveKey> { get }
}

extension StaffContext: WatchedContext {
  /// The sign-in and the person: what is notified of either has the right proven anew.
  public var rights: Set<LiveKey> { [.session(signedIn.session.id), .staff(staff.id)] }
}

extension WorkspaceContext: WatchedContext {
  /// Who stands in the workspace.
  public var signedIn: SignedIn { acting.signedIn }
  /// The sign-in, the person and the access: what is notified of one has the right proven anew.
  public var rights: Set<LiveKey> {
    [.session(signedIn.session.id), .staff(acting.staff.id), .access(acting.impersonation.id)]
  }
}
