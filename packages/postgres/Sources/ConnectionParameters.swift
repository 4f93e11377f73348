// How a connection is opened: the operator's connection string, and what it may not decide.

/// What a connection is opened with.
package struct ConnectionParameters: Sendable {
  let conninfo: String
  let user: String
  let applicationName: String
  let statementTimeoutMilliseconds: Int
  let lockTimeoutMilliseconds: Int
  let idleInTransactionTimeoutMilliseconds: Int

  /// Parameters without any limit of time, for migrations.
  init(conninfo: String, user: String, applicationName: String) {
    self.conninfo = conninfo
    self.user = user
    self.applicationName = applicationName
    statementTimeoutMilliseconds = 0
    lockTimeoutMilliseconds = 0
    idleInTransactionTimeoutMilliseconds = 0
  }

  /// The parameters of a pool; its role is the user.
  init(conninfo: String, pool: PoolSettings) {
    self.conninfo = conninfo
    user = pool.role.rawValue
    applicationName = pool.role.rawValue
    statementTimeoutMilliseconds = pool.statementTimeoutMilliseconds
    lockTimeoutMilliseconds = pool.lockTimeoutMilliseconds
    idleInTransactionTimeoutMilliseconds = pool.idleInTransactionTimeoutMilliseconds
  }

  /// The keywords of libpq in order. Before `dbname` stand defaults that the connection string may override: how long a
  /// silent network is waited for. Behind it stands what it may not.
  var keywords: [(name: String, value: String)] {
    [
      ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "30"),
      ("keepalives_interval", "10"), ("keepalives_count", "3"),
      ("dbname", conninfo),
      ("user", user), ("application_name", applicationName), ("client_encoding", "UTF8"), ("options", options),
    ]
  }

  private var options: String {
    [
      "-c statement_timeout=\(statementTimeoutMilliseconds)", "-c lock_timeout=\(lockTimeoutMilliseconds)",
      "-c idle_in_transaction_session_timeout=\(idleInTransactionTimeoutMilliseconds)", "-c TimeZone=UTC",
      // No statement here runs for so long that compiling it would pay [PostgreSQL manual, 32.2].
      "-c jit=off",
    ].joined(separator: " ")
  }
}
