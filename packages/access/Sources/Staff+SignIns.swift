// Ending sign-ins: a person's own others, and anybody's by an administrator.

public import EthicoTypes
import FoundationEssentials
import Postgres

/// Which sign-ins of a person.
public enum SignInChoice: Sendable, Hashable {
  case all
  case one(ID<StaffSession>)
  case allBut(ID<StaffSession>)
}

extension Ledger {
  /// Ends sign-ins of a person; their accesses stay open. What has ended is done.
  public func endSignIns(
    _ choice: SignInChoice, of staff: ID<Staff>, by administrator: Administrator
  ) async throws {
    try await fleet(administrator.author) { tx in
      let ended = try await tx.endSignIns(of: staff, choice)
      guard !ended.isEmpty else { return }
      try await tx.record("staff.end_sign_ins", object: StaffRecord.object(staff), status: 303, effects: ended)
    }
  }
}

extension AuditedTransaction {
  /// Ends sign-ins that are held first, so that nothing of them commits after their end.
  func endSignIns(of staff: ID<Staff>, _ choice: SignInChoice = .all) async throws -> [Effect] {
    let chosen: SQL =
      switch choice {
      case .all: "true"
      case .one(let id): "id = \(id)"
      case .allBut(let id): "id <> \(id)"
      }
    let open = try await query(
      """
      SELECT id FROM staff_session
      WHERE staff_id = \(staff) AND ended_at IS NULL AND \(fragment: chosen)
      ORDER BY id
      FOR UPDATE
      """, as: ID<StaffSession>.self)
    try await execute(
      "UPDATE staff_session SET ended_at = \(at), ended_event = \(event) WHERE id = ANY(\(open))")
    return open.map { Effect(type: "staff_session", id: $0.description, text: "ended") }
  }
}
