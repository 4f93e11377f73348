// Signing in and out, and what a cookie resolves to on each request.

import Crypto
import EthicoTypes
import FoundationEssentials
import Postgres

/// The secret of a sign-in, as the browser holds it. Only its SHA-256 is stored.
public struct SessionToken: Sendable, Hashable {
  /// 256 random bits, base64url without padding.
  public let text: String

  /// A fresh token.
  public init() {
    text = Base64URL.secret()
  }

  /// A token from a cookie; `nil` when it cannot be one.
  public init?(cookie: String) {
    let allowed = cookie.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard cookie.utf8.count == 43, allowed else { return nil }
    text = cookie
  }

  var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

/// Who asks: a person by a request of their own, or a page that is open and keeps itself fresh. A sign-in lasts by what
/// its person does, so the page does not count.
public enum Asker: Sendable, Hashable {
  case person, openPage
}

/// What the cookie of a request says.
public enum SignInState: Sendable {
  /// No cookie, an unknown one, or a sign-in that has been ended.
  case signedOut
  /// Nobody ended the sign-in, but its time is over: whose it was is known.
  case expired(SignedIn)
  /// The person, who is known, is locked or deactivated.
  case locked(SignedIn)
  case signedIn(SignedIn)
}

extension Ledger {
  /// Who is signed in with that token.
  public func signIn(_ token: SessionToken?) async throws -> SignInState {
    try await signIn(token, spending: nil).state
  }

  /// The same, and in the same round trip one more of what a meter counts.
  /// - Returns: also how many that makes in this minute; `nil` for who is not signed in.
  public func signIn(
    _ token: SessionToken?, spending meter: Meter?, by asker: Asker = .person
  ) async throws -> (state: SignInState, spent: Int?) {
    guard let token else { return (.signedOut, nil) }
    let now = timepiece.now()
    let found = try await database.query(
      .fleet,
      """
      SELECT \(fragment: SignInRow.columns(at: now)), \(fragment: SignInRow.spent(meter, at: now)) AS spent
      FROM staff_session s
      JOIN staff p ON p.id = s.staff_id
      WHERE s.token_hash = \(token.hash)
      """, as: MeteredRow.self
    ).first
    guard let found else { return (.signedOut, nil) }
    if case .signedIn(let signedIn) = found.signIn.state, asker == .person {
      try await touch(signedIn, at: now)
    }
    return (found.signIn.state, found.spent)
  }

  /// Notes that the person made a request, at most every five seconds: sign-ins end by the last one.
  func touch(_ signedIn: SignedIn, at now: Date) async throws {
    guard now.timeIntervalSince(signedIn.session.lastSeenAt) >= 5 else { return }
    _ = try await database.execute(
      .fleet,
      "UPDATE staff_session SET last_seen_at = \(now) WHERE id = \(signedIn.session.id) AND last_seen_at < \(now)")
  }

  /// Signs a person in: a new session, the oldest ended where there are five, `auth.sign_in` on the platform's chain.
  /// - Parameter method: how the person showed who they are: `demo` or `oidc`.
  /// - Returns: the token for the cookie, and who is signed in; `nil` when the person is locked or deactivated.
  public func openSession(
    for email: String, method: String, agent: String, request: RequestFacts
  ) async throws -> (token: SessionToken, signedIn: SignedIn)? {
    let now = timepiece.now()
    let folded = email.lowercased()
    guard
      let person = try await database.query(
        .fleet, "SELECT id FROM staff WHERE email = \(folded) AND state = 'active' AND locked_at IS NULL",
        as: ID<Staff>.self
      ).first
    else { return nil }
    let token = SessionToken()
    let session: ID<StaffSession> = ids.next(at: now)
    let author = Author(.staff(person), session: session, request: request)
    try await fleet(author) { tx in
      let oldest = try await tx.query(
        """
        SELECT s.id FROM staff_session s
        WHERE s.staff_id = \(person) AND NOT (\(fragment: SignInRow.isOver(at: tx.at)))
        ORDER BY s.started_at DESC, s.id DESC
        OFFSET \(StaffSession.limit - 1)
        """, as: ID<StaffSession>.self)
      // Held FOR UPDATE first, so that nothing of these sign-ins commits after their end.
      try await tx.execute("SELECT id FROM staff_session WHERE id = ANY(\(oldest)) ORDER BY id FOR UPDATE")
      try await tx.execute("UPDATE staff_session SET ended_at = \(tx.at) WHERE id = ANY(\(oldest))")
      try await tx.execute(
        """
        INSERT INTO staff_session (id, staff_id, token_hash, method, started_at, last_seen_at, ip, agent)
        VALUES (\(session), \(person), \(token.hash), \(method), \(tx.at), \(tx.at), \(request.ip ?? "-"),
          \(String(agent.prefix(200))))
        """)
      try await tx.record("auth.sign_in", object: AuditObject("staff", person), status: 303)
    }
    guard case .signedIn(let signedIn) = try await signIn(token) else { return nil }
    return (token, signedIn)
  }

