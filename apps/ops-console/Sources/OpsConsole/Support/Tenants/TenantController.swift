// The directory of clients and the card of one.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum TenantController {
  static func routes(_ routes: Routes) {
    let everybody = routes.group("t/{slug}", context: StaffContext<ReadTenants>.self)
    everybody.get("", name: "tenant.show", use: card)
    everybody.post("pin", name: "staff_pin.set", use: pin)
    let searchers = routes.group("tenants", context: StaffContext<SearchDirectory>.self)
    searchers.get("", name: "tenant.list", use: list)
  }

  private static func list(_ context: StaffContext<SearchDirectory>) async throws -> Answer {
    let query = try DirectoryQuery(context)
    if let exceeded = context.exceeded {
      try await context.note(exceeded, by: context.author)
      guard context.wantsHTML else { throw exceeded }
      return .exceeded(exceeded, DirectoryView.exceeded(query, Setback(exceeded)))
    }
    let found = try await context.ledger.directory(query, for: context.staff.id)
    return .page(DirectoryView.page(found, query, context.staff))
  }

  private static func card(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let card = try await find(context)
    let accesses = try await context.ledger.openAccesses(of: context.staff.id).filter { $0.tenant.id == card.tenant.id }
    return .page(TenantCardView.page(card, accesses: accesses, context))
  }

  private static func pin(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let card = try await find(context)
    let wanted: TenantCard.Pinned = context.form.fields["pinned"] == "yes" ? .pinned : .notPinned
    do {
      try await context.ledger.pin(card.tenant, wanted, by: context.signedIn, request: context.facts)
    } catch PinRefusal.full {
      throw Problem(.conflict, "pins_full", "You have pinned twelve clients already.", "Unpin one of them first.")
    }
    let done = wanted == .pinned ? "pinned" : "unpinned"
    return .redirect(.card(card.tenant).query("done", done))
  }

  private static func find(_ context: StaffContext<ReadTenants>) async throws -> TenantCard {
    guard let card = try await context.ledger.tenantCard(try context.word("slug"), for: context.staff.id) else {
      throw Problem.notFound
    }
    return card
  }
}

extension DirectoryQuery {
  /// Reads what is looked for from the address.
  /// - Throws: `Problem` 422 for a search longer than 100 characters, 400 for a cursor of another list.
  init(_ context: StaffContext<SearchDirectory>) throws {
    self.init(
      words: context.query("q")?.trimmed ?? "",
      statuses: context.queries("status").compactMap(TenantStatus.init(rawValue:)),
      tiers: context.queries("tier").compactMap(Tier.init(rawValue:)),
      industries: context.queries("industry").compactMap(Industry.init(rawValue:)),
      only: context.query("only").flatMap(Only.init(rawValue:)), limit: context.limit)
    guard words.count <= Self.wordsLimit else {
      throw Problem(
        .unprocessableContent, "invalid", "A search has at most \(Self.wordsLimit) characters.", "Use fewer words.",
        fields: [FieldError("q", "At most \(Self.wordsLimit) characters.")])
    }
    guard let text = context.query("after") else { return }
    let parts = try CursorText.read(text, count: 3, fingerprint: fingerprint)
    guard let rank = Int(parts[0]), let id = ID<Tenant>(parts[2]) else { throw Problem.badCursor }
    after = Cursor(rank: rank, name: parts[1], id: id)
  }

  /// What binds a cursor to this search.
  var fingerprint: String {
    parameters.map { $0.name + "=" + $0.value }.joined(separator: "&")
  }

  /// The search as parameters of the address, without the position.
  var parameters: [(name: String, value: String)] {
    var parameters: [(name: String, value: String)] = []
    if !words.isEmpty { parameters.append(("q", words)) }
    parameters += statuses.map { ("status", $0.rawValue) }
    parameters += tiers.map { ("tier", $0.rawValue) }
    parameters += industries.map { ("industry", $0.rawValue) }
    if let only { parameters.append(("only", only.rawValue)) }
    if limit != 50 { parameters.append(("limit", String(limit))) }
    return parameters
  }
}

extension DirectoryPage {
  func nextText(_ query: DirectoryQuery) -> String? {
    next.map { CursorText.make([String($0.rank), $0.name, $0.id.description], fingerprint: query.fingerprint) }
  }
}
