// Those who work on a case beside its lead: added and removed one by one.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Case {
  /// The most people who may work on a case beside its lead. The database holds the same.
  static let membersLimit = 10

  /// Lets somebody work on the case beside its lead.
  func add(member user: ID<ClientUser>?, in tx: AuditedTransaction) async throws {
    try demandItself()
    guard members.count < Self.membersLimit else { throw CaseRefusal.full(self) }
    guard let user else { throw Invalid("member", "Choose who is to work on the case.") }
    guard let candidate = try await LeadCandidate.find(user, in: tx) else {
      throw Invalid("member", "Choose one of the active people who may work on cases.")
    }
    let person = candidate.person
    guard !members.contains(person), lead != person else {
      throw Invalid("member", "\(person.name) works on this case already.")
    }
    if let bar = try await bar(of: user, in: tx) { throw CaseRefusal.conflict(person.name, bar, .member) }
    let assignment: ID<Case> = tx.newID()
    try await tx.sql.execute(together: [
      """
      INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part)
      VALUES (\(tx.author.tenant), \(assignment), \(id), \(user), 'member')
      """,
      touch(at: tx.at),
    ])
    try await tx.record("case_member.add", object: object, status: 303, detail: "\(reference): \(person.name)")
  }

  /// Takes somebody off the case who works on it beside its lead.
  func remove(member person: PersonReference, in tx: AuditedTransaction) async throws {
    try demandItself()
    guard members.contains(person) else { throw CaseRefusal.noMember(self, person) }
    try await tx.sql.execute(together: [
      """
      UPDATE case_assignment SET ended_at = \(tx.at)
      WHERE case_id = \(id) AND user_id = \(person.id) AND part = 'member' AND ended_at IS NULL
      """,
      touch(at: tx.at),
    ])
    try await tx.record("case_member.remove", object: object, status: 303, detail: "\(reference): \(person.name)")
  }

  /// Who works on a case is part of it: whoever saw it with others has to look again.
  private func touch(at moment: Date) -> SQL {
    "UPDATE \"case\" SET changed_at = \(moment) WHERE id = \(id)"
  }
}

extension PersonReference {
  /// A client user; throws where the client has none of that id.
  static func find(_ user: ID<ClientUser>, in tx: AuditedTransaction) async throws -> PersonReference {
    let found = try await tx.first("SELECT id, name FROM client_user WHERE id = \(user)", as: PersonReference.self)
    guard let found else { throw RecordMissing() }
    return found
  }
}
