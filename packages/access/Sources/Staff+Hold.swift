// The row of a person, held while an administrator acts on it.

import EthicoTypes
import FoundationEssentials
import Postgres

/// A person as a verb finds them.
struct HeldStaff: Sendable, RowDecodable {
  let name: String
  let state: StaffState
  let lockReason: String?
  let version: Int

  init(row: Row) throws {
    name = try row["name"]
    state = try row["standing"]
    lockReason = try row["lock_reason"]
    version = try row["version"]
  }

  /// - Parameter seen: the version that the administrator acted upon; `nil` where nobody looked first.
  func demand(_ seen: Int?) throws {
    guard seen == nil || seen == version else { throw StaffRefusal.stale }
  }

  func demandMove(to next: StaffState, from allowed: Set<StaffState>) throws {
    guard allowed.contains(state) else { throw StaffRefusal.badTransition(from: state, to: next) }
  }
}

extension AuditedTransaction {
  /// Holds the person, so that nothing of theirs that is under way commits after this; throws where there is nobody.
  func hold(_ id: ID<Staff>) async throws -> HeldStaff {
    try await execute("SELECT id FROM staff WHERE id = \(id) FOR UPDATE")
    let found = try await first(
      """
      SELECT p.name, p.lock_reason, p.version, \(fragment: StaffRecord.standing) AS standing
      FROM staff p
      WHERE p.id = \(id)
      """, as: HeldStaff.self)
    guard let found else { throw StaffRefusal.unknown(id.description) }
    return found
  }
}

/// Runs a write; a rule that the database held becomes the refusal that says so.
func holdingStaffRules<Result>(_ write: () async throws -> Result) async throws -> Result {
  do {
    return try await write()
  } catch let error as PostgresError where error.constraint == "staff_last_admin" {
    throw StaffRefusal.lastAdmin
  } catch let error as PostgresError
    where error.constraint == "staff_grant_own" || error.constraint == "staff_unlock_own"
  {
    throw StaffRefusal.ownGrant
  }
}
