// Numbers as people read them.

/// `12,480`.
public func grouped(_ number: Int) -> String {
  (number < 0 ? "−" : "") + grouped(number.magnitude)
}

/// `1 unit`, `2,400 employees`; `nouns` where several are more than an s behind one.
public func counted(_ count: Int, _ noun: String, _ nouns: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : nouns ?? noun + "s")"
}

private func grouped(_ number: UInt) -> String {
  let (thousands, rest) = number.quotientAndRemainder(dividingBy: 1_000)
  guard thousands > 0 else { return String(rest) }
  return grouped(thousands) + "," + String(String(1_000 + rest).dropFirst())
}

/// `26 bytes`, `1.2 MB`, `1.2 GB`.
public func byteCount(_ count: Int) -> String {
  switch count {
  case ..<1_024: count == 1 ? "1 byte" : "\(count) bytes"
  case ..<1_048_576: tenths(count, of: 1_024) + " KB"
  case ..<1_073_741_824: tenths(count, of: 1_048_576) + " MB"
  default: tenths(count, of: 1_073_741_824) + " GB"
  }
}

private func tenths(_ count: Int, of unit: Int) -> String {
  let tenths = (count * 10 + unit / 2) / unit
  return tenths >= 100 || tenths % 10 == 0 ? grouped(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
}

/// `14 min`, `3 h 4 min`, `3 d 4 h`: the two largest units, rounded down.
public func durationText(seconds: Double) -> String {
  let minutes = Int(min(max(0, seconds), 1e11)) / 60
  let (days, hours) = (minutes / 1_440, minutes / 60 % 24)
  switch minutes {
  case 0: return "< 1 min"
  case ..<60: return "\(minutes) min"
  case ..<1_440: return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min"
  default: return hours == 0 ? "\(grouped(days)) d" : "\(grouped(days)) d \(hours) h"
  }
}

/// `420 ms`, `12 s`, and from two minutes on as `durationText`, for what is watched while it goes on.
public func preciseDurationText(seconds: Double) -> String {
  if seconds < 1 { return "\(Int(max(0, seconds) * 1_000)) ms" }
  return seconds < 120 ? "\(Int(seconds)) s" : durationText(seconds: seconds)
}

/// A count that stopped just beyond a limit, so that counting stays cheap: exact up to it, "more than that" beyond.
public struct CappedCount: Sendable, Hashable, Encodable {
  /// What was counted, at most the limit.
  public let value: Int
  /// Whether there are more.
  public let isCapped: Bool

  /// - Parameter counted: what was counted, up to one more than `limit`.
  public init(_ counted: Int, limit: Int) {
    value = min(counted, limit)
    isCapped = counted > limit
  }

  /// `220`, or `10,000+`.
  public var label: String {
    grouped(value) + (isCapped ? "+" : "")
  }

  /// `1 case`, `220 cases`, `10,000+ cases`.
  public func of(_ one: String, _ many: String) -> String {
    label + " " + (value == 1 ? one : many)
  }

  private enum CodingKeys: String, CodingKey {
    case value
    case isCapped = "is_capped"
  }
}
