// How times are shown to one viewer: in the viewer's zone, against one present moment for the whole page.

import EthicoTypes
public import FoundationEssentials
import FoundationInternationalization
public import Markup

/// Shows dates in one time zone, as seen at one moment.
public struct ClockFace: Sendable {
  /// The present moment of the page.
  public let now: Date
  private let zone: Calendar

  /// - Parameter identifier: a zone of the IANA database; an unknown one shows UTC.
  public init(now: Date, timezone identifier: String) {
    self.now = now
    zone = TimeZone(identifier: identifier).map(Self.calendar) ?? Self.utcCalendar
  }

  /// The zone shown, as in `Europe/Berlin`.
  public var timezone: String { zone.timeZone.identifier }

  /// `2 Mar 2026, 09:15`.
  public func exact(_ date: Date) -> String {
    let parts = Parts(date, zone)
    return "\(parts.day) \(parts.monthName.prefix(3)) \(parts.year), \(parts.hour):\(parts.minute)"
  }

  /// `2026-03-02 09:15:02 UTC`.
  public func utc(_ date: Date) -> String {
    let parts = Parts(date, Self.utcCalendar)
    return "\(parts.isoDay) \(parts.clock) UTC"
  }

  /// `Monday, 2 March 2026`.
  public func day(_ date: Date) -> String {
    let parts = Parts(date, zone)
    return "\(parts.weekdayName), \(parts.day) \(parts.monthName) \(parts.year)"
  }

  /// `2 Mar 2026`, of a day that is one of UTC's for whoever looks.
  public static func dayOfUTC(_ date: Date) -> String {
    let parts = Parts(date, utcCalendar)
    return "\(parts.day) \(parts.monthName.prefix(3)) \(parts.year)"
  }

  /// `09:15:02`.
  public func time(_ date: Date) -> String {
    Parts(date, zone).clock
  }

  /// `09:15`.
  public func minute(_ date: Date) -> String {
    let parts = Parts(date, zone)
    return "\(parts.hour):\(parts.minute)"
  }

