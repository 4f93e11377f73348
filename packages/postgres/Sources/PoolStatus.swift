// What a pool looks like from outside, for metrics and the health page.

/// The connections of a pool at one moment.
public struct PoolStatus: Hashable, Sendable {
  /// Connections that are open or being opened.
  public let open: Int
  /// Open connections that nobody uses.
  public let idle: Int
  /// Those who wait for a connection.
  public let waiting: Int
  /// How many connections there may be.
  public let limit: Int
}
