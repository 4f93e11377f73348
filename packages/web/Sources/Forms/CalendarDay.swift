// A day that somebody chose in a form: the same one for whoever looks, so its bounds are those of UTC.

public import FoundationEssentials

/// A day as a form's date field gives it, in UTC. A day of the viewer's own is read by `ClockFace`.
public struct CalendarDay: Sendable, Hashable {
  /// Its first moment.
  public let start: Date

  /// Reads `2026-03-31`; `nil` for anything else, and for a day that no calendar has.
  public init?(_ text: String) {
    guard let start = ClockFace.startInUTC(ofDay: text) else { return nil }
    self.start = start
  }

  /// The last second of the day, for a moment that is shown as it is stored: who is asked until a day has all of it,
  /// and reads that day, not the one after it.
  public var end: Date { start.addingTimeInterval(86_399) }

  /// The midnight behind the day, for a moment from which something holds no more, and which is shown a second earlier.
  public var next: Date { start.addingTimeInterval(86_400) }

  /// The day of a moment, as the field shows it.
  public static func text(_ date: Date) -> String {
    String(ClockFace.iso(date).prefix(10))
  }
}
