// A client organisation, as the console names it.

package import EthicoTypes
import FoundationEssentials

/// A client organisation.
package struct Tenant: Sendable, Hashable {
  package let id: ID<Tenant>
  package let slug: String
  package let name: String
  package let status: TenantStatus

  package init(id: ID<Tenant>, slug: String, name: String, status: TenantStatus) {
    self.id = id
    self.slug = slug
    self.name = name
    self.status = status
  }

  /// One of eight hues by which a client's pages are framed: the last byte of its id, modulo 8.
  package var hue: Int {
    Int(id.uuid.uuid.15 % 8)
  }
}

/// A person who signs in at a client, for ids; the record itself is the workspace's.
package enum ClientUser {}
