// A form's key and its first answer, in the same transaction as what the form did: sending it twice does it once.

import EthicoTypes
import FoundationEssentials
public import Postgres

/// The first answer to a key.
public struct Submission: Sendable, RowDecodable {
  /// The path that the form was sent to.
  public let route: String
  /// SHA-256 of its fields and files.
  public let bodyHash: [UInt8]
  /// Where the first answer led; `nil` while it is being made.
  public let location: String?

  /// Reads `route`, `body_hash` and `location`.
  public init(row: Row) throws {
    route = try row["route"]
    bodyHash = try row["body_hash"]
    location = try row["location"]
  }

  /// Whether the key came with the same form again.
  public func matches(route: String, bodyHash: [UInt8]) -> Bool {
    self.route == route && self.bodyHash == bodyHash
  }
}

extension AuditedTransaction {
  /// Takes a key for this transaction. Waits while another one runs with it; then gives what that one answered.
  public func claimSubmission(_ key: String, route: String, bodyHash: [UInt8]) async throws -> Submission? {
    try await dropOldSubmissions()
    let taken = try await execute(
      """
      INSERT INTO tenant_submission (tenant_id, actor, key, route, body_hash, status, created_at)
      VALUES (\(author.tenant), \(author.actorText), \(key), \(route), \(bodyHash), 0, \(at))
      ON CONFLICT (tenant_id, actor, key) DO NOTHING
      """)
    guard taken == 0 else { return nil }
    return try await first(
      """
      SELECT route, body_hash, location FROM tenant_submission
      WHERE tenant_id = \(author.tenant) AND actor = \(author.actorText) AND key = \(key)
      """, as: Submission.self)
  }

  /// Keeps the answer for whoever sends the key again.
  public func keepSubmission(_ key: String, status: Int, location: String) async throws {
    try await execute(
      """
      UPDATE tenant_submission SET status = \(status), location = \(location)
      WHERE tenant_id = \(author.tenant) AND actor = \(author.actorText) AND key = \(key)
      """)
  }

  /// Answers are kept for a day; each new one takes a few old ones with it, by where they lie: joined by their keys,
  /// all of a client's answers could be read for each that is given.
  private func dropOldSubmissions() async throws {
    try await execute(
      """
      DELETE FROM tenant_submission
      WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM tenant_submission
        WHERE tenant_id = \(author.tenant) AND created_at < \(at.addingTimeInterval(-86_400))
        LIMIT 20
        FOR UPDATE SKIP LOCKED
      ))
      """)
  }
}
