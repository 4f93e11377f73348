// Why there was no connection to be had.

/// Why a pool gave no connection.
public enum PoolError: Error, Hashable, Sendable {
  /// All connections were taken for as long as one may wait.
  case exhausted(waitedSeconds: Double)
  /// The program is stopping.
  case closed
  /// There is no pool for the role.
  case unknownRole(PoolRole)
}
