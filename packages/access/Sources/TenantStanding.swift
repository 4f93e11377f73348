// Where a client stands with us, as whoever operates the platform sees and sets it.

public import EthicoTypes
public import FoundationEssentials

/// A client's status, with what hangs on it.
public struct TenantStanding: Sendable, Hashable {
  public let tenant: Tenant
  public let createdAt: Date
  /// Everybody's, right now: so many end when the client is closed.
  public let openAccesses: Int
  public let version: Int
}

/// What a client's status becomes, and why.
public struct StatusChange: Sendable, Hashable {
  public let status: TenantStatus
  public let reason: String

  /// What the audit trail calls it.
  public static let action = "tenant.status"
  public static let reasonLeast = 10
  public static let reasonLimit = 500

  public init(_ status: TenantStatus, because reason: String) {
    self.status = status
    self.reason = reason
  }
}

/// Why a client's status was not changed.
public enum StatusRefusal: Error, Sendable, Hashable {
  case already(TenantStatus)
  case badTransition(from: TenantStatus, to: TenantStatus)
  /// Somebody changed the client after this person began.
  case stale
}

extension Tenant {
  /// What the audit trail calls the client.
  public var object: AuditObject { AuditObject("tenant", id) }
}
