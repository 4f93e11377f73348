// What the addresses and forms of errors say, checked, and what a refusal says to a person.

import Access
package import Errors
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
package import Web

extension ErrorFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for a position of another list.
  init(_ context: some GuardedContext) throws {
    self.init(
      states: context.queries("state").compactMap(ErrorState.init(rawValue:)),
      kinds: context.queries("kind").compactMap(ErrorKind.init(rawValue:)), place: context.query("place"),
      release: context.query("release"), limit: context.limit)
    if let place = try context.position(in: self, of: ErrorGroup.self) {
      after = Cursor(at: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  package var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = states.map { ("state", $0.rawValue) }
    conditions += kinds.map { ("kind", $0.rawValue) }
    if let place { conditions.append(("place", place)) }
    if let release { conditions.append(("release", release)) }
    return conditions
  }
}

extension ErrorPage {
  func nextText(_ filter: ErrorFilter) -> String? {
    next.map { filter.position(behind: CursorDate.text($0.at), $0.id) }
  }
}

/// The day on which a muted error comes back, as the form gives it, in UTC.
struct MuteDay: Sendable, Hashable {
  let start: Date

  /// The most days that an error may stand aside: what nobody wants to see for longer is to be mended.
  static let mostDays = 90

  /// - Throws: `Invalid` for a day that is none, is over, or is too far.
  init(_ fields: FormFields, at now: Date) throws {
    guard let day = CalendarDay(fields["until"] ?? "")?.start else {
      throw Invalid("until", "Choose a day, as 2026-12-31.")
    }
    guard day > now else { throw Invalid("until", "That day has begun. Choose a later one.") }
    guard day.timeIntervalSince(now) <= Double(Self.mostDays) * 86_400 else {
      throw Invalid("until", "Choose a day within \(Self.mostDays) days.")
    }
    start = day
  }
}

extension ErrorRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        title: "Somebody acted on this error, or it came back, while you looked at it.",
        advice: "Nothing was changed. It is \(now.label.lowercased()) now, as shown below.")
    case .badTransition(let act, let state):
      Setback(
        .conflict, "bad_transition", "“\(act.label)” does not fit an error that is \(state.label.lowercased()).",
        "Nothing was changed. What fits stands below.")
    }
  }
}

/// The badge of where an error stands: the same on every page.
func errorStateBadge(_ state: ErrorState) -> HTML {
  switch state {
  case .open: badge(state.label, .attention)
  case .regressed: badge(state.label, .bad)
  case .resolved: badge(state.label, .good)
  case .muted: badge(state.label, .neutral)
  }
}
