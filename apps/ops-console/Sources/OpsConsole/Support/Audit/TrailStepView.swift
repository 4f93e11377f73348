// One step of the trail as people read it: who, as whom, what, what followed, and what else is known of it.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// Who reads a trail and of what: what a step need not say again, and which pages it may lead to.
struct TrailReading: Sendable {
  let scope: TrailQuery.Scope
  private let reader: Staff
  /// The reader's own access that all is about, while it is open.
  private let inside: Impersonation?

  init(_ scope: TrailQuery.Scope, by reader: Staff, inside: Impersonation? = nil) {
    self.scope = scope
    self.reader = reader
    self.inside = inside
  }

  /// Whether all steps are of one access, which the head of the page names.
  var isOfAccess: Bool {
    if case .access = scope { true } else { false }
  }

  /// The page of something that the trail names by its id; `nil` where there is none that the reader may open.
  func page(of type: String, _ id: String) -> Path? {
    switch type {
    case "impersonation": reader.may(.auditRead) ? ID<Impersonation>(id).map(Path.timeline) : nil
    case "staff": reader.may(.staffAdmin) ? ID<Staff>(id).map(Path.staff) : nil
    case "job": reader.may(.debugRead) ? inside.map { $0.path("debug", "jobs", id) } : nil
    case "case": inside.map { $0.path("cases", id) }
    default: nil
    }
  }

  /// Everything in the trail that says the same of itself; `nil` where the reader may not look.
  func all(_ parameters: [(TrailField, String)]) -> Path? {
    guard reader.may(.auditRead) else { return nil }
    return Path.trail.query(parameters.map { ($0.0.rawValue, $0.1) })
  }
}

extension Impersonation {
  fileprivate func path(_ segments: String...) -> Path {
    segments.reduce(Path.access(id)) { $0.appending($1) }
  }
}

extension TrailStep {
  /// The step as the timeline draws it; in a trail of many people each step says whose it is.
  func shown(_ reading: TrailReading, _ names: TrailNames, _ face: ClockFace) -> TimelineStep {
    TimelineStep(
      at: at, kind: kind,
      text: HTML {
        if !reading.isOfAccess || revocation != nil {
          strong(.dirAuto) { actor.name }
          asWhom(names)
          " "
        }
        sentence(names)
      },
      note: HTML {
        if reading.scope == .everything, let tenant {
          a(.href(Path("/audit/tenants").appending(tenant.slug)), .dirAuto) { tenant.name }
          " · "
        }
        if !reading.isOfAccess, let impersonation {
          a(.href(.timeline(impersonation))) { "access" }
          " · "
        }
        code { action }
        seq.map { " · sealed #" + grouped($0) } ?? " · not sealed yet"
      },
      changes: fields(names, face),
      effects: StepEffects(
        effects.prefix(Self.shownEffects).map { line($0, reading, names) }, of: effects.count),
      facts: facts(reading))
  }

  /// So many effects of one step are shown on a page; programs get all.
  private static let shownEffects = 50

  /// The client user as whom it was done; who ends another's access does so as themselves.
  private func asWhom(_ names: TrailNames) -> HTML {
    guard let subject, revocation == nil else { return .nothing }
    return HTML {
      " as "
      span(.dirAuto, .title(subject.description)) { subjectName ?? "person " + names.shown(subject.description) }
    }
  }

  /// `job …1234567: retry`, as a link where the id has a page.
  private func line(_ effect: Effect, _ reading: TrailReading, _ names: TrailNames) -> HTML {
    let name = names.shown(effect.id)
    let words = HTML {
      Self.noun(effect.type, name)
      span(.title(effect.id)) { name }
    }
    return HTML {
      reading.page(of: effect.type, effect.id).map { page in a(.href(page)) { words } } ?? words
      ": "
      span(.dirAuto) { effect.text }
    }
  }

  /// What the event says besides, by the words of its filters; each leads to all that says the same.
  private func facts(_ reading: TrailReading) -> [(name: String, value: HTML)] {
    let client = tenant.map { [(TrailField.tenant, $0.slug)] } ?? []
    let rows: [(field: TrailField, value: String?, along: [(TrailField, String)])] = [
      (.request, request, []), (.method, method, []), (.route, route, []), (.status, status.map(String.init), []),
      (.ip, ip, []), (.session, session, []), (.release, release, []), (.objectType, object?.type, client),
      (.object, object?.id, client), (.subject, subject?.description, client),
      (.impersonation, impersonation?.description, []), (.id, id.description, []),
    ]
    return rows.compactMap { row in
      guard let value = row.value else { return nil }
      let words = code(.dirAuto) { value }
      let all = reading.all(row.along + [(row.field, value)])
      return (row.field.label, all.map { page in a(.href(page)) { words } } ?? words)
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
