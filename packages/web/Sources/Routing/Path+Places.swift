// The addresses that pages of several areas lead to.

public import Access
public import EthicoTypes
public import Markup

extension Path {
  /// A client's card.
  public static func card(_ tenant: Tenant) -> Path { card(slug: tenant.slug) }

  /// The card of a client of whom no more is known than the slug.
  public static func card(slug: String) -> Path { Path("/t").appending(slug) }

  /// The way into a client's workspace.
  public static func enter(_ tenant: Tenant) -> Path { card(tenant).appending("enter") }

  /// The way from inside into the same client as somebody else: the ticket of the access leads there as well.
  /// - Parameter email: the address of that person; `nil` leaves them to be named there.
  public static func enter(from acting: ActingContext, as email: String? = nil) -> Path {
    var path = enter(acting.tenant)
    if let ticket = acting.impersonation.ticketID { path = path.query("ticket", ticket) }
    if let email { path = path.query("as", email) }
    return path
  }

  /// Where the pages of an open access begin.
  public static func access(_ id: ID<Impersonation>) -> Path { Path("/i").appending(id).folder }

  /// The timeline of an access, open or ended.
  public static func timeline(_ id: ID<Impersonation>) -> Path { Path("/audit/accesses").appending(id) }
}
