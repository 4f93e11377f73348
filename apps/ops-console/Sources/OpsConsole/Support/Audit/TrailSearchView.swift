// The trail of everybody, and of one client: newest first, with filters by every member of an event's body.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// A trail as long as may be, in which somebody looks for something.
struct TrailPlace: Sendable {
  let title: String
  let facts: [HTML]
  let crumbs: [Crumb]
  let here: Path
  let scope: TrailQuery.Scope
  /// What it can be filtered by.
  let fields: [TrailField]

  private init(
    title: String, facts: [HTML], crumbs: [Crumb], here: Path, scope: TrailQuery.Scope, fields: [TrailField]
  ) {
    self.title = title
    self.facts = facts
    self.crumbs = crumbs
    self.here = here
    self.scope = scope
    self.fields = fields
  }

  static let everything = TrailPlace(
    title: "Audit trail", facts: ["everybody, everywhere", "newest first"], crumbs: [], here: .trail,
    scope: .everything, fields: TrailField.allCases)

  /// The trail of one client.
  init(_ tenant: Tenant) {
    self.init(
      title: "Audit trail of \(tenant.name)", facts: ["newest first"], crumbs: [Crumb("Audit trail", .trail)],
      here: Path("/audit/tenants").appending(tenant.slug), scope: .tenant(tenant.id),
      fields: TrailField.allCases.filter { $0 != .tenant })
  }
}

extension Path {
  /// The trail of everybody.
  static let trail: Path = "/audit/events"
}

enum TrailSearchView {
  static func page(_ place: TrailPlace, _ file: TrailFile, _ context: StaffContext<ReadAudit>) -> Page {
    let now = context.frame.face.now
    return Page(
      place.title, section: .trail, crumbs: place.crumbs, value: TrailBody(file, at: now)
    ) { frame in
      pageHead(place.title, facts: place.facts)
      trailTabs(place.here, file.form)
      filters(place, file.form, count: file.page.count)
      reach(file, place, frame)
      trailSteps(file, place.here, TrailReading(place.scope, by: context.staff), frame)
    }
  }

  /// The question again, with what is wrong with it.
  static func refused(_ place: TrailPlace, _ form: TrailForm) -> Page {
    Page(place.title, section: .trail, crumbs: place.crumbs, value: TrailBody()) { frame in
      pageHead(place.title, facts: place.facts)
      filters(place, form, count: nil)
    }
  }

  private static func filters(_ place: TrailPlace, _ form: TrailForm, count: Int?) -> HTML {
    let state = FormState(
      FormFields(form.typed.map { (name: $0.field.rawValue, value: $0.text) }), errors: form.errors)
    let first = place.fields.filter(TrailField.first.contains)
    let rare = place.fields.filter { !TrailField.first.contains($0) }
    let isRareUsed = rare.contains { form[$0] != nil }
    return filterForm(
      action: place.here,
      FilterFields(
        first: .group(first.map { field($0, state) }), rare: .group(rare.map { field($0, state) }),
        rareState: isRareUsed ? .open : .folded),
      errors: form.errors, kept: form.kept, chips: form.typed.map { chip($0.field, $0.text, form, place) },
      clear: form.isFiltered ? place.here : nil,
      count: count.map { CappedCount($0, limit: TrailPage.countLimit).of("step", "steps") })
  }

  private static func field(_ field: TrailField, _ state: FormState) -> HTML {
    switch field {
    case .outcome:
      selectField(
        field.rawValue, label: field.label, state: state,
        options: [("", "Any outcome")] + Outcome.allCases.map { ($0.rawValue, $0.label) }, need: .filter)
    case .from, .to:
      textField(field.rawValue, label: field.label, state: state, kind: .date, need: .filter)
    case .actor, .tenant, .action, .subject, .impersonation, .session, .request, .ip, .method, .route, .status, .object,
      .objectType, .effect, .id, .release:
      textField(
        field.rawValue, label: field.label, help: field.help, state: state, need: .filter, maxLength: TrailField.limit)
    }
  }

  private static func chip(_ field: TrailField, _ text: String, _ form: TrailForm, _ place: TrailPlace) -> FilterChip {
    let rest = form.parameters.filter { $0.name != field.rawValue }
    return FilterChip("\(field.label): \(TrailNames.short(text))", removed: place.here.query(rest))
  }

  /// How far was looked, where nobody said it, and the way on: a job has its id from when it was ordered, which may be
  /// long before it runs. To look so far at once is not what a first look may cost.
  private static func reach(_ file: TrailFile, _ place: TrailPlace, _ frame: Frame) -> HTML {
    let (span, reason) = file.query.settled(at: frame.face.now)
    guard reason != .asked, let from = span.from else { return .nothing }
    return p(.class("muted")) {
      "Looked from "
      frame.face.moment(from)
      if let until = span.until {
        " until "
        frame.face.moment(until)
      }
      switch reason {
      case .asked: ""
      case .unindexed:
        ": these filters look at each event, so that without a first day they reach back \(TrailSpan.usualDays) days."
      case .dated:
        ": the id says when it began."
        if let until = span.until, until < frame.face.now {
          " A job that was ordered then may have run later: "
          a(.href(place.here.query(file.form.parameters + [(TrailField.from.rawValue, frame.face.dayText(from))]))) {
            "look until now"
          }
          "."
        }
      }
    }
  }
}

/// The kinds of steps, each with the filters that are set.
func trailTabs(_ here: Path, _ form: TrailForm) -> HTML {
  tabs(
    "Show",
    [("Everything", here.query(form.parameters(only: nil)))]
      + TrailQuery.Only.allCases.map { ($0.label, here.query(form.parameters(only: $0))) },
    current: here.query(form.parameters))
}

/// The steps, or why there are none, and the way on.
func trailSteps(_ file: TrailFile, _ here: Path, _ reading: TrailReading, _ frame: Frame) -> HTML {
  let steps = file.page.steps
  let filtered = here.query(file.form.parameters)
  if steps.isEmpty {
    return file.form.isFiltered
      ? nothingMatches("", clear: here)
      : nothingYet("Nothing has happened yet", "Each step of the trail appears here the moment it is done.")
  }
  let names = TrailNames(steps, staff: file.staff)
  let next = file.page.nextText(file.query).map { filtered.query("after", $0) }
  return HTML {
    timeline(steps.map { $0.shown(reading, names, frame.face) }, frame.face)
    pagination(shown: steps.count, first: file.query.after == nil ? nil : filtered, next: next)
  }
}
