// The only door to the database for what people do: each transaction carries its author, and nothing it writes can
// commit without the event that says so.

public import EthicoTypes
public import FoundationEssentials
public import Postgres

extension PoolRole {
  /// Everything inside the one client of the transaction.
  public static let tenant = PoolRole(rawValue: "console_tenant")
  /// Ops-owned tables and the listed cross-tenant screens.
  public static let fleet = PoolRole(rawValue: "console_fleet")
  /// Refusals, verification, auditors' pages.
  public static let audit = PoolRole(rawValue: "console_audit")
}

/// The database with its audit trail.
public struct Ledger: Sendable {
  /// A pool for each role; what is read without an event goes through it directly.
  public let database: Database
  /// Says the moment of each transaction, which its rows and its event bear.
  public let timepiece: Timepiece
  /// Makes the ids of events and of whatever a transaction adds.
  public let ids: IDSource
  /// The program's release, repeated on every event.
  public let release: String
  /// Seals clients' files; without it none is taken in.
  public let vault: Vault?

  /// Opens no connection. Without a vault no files of clients are taken in.
  public init(database: Database, timepiece: Timepiece, ids: IDSource, release: String, vault: Vault? = nil) {
    self.database = database
    self.timepiece = timepiece
    self.ids = ids
    self.release = release
    self.vault = vault
  }

  /// Runs `body` inside the client's rows, as the person of `acting`.
  /// - Throws: what `body` throws; `PostgresError` 42501 when a write has no event or the access has ended.
  public func tenant<Result: Sendable>(
    _ acting: ActingContext, _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await transaction(.tenant, acting.author, body)
  }

  /// Runs `body` inside the rows of the author's client, for whoever has an author: a `ClientContext`, a job, the seed.
  /// - Parameter statementSeconds: how long a statement may run; as long as a person's if left out.
  package func tenant<Result: Sendable>(
    by author: Author, at moment: Date? = nil, statementSeconds: Int? = nil,
    _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await transaction(.tenant, author, at: moment, statementSeconds: statementSeconds, body)
  }

  /// Runs `body` on ops-owned tables.
  public func fleet<Result: Sendable>(
    _ author: Author, at moment: Date? = nil, _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await transaction(.fleet, author, at: moment, body)
  }

  /// Runs `body` on the audit trail.
  public func audit<Result: Sendable>(
    _ author: Author, _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await transaction(.audit, author, body)
  }

  private func transaction<Result: Sendable>(
    _ role: PoolRole, _ author: Author, at moment: Date? = nil, statementSeconds: Int? = nil,
    _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    let at = moment ?? timepiece.now()
    let event: ID<AuditEvent> = ids.next(at: at)
    var settings = author.settings(event: event, at: at)
    settings.statementTimeoutMilliseconds = statementSeconds.map { $0 * 1_000 }
    return try await database.transaction(role, settings) { sql in
      try await body(AuditedTransaction(sql: sql, author: author, at: at, event: event, ids: ids, release: release))
    }
  }

  /// Writes down what was refused, in a transaction of its own. Where this fails the request fails: a refusal that
  /// leaves no trace would let somebody try doors unseen [ASVS 5.0 16.5.3].
  /// - Throws: `RefusalUnwritten`.
  public func refuse(
    _ author: Author, action: String, object: AuditObject? = nil, outcome: Outcome = .denied, status: Int,
    detail: String? = nil
  ) async throws {
    do {
      try await audit(author) { tx in
        try await tx.record(action, object: object, outcome: outcome, status: status, detail: detail)
      }
    } catch {
      throw RefusalUnwritten(cause: error)
    }
  }
}

/// A refusal could not be written down.
public struct RefusalUnwritten: Error {
  /// What the writing failed with. The log shows it; who asked is only told to come again.
  public let cause: any Error
}

extension Author {
  func settings(event: ID<AuditEvent>, at: Date) -> TransactionSettings {
    var values: [(name: String, value: String)] = [
      ("ops.actor", actor.kind + ":" + actor.id),
      ("ops.request", request.id.description),
      ("ops.event", event.description),
      ("ops.at", at.microsecondText),
    ]
    if let tenant { values.append(("ops.tenant", tenant.description)) }
    if let subject { values.append(("ops.subject", subject.description)) }
    if let impersonation { values.append(("ops.impersonation", impersonation.description)) }
    if let session { values.append(("ops.session", session.description)) }
    return TransactionSettings(values: values)
  }
}

/// One transaction, its author, and the event it will write.
public struct AuditedTransaction: Sendable {
  /// Where the SQL runs.
  public let sql: Transaction
  /// Who acts; the database takes no event that says somebody else.
  public let author: Author
  /// The moment of everything this transaction does.
  public let at: Date
  /// The id of the event that explains its writes; spent by the first `record`.
  public let event: ID<AuditEvent>
  let ids: IDSource
  /// The program's release.
  package let release: String

  /// An id for a record that this transaction makes.
  public func newID<Subject>() -> ID<Subject> {
    ids.next(at: at)
  }
}
