// The named world: the people and clients that tests and the demo share.

package import Access
package import EthicoTypes
package import Foundation
import Postgres

/// Names of what the seed makes.
package enum World {
  /// The present of every test until it moves its clock.
  package static let now = Date(timeIntervalSince1970: 1_795_600_000)

  package static let support = "support@ethico.example"
  package static let supportL1 = "support-l1@ethico.example"
  /// Has not been at any client.
  package static let supportL2 = "support-l2@ethico.example"
  package static let auditor = "auditor@ethico.example"
  package static let admin = "admin@ethico.example"
  package static let implementation = "implementation@ethico.example"

  package static let acmeHealth = Tenant(
    id: ID("0193a5c0-0000-7000-8000-000000000001") ?? ID(Chain.platform), slug: "acme-health", name: "Acme Health",
    status: .live)
  package static let borealisBank = Tenant(
    id: ID("0193a5c0-0000-7000-8000-000000000002") ?? ID(Chain.platform), slug: "borealis-bank", name: "Borealis Bank",
    status: .live)
}

extension TestDatabase {
  /// The facts of a request that a test makes up.
  package func facts(_ route: String = "test") -> RequestFacts {
    RequestFacts(id: ledger.ids.next(at: clock.now), ip: "127.0.0.1", method: "POST", route: route)
  }

  /// An author without a person.
  package func system(_ tenant: Tenant? = nil) -> Author {
    Author(.system("test"), tenant: tenant?.id, request: facts())
  }

  /// Signs a person in.
  package func signIn(_ email: String) async throws -> (token: SessionToken, signedIn: SignedIn) {
    let opened = try await ledger.openSession(for: email, method: "demo", agent: "test", request: facts("sign_in.demo"))
    guard let opened else { throw Missing(what: email) }
    return opened
  }

  /// Signs a person in and enters a client's workspace.
  package func enter(_ tenant: Tenant, as email: String = World.support, subject: String? = nil) async throws
    -> ActingContext
  {
    let (token, signedIn) = try await signIn(email)
    var entry = Entry(kind: .manualSearch)
    if let subject { entry.subject = try await ledger.subject(of: tenant.id, email: subject) }
    let id = try await ledger.enter(tenant, entry, by: signedIn, request: facts("impersonation.start"))
    guard case .open(let acting) = try await ledger.access(token, id, request: facts()) else {
      throw Missing(what: "access")
    }
    return acting
  }

  /// The address of somebody active at Acme who has that role.
  package func address(of role: ClientRole) async throws -> String {
    let found = try await superuser().query(
      .superuser,
      """
      SELECT email FROM client_user
      WHERE tenant_id = \(World.acmeHealth.id) AND role = \(role.rawValue) AND state = 'active' ORDER BY email LIMIT 1
      """, as: String.self)
    guard let address = found.first else { throw Missing(what: role.rawValue) }
    return address
  }

  /// Something that the world should have.
  package struct Missing: Error {
    package let what: String
  }
}
