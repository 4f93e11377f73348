// The verbs of a user. Each looks first, holds its rule, changes the row and writes the event that says so.

import Access
import EthicoTypes
import Postgres
import Web

extension ClientUserRecord {
  static func object(_ id: ID<ClientUser>) -> AuditObject { AuditObject("client_user", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the user after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw ClientUserRefusal.stale(self) }
  }

  /// Invites a person, who becomes active by signing in.
  static func invite(_ draft: InvitationDraft, in tx: AuditedTransaction) async throws -> ID<ClientUser> {
    let id: ID<ClientUser> = tx.newID()
    let person = draft.person
    try await person.holdingAddress {
      try await tx.execute(
        """
        INSERT INTO client_user (tenant_id, id, email, name, role, state, title, invited_at)
        VALUES (\(tx.author.tenant), \(id), \(person.email), \(person.name), \(draft.role), 'invited', \(person.title),
          \(tx.at))
        """)
    }
    try await tx.record(
      "client_user.invite", object: object(id), status: 303,
      detail: "\(person.name): invited as \(draft.role.label)")
    return id
  }

  /// Changes the words about the person.
  func edit(_ draft: ClientUserDraft, in tx: AuditedTransaction) async throws {
    try await draft.holdingAddress {
      try await tx.execute(
        """
        UPDATE client_user SET name = \(draft.name), email = \(draft.email), title = \(draft.title)
        WHERE id = \(id)
        """)
    }
    try await tx.record("client_user.edit", object: object, status: 303, detail: "\(name): edited")
  }

  /// Gives the person another role.
  func change(to next: ClientRole, in tx: AuditedTransaction) async throws {
    guard next != role else { throw Invalid("role", "\(name) has the role \(role.label) already.") }
    try await keepingAnAdmin {
      try await tx.execute("UPDATE client_user SET role = \(next) WHERE id = \(id)")
    }
    if state == .active { try await tx.count(.userOn(next), of: id) }
    try await tx.record(
      "client_user.role", object: object, status: 303, detail: "\(name): role \(role.label) → \(next.label)")
  }

  /// Keeps the person out until reactivated. Their sessions end, so that none comes back to life later.
  func deactivate(in tx: AuditedTransaction) async throws {
    try demandMove(to: .deactivated)
    try await keepingAnAdmin {
      try await tx.execute(
        "UPDATE client_user SET state = 'deactivated', sessions_ended_at = \(tx.at) WHERE id = \(id)")
    }
    // Who was only invited could not sign in before either.
    if state == .active { try await tx.count(.userOff(role), of: id) }
    try await tx.record(
      "client_user.deactivate", object: object, status: 303,
      detail: "\(name): \(state.label) → \(UserState.deactivated.label)")
  }

  /// Lets the person sign in again.
  func reactivate(in tx: AuditedTransaction) async throws {
    try demandMove(to: .active)
    try await tx.execute("UPDATE client_user SET state = 'active' WHERE id = \(id)")
    try await tx.count(.userOn(role), of: id)
    try await tx.record(
      "client_user.reactivate", object: object, status: 303,
      detail: "\(name): \(state.label) → \(UserState.active.label)")
  }

  /// Signs the person out everywhere.
  func endSessions(in tx: AuditedTransaction) async throws {
    try await tx.execute("UPDATE client_user SET sessions_ended_at = \(tx.at) WHERE id = \(id)")
    try await tx.record(
      "client_user.end_sessions", object: object, status: 303, detail: "\(name): signed out everywhere")
  }

  /// Forgets the person's second factor, so that they set one up anew.
  func resetSecondFactor(in tx: AuditedTransaction) async throws {
    guard secondFactorSince != nil else { throw ClientUserRefusal.noSecondFactor(self) }
    try await tx.execute("UPDATE client_user SET second_factor_since = NULL WHERE id = \(id)")
    try await tx.record(
      "client_user.reset_second_factor", object: object, status: 303, detail: "\(name): second factor reset")
  }

  private func demandMove(to next: UserState) throws {
    guard state.nextStates.contains(next) else { throw ClientUserRefusal.badTransition(self, to: next) }
  }

  /// The database holds the rule, under a lock, so that two at once do not each leave the other.
  private func keepingAnAdmin(_ write: () async throws -> Void) async throws {
    do {
      try await write()
    } catch let error as PostgresError where error.constraint == "client_user_last_admin" {
      throw ClientUserRefusal.lastAdmin(self)
    }
  }
}

extension ClientUserDraft {
  /// The database holds the rule that an address is one user's.
  fileprivate func holdingAddress(_ write: () async throws -> Void) async throws {
    do {
      try await write()
    } catch let error as PostgresError where error.constraint == "client_user_email" {
      throw Invalid("email", "\(email) is a user here already.")
    } catch let error as PostgresError where error.constraint == "client_user_email_folded" {
      throw Invalid("email", "\(email) cannot be used as an e-mail address here.")
    }
  }
}
