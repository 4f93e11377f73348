// One stay of one staff person in one client's workspace. No clock ends it.

package import EthicoTypes
package import FoundationEssentials

/// One stay of one staff person in one client's workspace.
package struct Impersonation: Sendable, Hashable {
  package let id: ID<Impersonation>
  package let tenant: Tenant
  package let subject: Subject?
  package let entry: EntryKind
  /// The ticket's number, or the words of a ticket link that could not be verified.
  package let ticket: String?
  package let startedAt: Date
  package let ending: Ending?

  package init(
    id: ID<Impersonation>, tenant: Tenant, subject: Subject?, entry: EntryKind, ticket: String?, startedAt: Date,
    ending: Ending?
  ) {
    self.id = id
    self.tenant = tenant
    self.subject = subject
    self.entry = entry
    self.ticket = ticket
    self.startedAt = startedAt
    self.ending = ending
  }

  /// What ended it. In a client that is closed no access is open, whatever its own row says.
  package var endKind: EndKind? {
    ending?.kind ?? (tenant.status == .closed ? .tenantClosed : nil)
  }

  /// The client user as whom a staff person acts.
  package struct Subject: Sendable, Hashable {
    package let id: ID<ClientUser>
    package let name: String
    package let role: ClientRole

    package init(id: ID<ClientUser>, name: String, role: ClientRole) {
      self.id = id
      self.name = name
      self.role = role
    }
  }

  /// How and when an access ended.
  package struct Ending: Sendable, Hashable {
    package let at: Date
    package let kind: EndKind
    /// The name of who ended it.
    package let by: String

    package init(at: Date, kind: EndKind, by: String) {
      self.at = at
      self.kind = kind
      self.by = by
    }
  }
}

/// The right to act in one client's workspace: the only key to `Ledger.tenant`. There is one way to get it with a
/// subject: an open access of the person who is signed in.
package struct ActingContext: Sendable, Hashable {
  package let signedIn: SignedIn
  package let impersonation: Impersonation
  package let request: RequestFacts

  init(signedIn: SignedIn, impersonation: Impersonation, request: RequestFacts) {
    self.signedIn = signedIn
    self.impersonation = impersonation
    self.request = request
  }

  package var staff: Staff { signedIn.staff }
  package var tenant: Tenant { impersonation.tenant }
  package var subject: Impersonation.Subject? { impersonation.subject }

  /// The same right, in a request whose route is known.
  package func named(_ route: String) -> ActingContext {
    var request = request
    request.route = route
    return ActingContext(signedIn: signedIn, impersonation: impersonation, request: request)
  }

  package var author: Author {
    Author(
      .staff(staff.id), session: signedIn.session.id, tenant: tenant.id, impersonation: impersonation.id,
      subject: subject?.id, request: request)
  }
}