  /// Signs a person out: `auth.sign_out`. Their accesses stay open.
  public func closeSession(_ signedIn: SignedIn, request: RequestFacts) async throws {
    try await fleet(signedIn.author(request)) { tx in
      try await tx.execute("SELECT id FROM staff_session WHERE id = \(signedIn.session.id) FOR UPDATE")
      try await tx.execute(
        """
        UPDATE staff_session SET ended_at = \(tx.at), ended_event = \(tx.event)
        WHERE id = \(signedIn.session.id) AND ended_at IS NULL
        """)
      try await tx.record("auth.sign_out", object: AuditObject("staff", signedIn.staff.id), status: 303)
    }
  }
}

/// A session with its person and what they may do, as one row.
struct SignInRow: RowDecodable {
  let staff: Staff
  let session: StaffSession
  let isEnded: Bool
  let isOver: Bool
  let isBarred: Bool

  /// Whether the sign-in `s` has been ended, or lasted for as long as it may.
  static func isOver(at now: Date) -> SQL {
    """
    s.ended_at IS NOT NULL OR s.last_seen_at < \(now.addingTimeInterval(-StaffSession.idleSeconds))
    OR s.started_at < \(now.addingTimeInterval(-StaffSession.longestSeconds))
    """
  }

  private static let isBarred: SQL = "p.state <> 'active' OR p.locked_at IS NOT NULL"

  /// One more of what the meter counts, for who is signed in.
  static func spent(_ meter: Meter?, at now: Date) -> SQL {
    guard let meter else { return "NULL::integer" }
    return """
      CASE WHEN NOT (\(fragment: isOver(at: now))) AND NOT (\(fragment: isBarred))
        THEN rate_spend(\(meter.rawValue), p.id::text, \(now)) END
      """
  }

  /// The columns of `staff_session s` and `staff p` that `init(row:)` reads.
  static func columns(at now: Date) -> SQL {
    """
    s.id AS session_id, s.started_at, s.last_seen_at, s.ended_at IS NOT NULL AS is_ended,
    \(fragment: isOver(at: now)) AS is_over,
    p.id AS staff_id, p.email, p.name AS staff_name, p.timezone AS staff_timezone, p.single_keys,
    \(fragment: isBarred) AS is_barred,
    ARRAY (
      SELECT g.capability FROM staff_grant g
      WHERE g.staff_id = p.id AND \(fragment: StaffGrant.counts(at: now))
    ) AS capabilities
    """
  }

  init(row: Row) throws {
    let capabilities: [String] = try row["capabilities"]
    let singleKeys: String = try row["single_keys"]
    staff = Staff(
      id: try row["staff_id"], email: try row["email"], name: try row["staff_name"],
      timezone: try row["staff_timezone"],
      capabilities: Set(capabilities.compactMap(Capability.init(rawValue:))).union([.tenantRead]),
      singleKeys: singleKeys == "off" ? .off : .on)
    session = StaffSession(
      id: try row["session_id"], startedAt: try row["started_at"], lastSeenAt: try row["last_seen_at"])
    isEnded = try row["is_ended"]
    isOver = try row["is_over"]
    isBarred = try row["is_barred"]
  }

  var state: SignInState {
    let signedIn = SignedIn(staff: staff, session: session)
    if isBarred { return .locked(signedIn) }
    guard isOver else { return .signedIn(signedIn) }
    return isEnded ? .signedOut : .expired(signedIn)
  }
}

private struct MeteredRow: RowDecodable {
  let signIn: SignInRow
  let spent: Int?

  init(row: Row) throws {
    signIn = try SignInRow(row: row)
    spent = try row["spent"]
  }
}

extension Ledger {
  /// Switches one-letter keys on or off for oneself.
  public func setSingleKeys(_ wanted: Staff.SingleKeys, by signedIn: SignedIn, request: RequestFacts) async throws {
    try await fleet(signedIn.author(request)) { tx in
      try await tx.execute("UPDATE staff SET single_keys = \(wanted.rawValue) WHERE id = \(signedIn.staff.id)")
      try await tx.record("staff.single_keys", object: AuditObject("staff", signedIn.staff.id), status: 303)
    }
  }
}
