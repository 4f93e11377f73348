// What a transaction says about itself to the database, there to be read by the RLS policies and the audit triggers.

/// What a transaction begins with. Everything ends with the transaction.
public struct TransactionSettings: Sendable {
  /// How much of what others commit meanwhile a transaction sees.
  public enum Isolation: Hashable, Sendable {
    case readCommitted, repeatableRead
    /// What another transaction sees, as in `repeatableRead`.
    case shared(ExportedSnapshot)
  }

  /// Whether a transaction may write.
  public enum Access: Hashable, Sendable {
    case readWrite, readOnly
  }

  /// The names that policies and triggers read. A transaction sets every one of them, to nothing where it has no value,
  /// so that no value of another transaction can be read in it.
  public static let names = [
    "ops.tenant", "ops.actor", "ops.subject", "ops.impersonation", "ops.request", "ops.session", "ops.event", "ops.at",
  ]

  /// Values by name; a name outside `names` is refused when the transaction begins.
  public var values: [(name: String, value: String)]
  /// What it sees: with `readCommitted` each statement anew, with the others one state from beginning to end.
  public var isolation: Isolation
  /// With `readOnly` the server refuses every write, as in the walk over the chains of the trail.
  public var access: Access
  /// How long a single statement may take; the limit of the pool where it is `nil`.
  public var statementTimeoutMilliseconds: Int?

  /// Without arguments as `none`. Names are not checked here but when the transaction begins.
  public init(
    values: [(name: String, value: String)] = [], isolation: Isolation = .readCommitted, access: Access = .readWrite,
    statementTimeoutMilliseconds: Int? = nil
  ) {
    self.values = values
    self.isolation = isolation
    self.access = access
    self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
  }

  /// Nothing set: an ordinary transaction that may write.
  public static let none = TransactionSettings()
}

extension TransactionSettings {
  /// The statements that begin a transaction, sent in one round trip.
  func beginning() throws(TransactionError) -> [SQL] {
    var unused: [String: String] = [:]
    for (name, value) in values {
      guard Self.names.contains(name) else { throw .unknownSetting(name) }
      guard unused.updateValue(value, forKey: name) == nil else { throw .repeatedSetting(name) }
    }
    var settings: SQL = "SELECT"
    for (index, name) in Self.names.enumerated() {
      let separator = SQL(trusted: index == 0 ? " set_config('\(name)', " : ", set_config('\(name)', ")
      settings = settings + separator + "\(unused[name] ?? ""), true)"
    }
    if let statementTimeoutMilliseconds {
      settings = settings + ", set_config('statement_timeout', \(String(statementTimeoutMilliseconds)), true)"
    }
    guard case .shared(let snapshot) = isolation else { return [begin, settings] }
    return [begin, snapshot.adoption, settings]
  }

  private var begin: SQL {
    switch (isolation, access) {
    case (.readCommitted, .readWrite): "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    case (.readCommitted, .readOnly): "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
    case (.repeatableRead, .readWrite), (.shared, .readWrite): "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"
    case (.repeatableRead, .readOnly), (.shared, .readOnly): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    }
  }

  /// Asks whether the connection is as it was opened: no setting left over, no other role.
  static let cleanliness: SQL = {
    let settings = names.map { "current_setting('\($0)', true)" }.joined(separator: ", ")
    return SQL(trusted: "SELECT concat(\(settings)) = '' AND current_user = session_user")
  }()
}
