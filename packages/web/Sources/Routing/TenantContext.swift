// Where staff work on one client's data as themselves, outside its workspace: with the client's rows and trail, and
// without a subject.

package import Access
import EthicoTypes

/// A context in which one client's rows are read and written, under that client's trail.
package protocol ClientContext: GuardedContext {
  var tenant: Tenant { get }
  /// Whose acts these are, on the client's chain.
  var author: Author { get }
}

extension WorkspaceContext: ClientContext {
  package var tenant: Tenant { acting.tenant }
  package var author: Author { acting.author }
}

/// A person at Ethico at work on one client's data, as themselves: the client is named by its slug in the address.
package struct TenantContext<Need: Requirement>: ClientContext, WatchedContext {
  package static var access: RouteAccess { .staff(Need.capability) }
  package let arrival: Arrival
  package let signedIn: SignedIn
  package let frame: Frame
  package let tenant: Tenant
  package var staff: Staff { signedIn.staff }
  package var author: Author { signedIn.author(facts).on(tenant.id) }
  package var rights: Set<LiveKey> { [.session(signedIn.session.id), .staff(staff.id)] }

  package static func admit(_ arrival: Arrival) async throws -> TenantContext<Need> {
    let staff = try await StaffContext<Need>.admit(arrival)
    guard let tenant = try await arrival.console.ledger.tenant(named: try staff.word("slug")) else {
      throw Refused(problem: .notFound, signedIn: staff.signedIn)
    }
    return TenantContext(arrival: arrival, signedIn: staff.signedIn, frame: staff.frame, tenant: tenant)
  }
}
