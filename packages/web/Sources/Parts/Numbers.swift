// Numbers as people read them.

/// `12,480`.
public func grouped(_ number: Int) -> String {
  (number < 0 ? "−" : "") + grouped(number.magnitude)
}

private func grouped(_ number: UInt) -> String {
  let (thousands, rest) = number.quotientAndRemainder(dividingBy: 1_000)
  guard thousands > 0 else { return String(rest) }
  return grouped(thousands) + "," + String(String(1_000 + rest).dropFirst())
}

/// `26 bytes`, `1.2 MB`.
public func byteCount(_ count: Int) -> String {
  switch count {
  case ..<1_024: count == 1 ? "1 byte" : "\(count) bytes"
  case ..<1_048_576: tenths(count, of: 1_024) + " KB"
  default: tenths(count, of: 1_048_576) + " MB"
  }
}

private func tenths(_ count: Int, of unit: Int) -> String {
  let tenths = (count * 10 + unit / 2) / unit
  return tenths >= 100 || tenths % 10 == 0 ? grouped(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
}

/// A count that stopped at a limit, so that counting stays cheap: exact below it, "that many or more" at it.
public struct CappedCount: Sendable, Hashable, Encodable {
  /// What was counted, at most the limit.
  public let value: Int
  /// Whether there may be more.
  public let isCapped: Bool

  /// - Parameter counted: what was counted, up to `limit` or just beyond it.
  public init(_ counted: Int, limit: Int) {
    value = min(counted, limit)
    isCapped = counted >= limit
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

/// `220`, or `10,000+`.
public func count(_ number: CappedCount) -> String {
  number.label
}
