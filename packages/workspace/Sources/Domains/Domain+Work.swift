// The verbs of a domain: add it, rename it, mark it as verified or not, retire it.

import Access
import EthicoTypes
import HTTPTypes
import Postgres
import Web

extension Domain {
  private static let columns: SQL = "SELECT id, name, verified_at, proof, version FROM domain"

  /// Every domain of the client, by name.
  static func all(in tx: AuditedTransaction) async throws -> [Domain] {
    try await tx.query("\(fragment: columns) ORDER BY name LIMIT 1000", as: Domain.self)
  }

  /// One domain, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Domain>, in tx: AuditedTransaction) async throws -> Domain {
    let found = try await tx.first("\(fragment: columns) WHERE id = \(id) FOR UPDATE", as: Domain.self)
    guard let found else { throw RecordMissing() }
    return found
  }

  /// Throws when somebody changed the domain after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw DomainRefusal.stale(self) }
  }

  /// Adds a domain. It counts once it is verified.
  static func add(_ name: DomainName, in tx: AuditedTransaction) async throws -> ID<Domain> {
    let id: ID<Domain> = tx.newID()
    try await unique(name) {
      try await tx.execute(
        "INSERT INTO domain (tenant_id, id, name) VALUES (\(tx.author.tenant), \(id), \(name.text))")
    }
    try await tx.record("domain.add", object: object(id), status: 303, detail: "\(name.text): not verified")
    return id
  }

  /// Gives the domain another name. What was proven was proven of the former one, so it has to be verified again.
  func rename(_ next: DomainName, in tx: AuditedTransaction) async throws {
    guard next.text != name else { throw Invalid("name", "It is \(name) already.") }
    try await Self.unique(next) {
      try await tx.execute(
        "UPDATE domain SET name = \(next.text), verified_at = NULL, proof = NULL WHERE id = \(id)")
    }
    let lapsed = verifiedAt == nil ? "" : "; not verified any more"
    try await tx.record("domain.edit", object: object, status: 303, detail: "\(next.text): before \(name)\(lapsed)")
  }

  /// Says that the domain is the client's: from now on the client is found by it.
  func verify(_ proof: DomainProof, in tx: AuditedTransaction) async throws {
    guard verifiedAt == nil else { throw DomainRefusal.badTransition(self) }
    try await tx.execute("UPDATE domain SET verified_at = \(tx.at), proof = \(proof.text) WHERE id = \(id)")
    try await tx.record("domain.verify", object: object, status: 303, detail: "\(name): \(proof.text)")
  }

  /// Takes that back: the client is not found by it any more.
  func unverify(in tx: AuditedTransaction) async throws {
    guard verifiedAt != nil else { throw DomainRefusal.badTransition(self) }
    try await tx.execute("UPDATE domain SET verified_at = NULL, proof = NULL WHERE id = \(id)")
    try await tx.record("domain.unverify", object: object, status: 303, detail: "\(name): not verified any more")
  }

  /// Takes the domain from the client: from now on nobody finds the client by it. The trail keeps what it was.
  func retire(in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM domain WHERE id = \(id)")
    try await tx.record("domain.retire", object: object, status: 303, detail: name)
  }

  private static func unique(_ name: DomainName, _ write: () async throws -> Int) async throws {
    do {
      _ = try await write()
    } catch let error as PostgresError where error.constraint == "domain_name" {
      throw Invalid("name", "\(name.text) is a domain of this client already.")
    }
  }
}
