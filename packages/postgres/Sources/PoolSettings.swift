// The limits of a pool; every one is a number, as nothing here may be without end.

/// How a pool of connections behaves.
public struct PoolSettings: Sendable {
  /// Who the pool's connections sign in as: one pool for each role.
  public var role: PoolRole
  /// How many connections there are at most. They are opened when they are first needed.
  public var size: Int
  /// How long a statement may run.
  public var statementTimeoutMilliseconds: Int
  /// How long a statement may wait for a lock.
  public var lockTimeoutMilliseconds: Int
  /// How long a transaction may do nothing.
  public var idleInTransactionTimeoutMilliseconds: Int
  /// How long one waits for a connection while all are taken.
  public var waitSeconds: Double

  /// Limits of one pool: 10 s for a statement, 2 s for a lock, 10 s idle and 5 s of waiting unless others are given.
  /// - Precondition: it has one connection at least.
  public init(
    role: PoolRole, size: Int, statementTimeoutMilliseconds: Int = 10_000, lockTimeoutMilliseconds: Int = 2_000,
    idleInTransactionTimeoutMilliseconds: Int = 10_000, waitSeconds: Double = 5
  ) {
    precondition(size > 0, "A pool has at least one connection.")
    self.role = role
    self.size = size
    self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
    self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
    self.idleInTransactionTimeoutMilliseconds = idleInTransactionTimeoutMilliseconds
    self.waitSeconds = waitSeconds
  }
}
