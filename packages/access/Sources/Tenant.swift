// A client organisation, as the console names it.

public import EthicoTypes
import FoundationEssentials

/// A client organisation.
public struct Tenant: Sendable, Hashable {
  public let id: ID<Tenant>
  public let slug: String
  public let name: String
  public let status: TenantStatus

  public init(id: ID<Tenant>, slug: String, name: String, status: TenantStatus) {
    self.id = id
    self.slug = slug
    self.name = name
    self.status = status
  }

  /// One of eight hues by which a client's pages are framed: the last byte of its id, modulo 8.
  public var hue: Int {
    Int(id.uuid.uuid.15 % 8)
  }
}

/// A person who signs in at a client, for ids; the record itself is the workspace's.
public enum ClientUser {}
