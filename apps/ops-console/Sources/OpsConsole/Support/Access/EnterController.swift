// The ways in: by hand from a client's card, and by a link from a support ticket. GET shows, POST enters.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web
import Workspace

enum EnterController {
  private typealias Context = StaffContext<ActInWorkspace>

  static func routes(_ routes: Routes) {
    let support = routes.group("", context: Context.self)
    support.get("t/{slug}/enter", name: "impersonation.enter_form", use: form)
    support.post("t/{slug}/enter", name: "impersonation.start", use: enter)
    support.get("enter", name: "impersonation.ticket_form", address: .raw, use: ticketForm)
  }

  private static func form(_ context: Context) async throws -> Answer {
    let card = try await find(try context.word("slug"), context)
    let ticket = try await ticket(context.query("ticket"), card.tenant, context)
    let way = try await EntryWay(context.query("open"), naming: ticket?.subject, into: card.tenant, context)
    let proposed = try await proposed(ticket, card.tenant, context)
    var fields = [(name: "as", value: proposed ?? "")]
    if let ticket { fields.append(("ticket", ticket.id.description)) }
    if let way { fields.append(("open", way.proposed.text)) }
    return .page(EnterView.page(card, nil, FormState(fields), ticket: ticket, way: way))
  }

  /// The address that the form begins with: whom the way here names, else who asked for help, if one can act as them.
  private static func proposed(_ ticket: TicketRecord?, _ tenant: Tenant, _ context: Context) async throws -> String? {
    if let named = context.query("as"), !named.isEmpty { return String(named.prefix(254)) }
    guard let email = ticket?.requesterEmail,
      try await context.ledger.subject(of: tenant.id, email: email) != nil
    else { return nil }
    return email
  }

  /// The ticket of our list that leads in, if the address or the form names one of this client.
  private static func ticket(_ text: String?, _ tenant: Tenant, _ context: Context) async throws -> TicketRecord? {
    guard let text, let id = ID<Ticket>(text), let found = try await context.ledger.ticket(id),
      found.tenant.id == tenant.id
    else { return nil }
    return found
  }

  /// The same page, led to by a ticket link. The link gives no right: whoever may not enter did not get here.
  private static func ticketForm(_ context: Context) async throws -> Answer {
    let link = ticketLink(context.rawQuery, context)
    guard let card = try await context.ledger.tenantCard(link.tenantSlug, for: context.staff.id) else {
      guard context.wantsHTML else { throw Problem.notFound }
      return .page(EnterView.unknownClient(link), status: .notFound)
    }
    let way = try await EntryWay(link.place, naming: link.said(to: card.tenant), into: card.tenant, context)
    let state = FormState(
      [("as", link.userEmail ?? ""), ("link", context.rawQuery)] + (way.map { [("open", $0.proposed.text)] } ?? []))
    return .page(EnterView.page(card, link, state, way: way))
  }

  /// What the access keeps of the ticket that the form names; one that is not this client's stays as words.
  private static func kept(_ ticket: TicketRecord?, _ context: Context) -> EntryTicket? {
    if let ticket { return .kept(ticket.id, number: ticket.number) }
    return context.form.fields.given("ticket").map { .unverified($0) }
  }

  private static func enter(_ context: Context) async throws -> Answer {
    let card = try await find(try context.word("slug"), context)
    let link = context.form.fields.given("link").map { ticketLink($0, context) }
    let ticket = try await ticket(context.form.fields.given("ticket"), card.tenant, context)
    let way = try await EntryWay(
      context.form.fields.given("open"), naming: link?.said(to: card.tenant) ?? ticket?.subject, into: card.tenant,
      context)
    do {
      var entry = try await entry(card.tenant, link, context)
      if entry.ticket == nil { entry.ticket = kept(ticket, context) }
      let id = try await context.ledger.enter(
        card.tenant, entry, startsPerMinute: context.console.settings.limits.accessStarts, by: context.signedIn,
        request: context.facts)
      let place = context.form.fields.given("open").flatMap(WorkspacePlace.init)
      let there = place?.path(in: id) ?? .access(id)
      guard let led = entry.ticket, try await !context.ledger.isAccess(id, under: led) else { return .redirect(there) }
      return .redirect(there.query("done", AccessBanner.otherTicket))
    } catch let invalid as Invalid {
      // Who asks for addresses at a client leaves a trace, whatever the answer.
      try await context.ledger.refuse(
        context.author.on(card.tenant.id), action: "impersonation.start", outcome: .failed, status: 422,
        detail: context.form.fields.given("as").map { String($0.prefix(254)) })
      guard context.wantsHTML else { throw Self.problem(invalid) }
      let state = FormState(context.form.fields, errors: invalid.errors)
      return .page(
        EnterView.page(card, link, state, ticket: ticket, way: way), status: .unprocessableContent)
    } catch let exceeded as RateExceeded {
      try await context.note(exceeded, by: context.author)
      guard context.wantsHTML else { throw exceeded }
      let state = FormState(context.form.fields)
      let page = EnterView.page(card, link, state, ticket: ticket, way: way, setback: Setback(exceeded))
      return .exceeded(exceeded, page)
    } catch EntryRefusal.capabilityTaken {
      try await context.ledger.refuse(
        context.author.on(card.tenant.id), action: "impersonation.start", status: 403)
      throw Problem.capability(.supportAct)
    } catch EntryRefusal.tenantClosed {
      try await context.ledger.refuse(
        context.author.on(card.tenant.id), action: "impersonation.start", outcome: .conflict, status: 409)
      throw Problem(
        .conflict, "tenant_closed", "\(card.tenant.name) has left us, and its workspace is shut.",
        "Nothing was changed. Its card and its audit trail are still there.")
    }
  }

