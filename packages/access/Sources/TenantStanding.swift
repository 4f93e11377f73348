// Where a client stands with us, as whoever operates the platform sees and sets it.

package import EthicoTypes
package import FoundationEssentials

/// A client's status, with what hangs on it.
package struct TenantStanding: Sendable, Hashable {
  package let tenant: Tenant
  package let createdAt: Date
  /// Everybody's, right now: so many end when the client is closed.
  package let openAccesses: Int
  package let version: Int
}

/// What a client's status becomes, and why.
package struct StatusChange: Sendable, Hashable {
  package let status: TenantStatus
  package let reason: String

  /// What the audit trail calls it.
  package static let action = "tenant.status"
  package static let reasonLeast = 10
  package static let reasonLimit = 500

  package init(_ status: TenantStatus, because reason: String) {
    self.status = status
    self.reason = reason
  }
}

/// Why a client's status was not changed.
package enum StatusRefusal: Error, Sendable, Hashable {
  case already(TenantStatus)
  case badTransition(from: TenantStatus, to: TenantStatus)
  /// Somebody changed the client after this person began.
  case stale
}

extension Tenant {
  /// What the audit trail calls the client.
  package var object: AuditObject { AuditObject("tenant", id) }
}
