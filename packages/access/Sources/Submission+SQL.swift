// A form's key and its first answer, in the same transaction as what the form did: sending it twice does it once.

import EthicoTypes
import FoundationEssentials
public import Postgres

/// The first answer to a key.
public struct Submission: Sendable, RowDecodable {
  public let route: String
  public let bodyHash: [UInt8]
  /// Where the first answer led; `nil` while it is being made.
  public let location: String?

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
    let taken: Int
    if author.impersonation == nil, let staff = author.staffID {
      taken = try await execute(
        """
        INSERT INTO fleet_submission (staff_id, key, route, body_hash, status, created_at)
        VALUES (\(staff), \(key), \(route), \(bodyHash), 0, \(at))
        ON CONFLICT (staff_id, key) DO NOTHING
        """)
      guard taken == 0 else { return nil }
      return try await first(
        "SELECT route, body_hash, location FROM fleet_submission WHERE staff_id = \(staff) AND key = \(key)",
        as: Submission.self)
    }
    taken = try await execute(
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
    if author.impersonation == nil, let staff = author.staffID {
      try await execute(
        """
        UPDATE fleet_submission SET status = \(status), location = \(location)
        WHERE staff_id = \(staff) AND key = \(key)
        """)
    } else {
      try await execute(
        """
        UPDATE tenant_submission SET status = \(status), location = \(location)
        WHERE tenant_id = \(author.tenant) AND actor = \(author.actorText) AND key = \(key)
        """)
    }
  }
}

extension Author {
  var staffID: ID<Staff>? {
    if case .staff(let id) = actor { id } else { nil }
  }
}
