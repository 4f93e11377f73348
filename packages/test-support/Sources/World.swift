// The named world: the people and clients that tests and the demo share.

public import Access
public import EthicoTypes
public import Foundation
import Postgres

/// Names of what the seed makes.
public enum World {
  /// The present of every test until it moves its clock.
  public static let now = Date(timeIntervalSince1970: 1_795_600_000)

  public static let support = "support@ethico.example"
  public static let supportL1 = "support-l1@ethico.example"
  /// Has not been at any client.
  public static let supportL2 = "support-l2@ethico.example"
  public static let auditor = "auditor@ethico.example"
  public static let admin = "admin@ethico.example"
  public static let implementation = "implementation@ethico.example"

  public static let acmeHealth = Tenant(
    id: ID("0193a5c0-0000-7000-8000-000000000001") ?? ID(Chain.platform), slug: "acme-health", name: "Acme Health",
    status: .live)
  public static let borealisBank = Tenant(
    id: ID("0193a5c0-0000-7000-8000-000000000002") ?? ID(Chain.platform), slug: "borealis-bank", name: "Borealis Bank",
    status: .live)
}

extension TestDatabase {
  /// The facts of a request that a test makes up.
  public func facts(_ route: String = "test") -> RequestFacts {
    RequestFacts(id: ledger.ids.next(at: clock.now), ip: "127.0.0.1", method: "POST", route: route)
  }

  /// An author without a person.
  public func system(_ tenant: Tenant? = nil) -> Author {
    Author(.system("test"), tenant: tenant?.id, request: facts())
  }

  /// Signs a person in.
  public func signIn(_ email: String) async throws -> (token: SessionToken, signedIn: SignedIn) {
    let opened = try await ledger.openSession(for: email, method: "demo", agent: "test", request: facts("sign_in.demo"))
    guard let opened else { throw Missing(what: email) }
    return opened
  }

  /// Signs a person in and enters a client's workspace.
  public func enter(_ tenant: Tenant, as email: String = World.support, subject: String? = nil) async throws
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
  public func address(of role: ClientRole) async throws -> String {
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
  public struct Missing: Error {
    public let what: String
  }
}
