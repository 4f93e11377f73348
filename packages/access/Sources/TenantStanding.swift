// Where a client stands with us, as whoever operates the platform sees and sets it.

public import EthicoTypes
public import FoundationEssentials

/// A client's status, with what hangs on it.
public struct TenantStanding: Sendable, Hashable {
  /// With its status as it is stored now.
  public let tenant: Tenant
  /// When the client came to us; since then its status holds if nobody has set it.
  public let createdAt: Date
  /// Everybody's, right now: so many end when the client is closed.
  public let openAccesses: Int
  /// Rises with every change of the client's row; a form says which one it saw.
  public let version: Int
}

/// What a client's status becomes, and why.
public struct StatusChange: Sendable, Hashable {
  /// What the client's status becomes: one that may follow the present one.
  public let status: TenantStatus
  /// Why, in `reasonLeast` to `reasonLimit` characters; kept beside the event in the client's chain.
  public let reason: String

  /// What the audit trail calls it.
  public static let action = "tenant.status"
  /// The shortest reason, in characters.
  public static let reasonLeast = 10
  /// The longest reason, in characters.
  public static let reasonLimit = 500

  /// Whether the status may follow is found out where it is set; the length is the form's to check.
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
