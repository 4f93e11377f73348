// Keeping a person out, for now or for good, and letting them in again.

public import EthicoTypes
import FoundationEssentials
import Postgres

extension Ledger {
  /// Brings a person in: they become active by signing in, and may look up clients until they are granted more.
  public func invite(_ invitation: StaffInvitation, by administrator: Administrator) async throws -> ID<Staff> {
    do {
      return try await fleet(administrator.author) { tx in
        let id: ID<Staff> = tx.newID()
        try await tx.execute(
          """
          INSERT INTO staff (id, email, name, timezone, reports_to)
          VALUES (\(id), \(invitation.email), \(invitation.name), \(invitation.timezone), \(invitation.reportsTo))
          """)
        try await tx.record("staff.invite", object: StaffRecord.object(id), status: 303, detail: invitation.name)
        return id
      }
    } catch let error as PostgresError where error.constraint == "staff_email" {
      // The same form once more finds its work done.
      let same = try await database.query(
        .fleet,
        """
        SELECT p.id FROM staff p
        WHERE p.email = \(invitation.email) AND p.name = \(invitation.name) AND p.timezone = \(invitation.timezone)
          AND p.reports_to IS NOT DISTINCT FROM \(invitation.reportsTo)
          AND (\(fragment: StaffRecord.standing)) = \(StaffState.invited)
        """, as: ID<Staff>.self)
      guard let id = same.first else { throw StaffRefusal.emailTaken(invitation.email) }
      return id
    }
  }

  /// Locks a person out: their sign-ins end, new ones are refused, their accesses wait.
  public func lock(
    _ staff: ID<Staff>, because reason: String, version: Int? = nil, by administrator: Administrator
  ) async throws {
    guard administrator.staff != staff else { throw StaffRefusal.ownAccount }
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        if person.state == .locked, person.lockReason == reason { return }
        try person.demandMove(to: .locked, from: [.active, .invited])
        try person.demand(version)
        let ended = try await tx.endSignIns(of: staff)
        try await tx.execute(
          """
          UPDATE staff
          SET locked_at = \(tx.at), lock_reason = \(reason), locked_by = \(administrator.name), version = version + 1
          WHERE id = \(staff)
          """)
        try await tx.record(
          "staff.lock", object: StaffRecord.object(staff), status: 303, effects: ended,
          detail: "\(person.name): \(reason)")
      }
    }
  }

  /// Lets a locked person sign in again. Their accesses go on.
  public func unlock(_ staff: ID<Staff>, version: Int? = nil, by administrator: Administrator) async throws {
    guard administrator.staff != staff else { throw StaffRefusal.ownGrant }
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        if person.state == .active || person.state == .invited { return }
        try person.demandMove(to: .active, from: [.locked])
        try person.demand(version)
        try await tx.execute(
          """
          UPDATE staff SET locked_at = NULL, lock_reason = NULL, locked_by = NULL, version = version + 1
          WHERE id = \(staff)
          """)
        try await tx.record("staff.unlock", object: StaffRecord.object(staff), status: 303, detail: person.name)
      }
    }
  }

  /// Ends a person's time with the console: sign-ins and accesses end and capabilities are taken, in one transaction.
  public func deactivate(_ staff: ID<Staff>, version: Int? = nil, by administrator: Administrator) async throws {
    guard administrator.staff != staff else { throw StaffRefusal.ownAccount }
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        if person.state == .deactivated { return }
        try person.demand(version)
        let signIns = try await tx.endSignIns(of: staff)
        let accesses = try await tx.holdAccesses(of: staff)
        try await tx.execute(
          """
          UPDATE staff
          SET state = 'deactivated', locked_at = NULL, lock_reason = NULL, locked_by = NULL, version = version + 1
          WHERE id = \(staff)
          """)
        try await tx.execute(
          """
          UPDATE staff_grant SET ended_at = \(tx.at), ended_by = \(tx.author.actorText)
          WHERE staff_id = \(staff) AND ended_at IS NULL
          """)
        try await tx.record(
          "staff.deactivate", object: StaffRecord.object(staff), status: 303,
          effects: signIns + accesses.map(\.effect), detail: person.name)
        try await tx.end(accesses, as: .revoked, by: administrator)
      }
    }
  }

  /// The same, by address, for scripts.
  public func deactivateStaff(email: String, by administrator: Administrator) async throws {
    let found = try await database.query(
      .fleet, "SELECT id FROM staff WHERE email = \(email.lowercased())", as: ID<Staff>.self)
    guard let id = found.first else { throw StaffRefusal.unknown(email) }
    try await deactivate(id, by: administrator)
  }

  /// Brings a person back, who may look up clients until they are granted more.
  public func reactivate(_ staff: ID<Staff>, version: Int? = nil, by administrator: Administrator) async throws {
    guard administrator.staff != staff else { throw StaffRefusal.ownGrant }
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        if person.state == .active || person.state == .invited { return }
        try person.demandMove(to: .active, from: [.deactivated])
        try person.demand(version)
        try await tx.execute("UPDATE staff SET state = 'active', version = version + 1 WHERE id = \(staff)")
        try await tx.record("staff.reactivate", object: StaffRecord.object(staff), status: 303, detail: person.name)
      }
    }
  }
}

/// A person whom somebody brings in.
public struct StaffInvitation: Sendable, Hashable {
  /// Folded to lower case.
  public let email: String
  /// One line of 1 to `nameLimit` characters.
  public let name: String
  /// Their manager; `nil` for nobody.
  public let reportsTo: ID<Staff>?
  /// An IANA time zone.
  public let timezone: String

  /// The longest name, in characters.
  public static let nameLimit = 200

  /// Takes what the form has checked; that the address is free, and who is reported to, is still to be found out.
  public init(email: String, name: String, reportsTo: ID<Staff>?, timezone: String) {
    self.email = email
    self.name = name
    self.reportsTo = reportsTo
    self.timezone = timezone
  }
}
