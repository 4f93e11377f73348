// A domain of a client: what its people's addresses end in, and by which it is found once it is verified.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// A domain as its page lists it.
struct Domain: Sendable, Hashable {
  let id: ID<Domain>
  let name: String
  let verifiedAt: Date?
  let version: Int

  static let nameLimit = 253

  static func object(_ id: ID<Domain>) -> AuditObject { AuditObject("domain", id) }
}

/// The name of a domain as somebody wants it, checked.
struct DomainName: Sendable, Hashable {
  /// Folded to lower case.
  let text: String

  /// - Throws: `Invalid` for what is no name of a host with a top-level domain [RFC 1123, 2.1].
  init(_ fields: FormFields) throws {
    text = (fields["name"] ?? "").lowercased()
    let label = #/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/#
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, text.utf8.count <= Domain.nameLimit, labels.allSatisfy({ $0.wholeMatch(of: label) != nil }),
      labels.last?.contains(where: \.isLetter) ?? false
    else {
      throw Invalid("name", "Write a domain without https:// and path, as example.com.")
    }
  }
}

/// Why a domain was left as it was.
enum DomainRefusal: Refusal, Hashable {
  /// Somebody changed it after the page was made.
  case stale(Domain)

  var setback: Setback {
    switch self {
    case .stale(let now):
      Setback(
        .conflict, "stale", "\(now.name) was changed while you looked at it.",
        "Nothing was changed. The list shows it as it is now.")
    }
  }
}

extension Domain {
  /// Every domain of the client, by name.
  static func all(in tx: AuditedTransaction) async throws -> [Domain] {
    try await tx.query(
      "SELECT id, name, verified_at, version FROM domain ORDER BY name LIMIT 1000", as: Domain.self)
  }

  /// One domain, for a rule that is about to change it: throws where there is none, and holds the row.
  static func hold(_ id: ID<Domain>, in tx: AuditedTransaction) async throws -> Domain {
    let found = try await tx.first(
      "SELECT id, name, verified_at, version FROM domain WHERE id = \(id) FOR UPDATE", as: Domain.self)
    guard let found else { throw RecordMissing() }
    return found
  }

  /// Adds a domain. It counts once it is verified, which is not done here.
  static func add(_ name: DomainName, in tx: AuditedTransaction) async throws {
    let id: ID<Domain> = tx.newID()
    do {
      try await tx.execute(
        "INSERT INTO domain (tenant_id, id, name) VALUES (\(tx.author.tenant), \(id), \(name.text))")
    } catch let error as PostgresError where error.constraint == "domain_name" {
      throw Invalid("name", "\(name.text) is a domain of this client already.")
    }
    try await tx.record("domain.add", object: object(id), status: 303, detail: "\(name.text): not verified")
  }

  /// Takes the domain from the client: from now on nobody finds the client by it. The trail keeps what it was.
  func retire(in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM domain WHERE id = \(id)")
    try await tx.record("domain.retire", object: Self.object(id), status: 303, detail: name)
  }
}

extension Domain: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    verifiedAt = try row["verified_at"]
    version = try row["version"]
  }
}
