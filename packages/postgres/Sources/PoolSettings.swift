// The limits of a pool; every one is a number, as nothing here may be without end.

/// How a pool of connections behaves.
package struct PoolSettings: Sendable {
  package var role: PoolRole
  /// How many connections there are at most. They are opened when they are first needed.
  package var size: Int
  /// How long a statement may run.
  package var statementTimeoutMilliseconds: Int
  /// How long a statement may wait for a lock.
  package var lockTimeoutMilliseconds: Int
  /// How long a transaction may do nothing.
  package var idleInTransactionTimeoutMilliseconds: Int
  /// How long one waits for a connection while all are taken.
  package var waitSeconds: Double

  package init(
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
