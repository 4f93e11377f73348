// The start refuses roles that may more than they should, and servers that are too old. Roles are the whole cluster's,
// and other tests log in with them: each is weakened in a transaction that is never committed, where nobody sees it.

import EthicoTypes
import Postgres
import TestSupport
import Testing

@testable import Access

@Suite("The self-check of roles and server", .serialized)
struct RoleCheckTests {
  /// What a check found in a transaction that is undone.
  private struct Undone: Error {
    let found: [Weakness]
  }

  static let logins = ["console_tenant", "console_fleet", "console_bypass", "console_audit", "portal_tenant"]
  static let excesses = [
    ("SUPERUSER", "superuser"), ("INHERIT", "inherits"), ("BYPASSRLS", "bypasses row-level security"),
    ("CREATEROLE", "creates roles"), ("CREATEDB", "creates databases"), ("REPLICATION", "replicates"),
  ]

  @Test("names a login role that has more than it should, and what", arguments: logins)
  func excess(login: String) async throws {
    let db = try await TestDatabase.make()
    // To look past row-level security is what console_bypass is for.
    for (attribute, says) in Self.excesses where (login, attribute) != ("console_bypass", "BYPASSRLS") {
      let found = try await found(under: "ALTER ROLE \(login) \(attribute)", db)
      #expect(found.contains("role \(login) has more than it should: \(says)"), "\(attribute): \(found)")
    }
  }

  @Test(
    "names a membership",
    arguments: [
      ("console_tenant", "ethico_owner"), ("console_fleet", "console_bypass"), ("console_bypass", "ethico_owner"),
      ("console_audit", "ethico_migrator"), ("portal_tenant", "console_tenant"), ("ethico_audit", "ethico_owner"),
      ("ethico_search", "ethico_audit"),
    ])
  func membership(of role: String, in group: String) async throws {
    let db = try await TestDatabase.make()
    let found = try await found(under: "GRANT \(group) TO \(role)", db)
    #expect(found.contains("role \(role) is a member of \(group)"), "\(found)")
  }

  @Test("what was weakened for a moment is as it was")
  func undone() async throws {
    let db = try await TestDatabase.make()
    let found = try await found(under: "ALTER ROLE console_tenant SUPERUSER", db)
    #expect(!found.isEmpty)
    #expect(try await db.ledger.weaknesses() == [])
  }

  @Test(
    "a server before 15 is refused, and a minor with known faults is told of",
    arguments: [
      (90_624, .tooOld("the server is PostgreSQL 9, and it takes 15 or newer")),
      (149_999, .tooOld("the server is PostgreSQL 14, and it takes 15 or newer")),
      (150_000, .faulty("the server is PostgreSQL 15.0, and 15.20 mends known faults")),
      (150_019, .faulty("the server is PostgreSQL 15.19, and 15.20 mends known faults")),
      (150_020, .sound), (160_000, .sound), (180_003, .sound),
    ] as [(Int, ServerVersion.Verdict)])
  func version(number: Int, verdict: ServerVersion.Verdict) {
    #expect(ServerVersion(number: number).verdict == verdict)
  }

  @Test("the server is asked for its version")
  func asked() async throws {
    let db = try await TestDatabase.make()
    #expect(try await db.ledger.serverVersion().number >= 150_000)
  }

  /// What the check says while a statement holds that is then undone.
  private func found(under statement: String, _ db: TestDatabase) async throws -> [String] {
    let superuser = db.superuser()
    let undone = await #expect(throws: Undone.self) {
      try await superuser.transaction(.superuser) { tx in
        try await tx.execute(SQL(trusted: statement))
        throw Undone(found: try await SelfCheck.weaknesses(in: tx))
      }
    }
    await superuser.close()
    return undone?.found.map(\.description) ?? []
  }
}
