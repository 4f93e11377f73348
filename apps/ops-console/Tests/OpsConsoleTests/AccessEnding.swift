// The ways in which an access ends, for the matrix of permissions.

import Access
import EthicoTypes
import Postgres
import TestSupport
import Testing
import Web

/// Why nobody stands in a client any more, though they are signed in.
enum AccessEnding: CaseIterable {
  /// Its person left …
  case left
  /// … or somebody ended it …
  case revoked
  /// … or it ended with the client.
  case clientClosed

  /// Lets it happen to those accesses of Acme.
  func happen(to visits: [Visit], _ db: TestDatabase) async throws {
    switch self {
    case .left:
      for visit in visits {
        #expect(try await visit.browser.post("/i/\(visit.access)/exit").gist == "303 /exited/\(visit.access)")
      }
    case .revoked:
      for visit in visits {
        let access = try #require(ID<Impersonation>(visit.access))
        try await db.ledger.endAccess(access, of: visit.staff, by: try await administrator(db))
      }
    case .clientClosed:
      let acme = World.acmeHealth
      let standing = try #require(try await db.ledger.standing(of: acme.id))
      let closing = StatusChange(.closed, because: "A test has its reasons.")
      try await db.ledger.set(closing, of: acme, version: standing.version, by: try await administrator(db))
    }
  }

  private func administrator(_ db: TestDatabase) async throws -> Administrator {
    Administrator(try await db.signIn(World.admin).signedIn, request: db.facts("staff"))
  }

  /// Somebody who stands in Acme.
  struct Visit {
    /// What they may do, by the name of its preset.
    let preset: String
    let staff: ID<Staff>
    let browser: RouterClient
    let access: String
  }
}
