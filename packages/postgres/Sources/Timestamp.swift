// A moment as PostgreSQL counts it. `Date` counts seconds in a Double, so the two are converted through whole seconds
// and a fraction: a date that `Timepiece` cut to microseconds comes back from the database equal to itself.

import EthicoTypes
import FoundationEssentials

/// A moment in whole microseconds since 2000-01-01 00:00 UTC, the count behind `timestamptz`.
struct Timestamp: Hashable, Sendable {
  let microsecondsSince2000: Int64

  private static let secondsFrom1970To2000: Int64 = 946_684_800

  init(microsecondsSince2000: Int64) {
    self.microsecondsSince2000 = microsecondsSince2000
  }

  /// The nearest microsecond; `nil` for what is not a number or beyond the count.
  init?(_ date: Date) {
    let seconds = date.timeIntervalSince1970
    guard seconds.isFinite, abs(seconds) < 9_000_000_000_000 else { return nil }
    let whole = seconds.rounded(.down)
    let fraction = Int64(((seconds - whole) * 1_000_000).rounded())
    microsecondsSince2000 = (Int64(whole) - Self.secondsFrom1970To2000) * 1_000_000 + fraction
  }

  /// Whether it is PostgreSQL's `infinity` or `-infinity`, which no date stands for.
  var isInfinite: Bool {
    microsecondsSince2000 == .max || microsecondsSince2000 == .min
  }

  /// The nearest date, computed the way `Timepiece` computes it while that is exact.
  var date: Date {
    let (whole, fraction) = secondsAndMicroseconds
    let microseconds = Double(whole) * 1_000_000 + Double(fraction)
    if abs(microseconds) < 9_007_199_254_740_992 { return Date(timeIntervalSince1970: microseconds / 1_000_000) }
    return Date(timeIntervalSince1970: Double(whole) + Double(fraction) / 1_000_000)
  }

  /// Whole seconds since 1970, rounded down, and the microseconds left over.
  private var secondsAndMicroseconds: (Int64, Int64) {
    let fraction = microsecondsSince2000.remainder(modulo: 1_000_000)
    return ((microsecondsSince2000 - fraction) / 1_000_000 + Self.secondsFrom1970To2000, fraction)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The moment in ISO form and UTC, as PostgreSQL reads it, for example `2026-03-01 09:30:00.000001+00`.
  var description: String {
    let (seconds, fraction) = secondsAndMicroseconds
    let secondOfDay = seconds.remainder(modulo: 86_400)
    let (year, month, day) = Self.civil(daysSince1970: (seconds - secondOfDay) / 86_400)
    let date = "\((year > 0 ? year : 1 - year).padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
    let hours = (secondOfDay / 3600).padded(to: 2)
    let minutes = (secondOfDay / 60 % 60).padded(to: 2)
    let time = "\(hours):\(minutes):\((secondOfDay % 60).padded(to: 2)).\(fraction.padded(to: 6))"
    return "\(date) \(time)+00\(year > 0 ? "" : " BC")"
  }

  /// Year, month and day of the Gregorian calendar [Howard Hinnant, date algorithms, civil_from_days].
  private static func civil(daysSince1970: Int64) -> (Int64, Int64, Int64) {
    let shifted = daysSince1970 + 719_468
    let dayOfEra = shifted.remainder(modulo: 146_097)
    let era = (shifted - dayOfEra) / 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

extension Int64 {
  /// The remainder that is never negative, as a calendar needs it on both sides of its zero.
  fileprivate func remainder(modulo divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
