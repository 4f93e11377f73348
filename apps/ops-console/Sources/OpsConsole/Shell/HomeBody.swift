// What programs read of the first page, and of the accesses that stand on it.

import Access
import EthicoTypes
import FoundationEssentials

/// The JSON face of home.
struct HomeBody: Encodable, Sendable {
  let openAccesses: [OpenAccessBody]
  let pinned: [TenantItemBody]
  let recent: [TenantItemBody]
  let tickets: [TicketBody]

  init(_ accesses: [Impersonation], pinned: [DirectoryEntry], recent: [DirectoryEntry], tickets: [TicketRecord]) {
    openAccesses = accesses.map(OpenAccessBody.init)
    self.pinned = pinned.map(TenantItemBody.init)
    self.recent = recent.map(TenantItemBody.init)
    self.tickets = tickets.map(TicketBody.init)
  }

  enum CodingKeys: String, CodingKey {
    case pinned, recent, tickets
    case openAccesses = "open_accesses"
  }
}

/// One open access, for the switcher.
struct OpenAccessBody: Encodable, Sendable {
  let impersonation: ID<Impersonation>
  let tenant: Name
  let subject: Name?
  let started: Date

  struct Name: Encodable, Sendable {
    var slug: String?
    let name: String
  }

  init(_ access: Impersonation) {
    impersonation = access.id
    tenant = Name(slug: access.tenant.slug, name: access.tenant.name)
    subject = access.subject.map { Name(name: $0.name) }
    started = access.startedAt
  }
}
