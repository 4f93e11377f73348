// The accesses of one person: open ones, and what an ended one amounted to.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// The open accesses of a person, newest first.
  public func openAccesses(of staff: ID<Staff>) async throws -> [Impersonation] {
    try await accesses("i.staff_id = \(staff) AND i.ended_at IS NULL").map(\.impersonation)
  }

  /// One access of that person, open or ended.
  public func access(_ id: ID<Impersonation>, of staff: ID<Staff>) async throws -> Impersonation? {
    try await accesses("i.id = \(id) AND i.staff_id = \(staff)").first?.impersonation
  }

  /// How many accesses are open, of everybody.
  public func openAccessCount() async throws -> Int {
    try await database.query(.fleet, "SELECT count(*) FROM impersonation WHERE ended_at IS NULL", as: Int.self).first
      ?? 0
  }

  private func accesses(_ condition: SQL) async throws -> [ImpersonationRow] {
    try await database.query(
      .fleet,
      """
      SELECT \(fragment: ImpersonationRow.columns)
      FROM impersonation i
      JOIN tenant_directory t ON t.tenant_id = i.tenant_id
      LEFT JOIN ticket k ON k.id = i.ticket_id
      LEFT JOIN LATERAL impersonation_subject(i.id) u ON i.subject_id IS NOT NULL
      WHERE \(fragment: condition)
      ORDER BY i.started_at DESC, i.id DESC
      LIMIT 50
      """, as: ImpersonationRow.self)
  }

  /// How much was done in an access: pages seen, changes made, secrets revealed.
  public func tally(of impersonation: ID<Impersonation>) async throws -> AccessTally {
    try await database.query(
      .audit,
      """
      SELECT
        count(*) FILTER (WHERE action LIKE 'view.%') AS pages,
        count(*) FILTER (
          WHERE \(fragment: AccessTally.isChange) AND action NOT LIKE 'impersonation.%') AS changes,
        count(*) FILTER (WHERE action LIKE 'reveal.%') AS reveals
      FROM audit_event
      WHERE impersonation_id = \(impersonation)
      """, as: AccessTally.self
    ).first ?? AccessTally(pages: 0, changes: 0, reveals: 0)
  }
}

/// What an access amounted to.
public struct AccessTally: Sendable, Hashable, Encodable, RowDecodable {
  /// How often something was looked at: the events `view.…`.
  public let pages: Int
  /// How many events changed something, entering and leaving apart.
  public let changes: Int
  /// How often a secret was shown: the events `reveal.…`.
  public let reveals: Int

  /// An event that changed something: rows that it explains, or a job, an error or an index, whose rows are the
  /// machine's.
  static let isChange: SQL = """
    (
      change_count > 0
      OR outcome = 'ok'
        AND (action LIKE 'job.%' OR action LIKE 'error.%' OR action IN ('index.reindex', 'index.rebuild'))
    )
    """

  init(pages: Int, changes: Int, reveals: Int) {
    self.pages = pages
    self.changes = changes
    self.reveals = reveals
  }

  /// Reads `pages`, `changes` and `reveals`.
  public init(row: Row) throws {
    pages = try row["pages"]
    changes = try row["changes"]
    reveals = try row["reveals"]
  }
}
