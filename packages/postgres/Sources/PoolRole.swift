// The roles under which the program connects, one pool for each level of trust.

/// A login role of the database, for example `console_tenant`.
package struct PoolRole: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }
}
