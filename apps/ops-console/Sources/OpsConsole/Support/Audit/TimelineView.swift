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
      steps(trail, query, here, frame)
    }
  }

  static func events(_ trail: TrailPage, _ query: TrailQuery, _ context: StaffContext<ReadAudit>) -> Page {
    Page("Audit trail", section: "/audit/events", value: TrailBody(trail, query)) { frame in
      pageHead("Audit trail", facts: ["everybody, everywhere", "newest first"])
      narrowing("/audit/events", query)
      steps(trail, query, "/audit/events", frame)
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
      steps(trail, query, here, frame)
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

  private static func steps(_ trail: TrailPage, _ query: TrailQuery, _ here: Path, _ frame: Frame) -> HTML {
    if trail.steps.isEmpty {
      return query.only == nil && query.action == nil
        ? nothingYet("Nothing has happened yet", "Each step of the trail appears here the moment it is done.")
        : nothingMatches("", clear: here)
    }
    let names = TrailNames(trail.steps)
    let next = trail.nextText(query).map { here.query(query.parameters).query("after", $0) }
    return HTML {
      timeline(trail.steps.map { $0.shown(query.scope, names, frame.face) }, frame.face)
      pagination(shown: trail.steps.count, first: query.after == nil ? nil : here.query(query.parameters), next: next)
    }
  }
}

extension TrailStep {
  /// The step as the timeline draws it; in a trail of many people each step says whose it is.
  func shown(_ scope: TrailQuery.Scope, _ names: TrailNames, _ face: ClockFace) -> TimelineStep {
    TimelineStep(
      at: at, kind: kind,
      text: HTML {
        if case .access = scope, revocation == nil {
        } else {
          strong(.dirAuto) { actor.name }
          asWhom(names)
          " "
        }
        sentence(names)
      },
      note: HTML {
        if case .access = scope {
        } else if let impersonation {
          a(.href(.timeline(impersonation))) { "access" }
          " · "
        }
        code { action }
        seq.map { " · sealed #" + grouped($0) } ?? " · not sealed yet"
      },
      changes: fields(names, face))
  }

  /// The client user as whom it was done; who ends another's access does so as themselves.
  private func asWhom(_ names: TrailNames) -> HTML {
    guard let subject, revocation == nil else { return .nothing }
    return HTML {
      " as "
      span(.dirAuto, .title(subject.description)) { subjectName ?? "person " + names.shown(subject.description) }
    }
  }

  private var kind: StepKind {
    if outcome != .ok || action == "auth.sign_in_failed" { return .refused }
    switch action {
    case "impersonation.start", "impersonation.resume", "impersonation.reenter", "auth.sign_in": return .enter
    case "impersonation.end", "auth.sign_out": return .exit
    case _ where action.hasPrefix("view."): return .view
    case _ where action.hasPrefix("reveal."): return .reveal
    case _ where action.hasPrefix("export."): return .export
    default: return changes.isEmpty ? .other : .change
    }
  }
}
