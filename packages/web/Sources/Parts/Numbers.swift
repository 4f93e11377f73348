// Numbers as people read them.

/// `12,480`.
public func grouped(_ number: Int) -> String {
  var text = ""
  let digits = String(number.magnitude)
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "−" + text : text
}

/// A count that stopped at a limit, so that counting stays cheap: exact below it, "that many or more" at it.
public struct CappedCount: Sendable, Hashable, Encodable {
  public let value: Int
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

  private enum CodingKeys: String, CodingKey {
    case value
    case isCapped = "is_capped"
  }
}

/// `220`, or `10,000+`.
public func count(_ number: CappedCount) -> String {
  number.label
}