  /// A value of the trail: what a record is called for its id, the viewer's time for a moment, all else as it is.
  public func words(of value: String, naming name: (String) -> String) -> String {
    if UUID(uuidString: value) != nil { return name(value) }
    guard value.count >= 25, value.dropFirst(10).first == "T",
      let moment = try? Date(value, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: value.contains(".")))
    else { return value }
    return exact(moment)
  }

  /// `just now`, `14 min ago`, `2 h ago`, `3 d ago`, `in 6 d`; the exact date from 30 days on. Rounds towards the
  /// present, so that the time left is never overstated.
  public func relative(_ date: Date) -> String {
    let seconds = now.timeIntervalSince(date)
    let distance = abs(seconds)
    guard distance < 30 * 86_400 else { return exact(date) }
    guard distance >= 60 else { return "just now" }
    let whole = Int(distance)
    let amount =
      switch whole {
      case ..<3_600: "\(whole / 60) min"
      case ..<86_400: "\(whole / 3_600) h"
      default: "\(whole / 86_400) d"
      }
    return seconds > 0 ? amount + " ago" : "in " + amount
  }

  /// `14 min`, `3 h 4 min`, `3 d 4 h`.
  public func elapsed(since date: Date) -> String {
    durationText(seconds: now.timeIntervalSince(date))
  }

  /// `14 min`, as `elapsed`, between two moments.
  public func length(from start: Date, to end: Date) -> String {
    elapsed(since: now.addingTimeInterval(start.timeIntervalSince(end)))
  }

  /// How long something has lasted, kept fresh by a script; the exact time it began in the title.
  public func span(since date: Date) -> HTML {
    custom("relative-time", .data("form", "span")) {
      Markup.time(.datetime(Self.iso(date)), .title(title(date))) { elapsed(since: date) }
    }
  }

  /// How long ago, kept fresh by a script; the exact time in the title.
  public func ago(_ date: Date) -> HTML {
    custom("relative-time") {
      Markup.time(.datetime(Self.iso(date)), .title(title(date))) { relative(date) }
    }
  }

  /// The exact time, UTC in the title.
  public func moment(_ date: Date) -> HTML {
    Markup.time(.datetime(Self.iso(date)), .title(utc(date))) { exact(date) }
  }

  /// The exact time; of a moment that stands for a day without a time that day, the same for whoever looks.
  /// - Parameter day: as `2026-03-02`, where it stands for one.
  public func moment(_ date: Date, ofDay day: String?) -> HTML {
    day.flatMap { Self.plain($0, beginning: date) } ?? moment(date)
  }

  /// How long ago; of a moment that stands for a day without a time that day.
  public func ago(_ date: Date, ofDay day: String?) -> HTML {
    day.flatMap { Self.plain($0, beginning: date) } ?? ago(date)
  }

  /// A day, if the moment is where it begins in some zone.
  private static func plain(_ day: String, beginning date: Date) -> HTML? {
    guard let start = startInUTC(ofDay: day) else { return nil }
    let seconds = date.timeIntervalSince(start)
    guard beginnings.contains(seconds), seconds.truncatingRemainder(dividingBy: 900) == 0 else { return nil }
    return Markup.time(.datetime(day)) { dayOfUTC(start) }
  }

  /// Seconds after UTC's midnight at which a day can begin. Zones are up to 14 hours before UTC and 12 behind it; where
  /// clocks go forward at midnight, a day begins an hour later.
  private static let beginnings: ClosedRange<TimeInterval> = (-14 * 3_600)...(13 * 3_600)

  /// The time of day, for lists under a day's head; the exact time in the title.
  func timeOfDay(_ date: Date) -> HTML {
    Markup.time(.datetime(Self.iso(date)), .title(title(date))) { time(date) }
  }

  private func title(_ date: Date) -> String {
    exact(date) + " · " + utc(date)
  }

  /// `2026-03-02T09:15:02Z` [RFC 3339].
  public static func iso(_ date: Date) -> String {
    let parts = Parts(date, utcCalendar)
    return "\(parts.isoDay)T\(parts.clock)Z"
  }

  /// `2026-03-02`: the viewer's day, as `start(ofDay:)` reads it.
  public func dayText(_ date: Date) -> String {
    Parts(date, zone).isoDay
  }

  /// When the day written as `2026-03-02` begins for the viewer; `nil` for what is no day.
  public func start(ofDay text: String) -> Date? {
    Self.start(ofDay: text, zone)
  }

  /// When the day after that one begins for the viewer. Where clocks go forward at midnight a day begins at one, and
  /// the day after it at midnight all the same.
  public func end(ofDay text: String) -> Date? {
    start(ofDay: text).flatMap { zone.date(byAdding: .day, value: 1, to: $0) }.map(zone.startOfDay(for:))
  }

  /// When that day begins in UTC, whoever looks.
  static func startInUTC(ofDay text: String) -> Date? {
    start(ofDay: text, utcCalendar)
  }

  /// The one reader of days that are written.
  private static func start(ofDay text: String, _ calendar: Calendar) -> Date? {
    guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else { return nil }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard let start = calendar.date(from: DateComponents(year: parts[0], month: parts[1], day: parts[2])),
      Parts(start, calendar).isoDay == text
    else { return nil }
    return start
  }

  private static let utcCalendar = calendar(.gmt)

  private static func calendar(_ timeZone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    return calendar
  }
}

/// A date taken apart in one zone. Names are ours and not a locale's, so that every machine prints the same page.
private struct Parts {
  private let components: DateComponents

  init(_ date: Date, _ calendar: Calendar) {
    components = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
  }

  var year: Int { components.year ?? 0 }
  var day: Int { components.day ?? 0 }
  var hour: String { (components.hour ?? 0).padded(to: 2) }
  var minute: String { (components.minute ?? 0).padded(to: 2) }
  var clock: String { "\(hour):\(minute):\((components.second ?? 0).padded(to: 2))" }
  var isoDay: String { "\(year.padded(to: 4))-\((components.month ?? 0).padded(to: 2))-\(day.padded(to: 2))" }
  var monthName: String { Self.months[((components.month ?? 1) - 1) % 12] }
  var weekdayName: String { Self.weekdays[((components.weekday ?? 1) - 1) % 7] }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
