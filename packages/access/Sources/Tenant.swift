// A client organisation, as the console names it.

public import EthicoTypes
import FoundationEssentials

/// A client organisation.
public struct Tenant: Sendable, Hashable {
  /// The UUID that names the client in the database, and its chain in the trail.
  public let id: ID<Tenant>
  /// Names the client in addresses: lower case letters, digits and single hyphens, 80 at most; nobody else's.
  public let slug: String
  /// 1 to 200 characters; several clients may have one name.
  public let name: String
  /// Where it stands with us; in a closed client no workspace is open.
  public let status: TenantStatus

  /// A client as a row names it; nothing is looked up.
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
