// The audit trail for people: the timeline of an access, of a client, of everything.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum AuditController {
  /// One's own access with `support.act`, anybody's with `audit.read`; else there is none.
  static func access(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let id = try context.id("impersonation", of: Impersonation.self)
    let summary = try await context.ledger.accessSummary(id)
    guard let summary, isVisible(summary, to: context.staff) else {
      try await context.ledger.refuse(
        context.author, action: "access.denied", object: AuditObject("impersonation", id), status: 404)
      throw Problem.notFound
    }
    let query = try TrailQuery(.access(id), context)
    let page = try await context.ledger.trail(query, by: context.signedIn, request: context.facts)
    let tally = try await context.ledger.tally(of: id)
    return .page(TimelineView.access(summary, tally, page, query, context))
  }

  static func events(_ context: StaffContext<ReadAudit>) async throws -> Answer {
    let query = try TrailQuery(.everything, context)
    let page = try await context.ledger.trail(query, by: context.signedIn, request: context.facts)
    return .page(TimelineView.events(page, query, context))
  }

  static func tenant(_ context: StaffContext<ReadAudit>) async throws -> Answer {
    guard let card = try await context.ledger.tenantCard(try context.word("slug"), for: context.staff.id) else {
      throw Problem.notFound
    }
    let query = try TrailQuery(.tenant(card.tenant.id), context)
    let page = try await context.ledger.trail(query, by: context.signedIn, request: context.facts)
    return .page(TimelineView.tenant(card.tenant, page, query, context))
  }

  private static func isVisible(_ summary: AccessSummary, to staff: Staff) -> Bool {
    staff.may(.auditRead) || (staff.may(.supportAct) && summary.staff == staff.id)
  }
}

extension TrailQuery {
  /// Reads filter and position from the address.
  init(_ scope: Scope, _ context: some GuardedContext) throws {
    self.init(
      scope, only: context.query("only").flatMap(Only.init(rawValue:)), action: context.query("action"),
      limit: context.query("limit") == nil ? 100 : context.limit)
    guard let text = context.query("after") else { return }
    let parts = try CursorText.read(text, count: 2, fingerprint: fingerprint)
    guard let id = ID<AuditEvent>(parts[1]) else { throw Problem.badCursor }
    after = Cursor(at: try CursorDate.read(parts[0]), id: id)
  }

  var fingerprint: String {
    "\(scope)|\(only?.rawValue ?? "")|\(action ?? "")"
  }

  var parameters: [(name: String, value: String)] {
    var parameters: [(name: String, value: String)] = []
    if let only { parameters.append(("only", only.rawValue)) }
    if let action { parameters.append(("action", action)) }
    return parameters
  }
}

extension TrailPage {
  func nextText(_ query: TrailQuery) -> String? {
    next.map { CursorText.make([CursorDate.text($0.at), $0.id.description], fingerprint: query.fingerprint) }
  }
}
