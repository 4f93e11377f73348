// Where staff work on one client's data as themselves, outside its workspace: with the client's rows and trail, and
// without a subject.

public import Access
import EthicoTypes

/// A context in which one client's rows are read and written, under that client's trail.
public protocol ClientContext: GuardedContext {
  var tenant: Tenant { get }
  /// Whose acts these are, on the client's chain.
  var author: Author { get }
}

extension WorkspaceContext: ClientContext {
  public var tenant: Tenant { acting.tenant }
  public var author: Author { acting.author }
}

/// A person at Ethico at work on one client's data, as themselves: the client is named by its slug in the address.
public struct TenantContext<Need: Requirement>: ClientContext, WatchedContext {
  public static var access: RouteAccess { .staff(Need.capability) }
  public let arrival: Arrival
  public let signedIn: SignedIn
  public let frame: Frame
  public let tenant: Tenant
  public var staff: Staff { signedIn.staff }
  public var author: Author { signedIn.author(facts).on(tenant.id) }
  public var rights: Set<LiveKey> { [.session(signedIn.session.id), .staff(staff.id)] }

  public static func admit(_ arrival: Arrival) async throws -> TenantContext<Need> {
    let staff = try await StaffContext<Need>.admit(arrival)
    guard let tenant = try await arrival.console.ledger.tenant(named: try staff.word("slug")) else {
      throw Refused(problem: .notFound, signedIn: staff.signedIn)
    }
    return TenantContext(arrival: arrival, signedIn: staff.signedIn, frame: staff.frame, tenant: tenant)
  }
}
