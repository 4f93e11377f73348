// The roles under which the program connects, one pool for each level of trust.

/// A login role of the database, for example `console_tenant`.
public struct PoolRole: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }
}
