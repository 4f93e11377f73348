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
  /// The client whose workspace it is.
  public var tenant: Tenant { acting.tenant }
  /// The person within the access, with its subject if it has one, on the client's chain.
  public var author: Author { acting.author }
}

/// A person at Ethico at work on one client's data, as themselves: the client is named by its slug in the address.
public struct TenantContext<Need: Requirement>: ClientContext, WatchedContext {
  /// The capability alone: no access is opened.
  public static var access: RouteAccess { .staff(Need.capability) }
  /// The request; one that changes something was sent by a page of this sign-in.
  public let arrival: Arrival
  /// The person, and the sign-in that the cookie of the request belongs to.
  public let signedIn: SignedIn
  /// Without banner and frame: nobody stands in the workspace.
  public let frame: Frame
  /// As the directory has it, whatever its status.
  public let tenant: Tenant
  /// The person, with the capabilities that they have at this moment.
  public var staff: Staff { signedIn.staff }
  /// The person, on the client's chain, without access and subject.
  public var author: Author { signedIn.author(facts).on(tenant.id) }
  /// The sign-in and the person: there is no access that could end.
  public var rights: Set<LiveKey> { [.session(signedIn.session.id), .staff(staff.id)] }

  /// - Throws: as `StaffContext` does, and what becomes 404 for a slug of no client.
  public static func admit(_ arrival: Arrival) async throws -> TenantContext<Need> {
    let staff = try await StaffContext<Need>.admit(arrival)
    guard let tenant = try await arrival.console.ledger.tenant(named: try staff.word("slug")) else {
      throw Refused(problem: .notFound, signedIn: staff.signedIn)
    }
    return TenantContext(arrival: arrival, signedIn: staff.signedIn, frame: staff.frame, tenant: tenant)
  }
}
