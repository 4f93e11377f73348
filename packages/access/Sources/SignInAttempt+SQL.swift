// Attempts to sign in are kept in a machine table: they are no event until they end in a sign-in or a refusal.

public import FoundationEssentials
public import Postgres

extension Ledger {
  /// Keeps an attempt, and lets go of those that are too old.
  public func store(_ attempt: SignInAttempt) async throws {
    _ = try await database.execute(
      .fleet,
      """
      WITH gone AS (
        DELETE FROM sign_in_attempt
        WHERE started_at < \(attempt.startedAt.addingTimeInterval(-SignInAttempt.lifetimeSeconds))
      )
      INSERT INTO sign_in_attempt (state_hash, cookie_hash, nonce, verifier, return_path, started_at)
      VALUES (\(attempt.stateHash), \(attempt.cookieHash), \(attempt.nonce), \(attempt.verifier), \(attempt.returnPath),
        \(attempt.startedAt))
      """)
  }

  /// Takes an attempt, for whoever comes first: of two answers at once one gets it. `nil` for an unknown state, another
  /// browser, a second time, or after ten minutes.
  public func spend(stateHash: [UInt8], cookieHash: [UInt8], at moment: Date) async throws -> SignInAttempt? {
    try await database.query(
      .fleet,
      """
      UPDATE sign_in_attempt
      SET used_at = \(moment)
      WHERE state_hash = \(stateHash) AND cookie_hash = \(cookieHash) AND used_at IS NULL
        AND started_at >= \(moment.addingTimeInterval(-SignInAttempt.lifetimeSeconds))
      RETURNING state_hash, cookie_hash, nonce, verifier, return_path, started_at
      """, as: SignInAttempt.self
    ).first
  }
}

extension SignInAttempt: RowDecodable {
  /// Reads a row of `sign_in_attempt`, except for when it was used.
  public init(row: Row) throws {
    stateHash = try row["state_hash"]
    cookieHash = try row["cookie_hash"]
    nonce = try row["nonce"]
    verifier = try row["verifier"]
    returnPath = try row["return_path"]
    startedAt = try row["started_at"]
  }
}