  private static func find(_ slug: String, _ context: Context) async throws -> TenantCard {
    guard let card = try await context.ledger.tenantCard(slug, for: context.staff.id) else { throw Problem.notFound }
    return card
  }

  private static func ticketLink(_ query: String, _ context: Context) -> TicketLink {
    TicketLink.read(query, keys: context.console.settings.ticketKeys, now: context.ledger.timepiece.now())
  }

  /// What the form says, checked.
  private static func entry(_ tenant: Tenant, _ link: TicketLink?, _ context: Context) async throws -> Entry {
    let fields = context.form.fields
    var entry = Entry(kind: link == nil ? .manualSearch : .ticketLink)
    for (field, noun) in [("link", "A ticket link"), ("ticket", "A ticket")] {
      let error = FieldError(tooLong: fields[field] ?? "", field, noun, limit: Entry.ticketLimit)
      if let error { throw Invalid([error]) }
    }
    entry.ticket = link?.ticket(for: tenant)
    entry.note = fields.given("note")
    if let error = FieldError(tooLong: entry.note ?? "", "note", "A note", limit: Entry.noteLimit) {
      throw Invalid([error])
    }
    if let reason = fields.given("reason") {
      guard let known = EntryReason(rawValue: reason) else {
        throw Invalid("reason", "Choose one of the reasons, or none.")
      }
      entry.reason = known
    }
    if let email = fields.given("as") {
      guard let subject = try await context.ledger.subject(of: tenant.id, email: email) else {
        throw Invalid("as", "Nobody active at \(tenant.name) has the address \(email).")
      }
      entry.subject = subject
    }
    return entry
  }

  private static func problem(_ invalid: Invalid) -> Problem {
    let isUnknown = invalid.errors.contains { $0.field == "as" }
    return Problem(
      .unprocessableContent, isUnknown ? "no_such_user" : "invalid", "You were not let in yet.", "Nothing was changed.",
      fields: invalid.errors)
  }
}

/// Where somebody who enters may want to stand, and their open accesses of the client, which lead there without a new
/// one.
struct EntryWay: Sendable {
  /// The record that the address names; `nil` where one is only spoken of.
  let named: WorkspacePlace?
  /// The records that a ticket speaks of, to choose from.
  let offered: [WorkspacePlace]
  /// What is led to unless somebody chooses otherwise.
  let proposed: WorkspacePlace
  let open: [Impersonation]

  /// So many records of one ticket are offered.
  private static let offerLimit = 5

  /// - Parameters:
  ///   - text: the place in the address or the form.
  ///   - words: what the ticket says; the references in it are offered.
  /// - Returns: `nil` where no record is named.
  init?(
    _ text: String?, naming words: String?, into tenant: Tenant, _ context: StaffContext<ActInWorkspace>
  ) async throws {
    let spoken = RecordReference.all(in: words ?? "").prefix(Self.offerLimit).map { WorkspacePlace($0) }
    let wanted = text.flatMap(WorkspacePlace.init)
    named = wanted.flatMap { spoken.contains($0) ? nil : $0 }
    offered = named == nil ? spoken : []
    guard let proposed = wanted ?? spoken.first else { return nil }
    self.proposed = proposed
    open = try await context.ledger.openAccesses(of: context.staff.id).filter { $0.tenant.id == tenant.id }
  }

  var places: [WorkspacePlace] { named.map { [$0] } ?? offered }
}

extension TicketLink {
  /// What an entry keeps of the link.
  fileprivate func ticket(for tenant: Tenant) -> EntryTicket {
    switch verification {
    case .verified where tenantSlug == tenant.slug:
      .verified(source: source, externalID: externalID, requester: userEmail)
    case .verified, .unverified:
      .unverified(words)
    }
  }

  /// What the other system says of the ticket, where it is known to say it; `nil` where anybody could have.
  fileprivate func said(to tenant: Tenant) -> String? {
    switch verification {
    case .verified where tenantSlug == tenant.slug: words
    case .verified, .unverified: nil
    }
  }
}
