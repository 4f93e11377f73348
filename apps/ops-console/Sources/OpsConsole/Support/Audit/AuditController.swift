// The audit trail for people: the timeline of an access, of a client, of everything.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum AuditController {
  static func routes(_ routes: Routes) {
    routes.group("audit", context: StaffContext<ReadTenants>.self)
      .get("accesses/{impersonation}", name: "audit.access", use: access)
    let auditors = routes.group("audit", context: StaffContext<ReadAudit>.self)
    auditors.get("", name: "audit") { _ in .redirect(.trail) }
    auditors.get("events", name: "audit.events", use: events)
    auditors.get("tenants/{slug}", name: "audit.tenant", use: tenant)
  }

  /// One's own access with `support.act`, anybody's with `audit.read`; else there is none.
  private static func access(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let id = try context.id("impersonation", of: Impersonation.self)
    let summary = try await context.ledger.accessSummary(id)
    guard let summary, isVisible(summary, to: context.staff) else {
      try await context.ledger.refuse(
        context.author, action: "access.denied", object: AuditObject("impersonation", id), status: 404)
      throw Problem.notFound
    }
    let form = try await TrailForm([.action], context)
    guard form.errors.isEmpty else { throw Problem(form) }
    let query = try TrailQuery(.access(id), form, context)
    let page = try await context.ledger.trail(query, by: context.signedIn, request: context.facts)
    let tally = try await context.ledger.tally(of: id)
    let staff = try await context.ledger.names(of: page.staffActedUpon)
    return .page(TimelineView.page(summary, tally, TrailFile(query, page, form, staff: staff), context))
  }

  private static func isVisible(_ summary: AccessSummary, to staff: Staff) -> Bool {
    staff.may(.auditRead) || (staff.may(.supportAct) && summary.staff == staff.id)
  }

  private static func events(_ context: StaffContext<ReadAudit>) async throws -> Answer {
    try await search(.everything, context)
  }

  private static func tenant(_ context: StaffContext<ReadAudit>) async throws -> Answer {
    guard let card = try await context.ledger.tenantCard(try context.word("slug"), for: context.staff.id) else {
      throw Problem.notFound
    }
    return try await search(TrailPlace(card.tenant), context)
  }

  /// Looks for something in a trail as long as may be. A question that is not understood is written down as well.
  private static func search(_ place: TrailPlace, _ context: StaffContext<ReadAudit>) async throws -> Answer {
    var form = try await TrailForm(place.fields, context)
    if form.errors.isEmpty {
      let query = try TrailQuery(place.scope, form, context)
      do {
        let page = try await context.ledger.trail(query, by: context.signedIn, request: context.facts)
        let staff = try await context.ledger.names(of: page.staffActedUpon)
        return .page(TrailSearchView.page(place, TrailFile(query, page, form, staff: staff), context))
      } catch is TrailTooLong {
        form = form.refused(
          FieldError(.from, "To look at so many events takes too long. Choose fewer days, or name a client."))
      }
    }
    try await context.ledger.refuse(
      context.author, action: "view." + context.facts.route, outcome: .failed, status: 422)
    guard context.wantsHTML else { throw Problem(form) }
    return .page(TrailSearchView.refused(place, form), status: .unprocessableContent)
  }
}

extension Problem {
  /// A question that was not understood.
  fileprivate init(_ form: TrailForm) {
    self.init(
      .unprocessableContent, "invalid", "Some of these filters cannot be understood.",
      "Nothing was looked for. Change them and ask again.", fields: form.errors)
  }
}

/// A page of a trail with the question that it answers.
struct TrailFile: Sendable {
  let query: TrailQuery
  let page: TrailPage
  let form: TrailForm
  /// The names of the staff people who were acted upon, by the actor as rows name it.
  let staff: [String: String]

  init(_ query: TrailQuery, _ page: TrailPage, _ form: TrailForm, staff: [String: String]) {
    self.query = query
    self.page = page
    self.form = form
    self.staff = staff
  }
}

extension TrailPage {
  /// The staff people other than whoever acted whom its steps name as what was acted upon, as rows name an actor.
  fileprivate var staffActedUpon: [String] {
    steps.compactMap { step in
      guard let object = step.object, object.type == "staff", object.id != step.actor.id else { return nil }
      return "staff:\(object.id)"
    }
  }
}
