// What a pool looks like from outside, for metrics and the health page.

/// The connections of a pool at one moment.
package struct PoolStatus: Hashable, Sendable {
  /// Connections that are open or being opened.
  package let open: Int
  /// Open connections that nobody uses.
  package let idle: Int
  /// Those who wait for a connection.
  package let waiting: Int
  /// How many connections there may be.
  package let limit: Int
}
