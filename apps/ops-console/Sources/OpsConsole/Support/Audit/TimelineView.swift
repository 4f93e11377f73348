// The timeline of one access: what it was, and each step of it from the first.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum TimelineView {
  static func page(
    _ summary: AccessSummary, _ tally: AccessTally, _ file: TrailFile, _ context: StaffContext<ReadTenants>
  ) -> Page {
    let access = summary.impersonation
    let here = Path.timeline(access.id)
    return Page(
      "\(summary.staffName) in \(access.tenant.name)", section: .trail,
      crumbs: [Crumb(access.tenant.name, .card(access.tenant))], value: TrailBody(file, at: context.frame.face.now)
    ) { frame in
      let isInside = access.endKind == nil && summary.staff == context.staff.id
      pageHead("\(summary.staffName) in \(access.tenant.name)", facts: facts(summary, tally, frame)) {
        if isInside { linkButton("Back into the workspace", to: .access(access.id), style: .primary) }
      }
      if let note = summary.note { p(.class("prose"), .dirAuto) { "“\(note)”" } }
      trailTabs(here, file.form)
      trailSteps(
        file, here, TrailReading(file.query.scope, by: context.staff, inside: isInside ? access : nil), frame)
    }
  }

  private static func facts(_ summary: AccessSummary, _ tally: AccessTally, _ frame: Frame) -> [HTML] {
    let access = summary.impersonation
    var facts: [HTML] = [
      stateBadge(access),
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

  /// An access that ended with its client, and whose own row says nothing of it, was ended by nobody in particular.
  private static func stateBadge(_ access: Impersonation) -> HTML {
    let author = access.ending.map { " by \($0.by)" } ?? ""
    return switch access.endKind {
    case nil: badge("Open", .attention)
    case .manual: badge("Left", .neutral)
    case .revoked: badge("Ended\(author)", .neutral)
    case .tenantClosed: badge("Ended as the client was closed\(author)", .neutral)
    }
  }
}
