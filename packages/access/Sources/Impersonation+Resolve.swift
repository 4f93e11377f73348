// From an address under /i/ to the right to act there: one query a request.

public import EthicoTypes
import FoundationEssentials
import Postgres

/// What a request for an access finds.
public enum AccessState: Sendable {
  case signedOut
  /// Nobody ended the sign-in, but its time is over.
  case expired(SignedIn)
  case locked(SignedIn)
  /// No such access, or another person's: the same to whoever asks.
  case unknown(SignedIn)
  /// The person may not enter workspaces any more.
  case forbidden(SignedIn)
  case ended(SignedIn, Impersonation)
  case open(ActingContext)
}

extension Ledger {
  /// Resolves sign-in, person, capability, access and client. What an open page asks by itself is nobody's presence.
  public func access(
    _ token: SessionToken?, _ impersonation: ID<Impersonation>?, request: RequestFacts, by asker: Asker = .person
  ) async throws -> AccessState {
    guard let token else { return .signedOut }
    let now = timepiece.now()
    let found = try await database.query(
      .fleet,
      """
      SELECT \(fragment: SignInRow.columns(at: now)), \(fragment: ImpersonationRow.columns),
        pr.last_session_id, pr.last_seen_at AS presence_seen_at
      FROM staff_session s
      JOIN staff p ON p.id = s.staff_id
      LEFT JOIN impersonation i ON i.id = \(impersonation) AND i.staff_id = p.id
      LEFT JOIN tenant_directory t ON t.tenant_id = i.tenant_id
      LEFT JOIN ticket k ON k.id = i.ticket_id
      LEFT JOIN impersonation_presence pr ON pr.impersonation_id = i.id
      LEFT JOIN LATERAL impersonation_subject(i.id) u ON i.subject_id IS NOT NULL
      WHERE s.token_hash = \(token.hash)
      """, as: AccessRow.self
    ).first
    guard let found else { return .signedOut }
    switch found.signIn.state {
    case .signedOut: return .signedOut
    case .expired(let signedIn): return .expired(signedIn)
    case .locked(let signedIn): return .locked(signedIn)
    case .signedIn(let signedIn):
      if asker == .person { try await touch(signedIn, at: now) }
      guard signedIn.staff.may(.supportAct) else { return .forbidden(signedIn) }
      guard let impersonation = found.impersonation else { return .unknown(signedIn) }
      guard impersonation.endKind == nil else { return .ended(signedIn, impersonation) }
      let acting = ActingContext(signedIn: signedIn, impersonation: impersonation, request: request)
      if asker == .person {
        try await notePresence(acting, lastSession: found.lastSession, lastSeen: found.presenceSeenAt, at: now)
      }
      return .open(acting)
    }
  }

  /// Notes which sign-in uses an access; a new one is a resumption, and an event.
  private func notePresence(
    _ acting: ActingContext, lastSession: ID<StaffSession>?, lastSeen: Date?, at now: Date
  ) async throws {
    let session = acting.signedIn.session.id
    if let lastSession, lastSession != session {
      try await fleet(acting.author) { tx in
        try await tx.keepPresence(of: acting.impersonation.id, session: session)
        try await tx.record("impersonation.resume", object: AuditObject("impersonation", acting.impersonation.id))
      }
    } else if lastSeen.map({ now.timeIntervalSince($0) >= 60 }) ?? true {
      _ = try await database.execute(
        .fleet,
        """
        INSERT INTO impersonation_presence (impersonation_id, last_seen_at, last_session_id)
        VALUES (\(acting.impersonation.id), \(now), \(session))
        ON CONFLICT (impersonation_id) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
        """)
    }
  }
}

extension AuditedTransaction {
  func keepPresence(of impersonation: ID<Impersonation>, session: ID<StaffSession>) async throws {
    try await execute(
      """
      INSERT INTO impersonation_presence (impersonation_id, last_seen_at, last_session_id)
      VALUES (\(impersonation), \(at), \(session))
      ON CONFLICT (impersonation_id) DO UPDATE
      SET last_seen_at = EXCLUDED.last_seen_at, last_session_id = EXCLUDED.last_session_id
      """)
  }
}

/// An access with its client, ticket and subject, as one row.
struct ImpersonationRow: RowDecodable {
  let impersonation: Impersonation

  /// The columns of `impersonation i`, `tenant_directory t`, `ticket k` and `impersonation_subject u`.
  static let columns: SQL = """
    i.id AS impersonation_id, i.entry, COALESCE(k.number, i.ticket_text) AS ticket, i.ticket_id,
    i.started_at AS access_started_at, i.ended_at AS access_ended_at, i.ended_kind, i.ended_by, i.subject_id,
    u.name AS subject_name, u.role AS subject_role,
    t.tenant_id, t.slug, t.name AS tenant_name, t.status AS tenant_status
    """

  init(row: Row) throws {
    let tenant = Tenant(
      id: try row["tenant_id"], slug: try row["slug"], name: try row["tenant_name"], status: try row["tenant_status"])
    var subject: Impersonation.Subject?
    if let id: ID<ClientUser> = try row["subject_id"] {
      subject = Impersonation.Subject(id: id, name: try row["subject_name"], role: try row["subject_role"])
    }
    var ending: Impersonation.Ending?
    if let at: Date = try row["access_ended_at"] {
      ending = Impersonation.Ending(at: at, kind: try row["ended_kind"], by: try row["ended_by"])
    }
    impersonation = Impersonation(
      id: try row["impersonation_id"], tenant: tenant, subject: subject, entry: try row["entry"],
      ticket: try row["ticket"], ticketID: try row["ticket_id"],
      startedAt: try row["access_started_at"], ending: ending)
  }
}

private struct AccessRow: RowDecodable {
  let signIn: SignInRow
  let impersonation: Impersonation?
  let lastSession: ID<StaffSession>?
  let presenceSeenAt: Date?

  init(row: Row) throws {
    signIn = try SignInRow(row: row)
    let id: ID<Impersonation>? = try row["impersonation_id"]
    impersonation = try id == nil ? nil : ImpersonationRow(row: row).impersonation
    lastSession = try row["last_session_id"]
    presenceSeenAt = try row["presence_seen_at"]
  }
}
