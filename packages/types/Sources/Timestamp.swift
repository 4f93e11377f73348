// Moments as text, to the microsecond: what PostgreSQL keeps is what the trail and the log say.

public import FoundationEssentials

extension Date {
  /// `2026-03-02T09:15:00.000000Z` [RFC 3339].
  public var microsecondText: String {
    let microseconds = Int64((timeIntervalSince1970 * 1_000_000).rounded())
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    // Before 1970 the fraction counts up from the second before, too.
    let (seconds, fraction) = remainder < 0 ? (quotient - 1, remainder + 1_000_000) : (quotient, remainder)
    let whole = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601).dropLast()
    return whole + "." + fraction.padded(to: 6) + "Z"
  }
}
