// The trail as people read it: days, steps, who · as whom · what, and the fields before and after.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum TimelineView {
  static func access(
    _ summary: AccessSummary, _ tally: AccessTally, _ trail: TrailPage, _ query: TrailQuery,
    _ context: StaffContext<ReadTenants>
  ) -> Page {
    let access = summary.impersonation
    let here = Path.timeline(access.id)
    return Page(
      "\(summary.staffName) in \(access.tenant.name)", section: "/audit/events",
      crumbs: [Crumb(access.tenant.name, .card(access.tenant))], value: TrailBody(trail, query)
    ) { frame in
      pageHead("\(summary.staffName) in \(access.tenant.name)", facts: facts(summary, tally, frame)) {
        if access.ending == nil, summary.staff == context.staff.id {
          linkButton("Back into the workspace", to: .access(access.id), style: .primary)
        }
      }
      if let note = summary.note { p(.class("prose"), .dirAuto) { "“\(note)”" } }
      narrowing(here, query)
      let isInside = access.ending == nil && summary.staff == context.staff.id
      steps(trail, query, here, TrailReading(query.scope, by: context.staff, inside: isInside ? access : nil), frame)
    }
  }

  static func events(_ trail: TrailPage, _ query: TrailQuery, _ context: StaffContext<ReadAudit>) -> Page {
    Page("Audit trail", section: "/audit/events", value: TrailBody(trail, query)) { frame in
      pageHead("Audit trail", facts: ["everybody, everywhere", "newest first"])
      narrowing("/audit/events", query)
      steps(trail, query, "/audit/events", TrailReading(query.scope, by: context.staff), frame)
    }
  }

  static func tenant(
    _ tenant: Tenant, _ trail: TrailPage, _ query: TrailQuery, _ context: StaffContext<ReadAudit>
  ) -> Page {
    let here = Path("/audit/tenants").appending(tenant.slug)
    return Page(
      "Audit trail of \(tenant.name)", section: "/audit/events", crumbs: [Crumb("Audit trail", "/audit/events")],
      value: TrailBody(trail, query)
    ) { frame in
      pageHead("Audit trail of \(tenant.name)", facts: ["newest first"])
      narrowing(here, query)
      steps(trail, query, here, TrailReading(query.scope, by: context.staff), frame)
    }
  }

  private static func facts(_ summary: AccessSummary, _ tally: AccessTally, _ frame: Frame) -> [HTML] {
    let access = summary.impersonation
    var facts: [HTML] = [
      stateBadge(access.ending),
      subjectWords(access),
      HTML {
        "entered "
        frame.face.moment(access.startedAt)
      },
    ]
    if let ending = access.ending {
      facts.append(.text("for " + frame.face.length(from: access.startedAt, to: ending.at)))
    }
    if let ticket = access.ticket { facts.append(.text(ticket)) }
    if let reason = summary.reason { facts.append(.text(reason.label)) }
    facts.append(.text(tallyWords(tally)))
    return facts
  }

  private static func stateBadge(_ ending: Impersonation.Ending?) -> HTML {
    switch ending?.kind {
    case nil: badge("Open", .attention)
    case .manual: badge("Left", .neutral)
    case .revoked: badge("Ended by \(ending?.by ?? "")", .neutral)
    case .tenantClosed: badge("Ended as the client was closed by \(ending?.by ?? "")", .neutral)
    }
  }

  private static func narrowing(_ here: Path, _ query: TrailQuery) -> HTML {
    tabs(
      "Show",
      [("Everything", here)] + TrailQuery.Only.allCases.map { ($0.label, here.query("only", $0.rawValue)) },
      current: query.only.map { here.query("only", $0.rawValue) } ?? here)
  }

  private static func steps(
    _ trail: TrailPage, _ query: TrailQuery, _ here: Path, _ reading: TrailReading, _ frame: Frame
  ) -> HTML {
    if trail.steps.isEmpty {
      return query.only == nil && query.action == nil
        ? nothingYet("Nothing has happened yet", "Each step of the trail appears here the moment it is done.")
        : nothingMatches("", clear: here)
    }
    let names = TrailNames(trail.steps)
    let next = trail.nextText(query).map { here.query(query.parameters).query("after", $0) }
    return HTML {
      timeline(trail.steps.map { $0.shown(reading, names, frame.face) }, frame.face)
      pagination(shown: trail.steps.count, first: query.after == nil ? nil : here.query(query.parameters), next: next)
    }
  }
}
