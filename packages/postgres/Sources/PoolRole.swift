// The roles under which the program connects, one pool for each level of trust.

/// A login role of the database, for example `console_tenant`.
public struct PoolRole: RawRepresentable, Hashable, Sendable {
  /// The role's name in PostgreSQL, under which connections sign in and metrics tell pools apart.
  public let rawValue: String

  /// Names a role of the server; whether there is a pool for it is found out when it is asked for a connection.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }
}
