// Numbers as digits of a fixed width.

extension BinaryInteger {
  /// The number with zeros before it up to a width: `00042`.
  public func padded(to width: Int, radix: Int = 10) -> String {
    let digits = String(magnitude, radix: radix)
    return (self < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Sequence<UInt8> {
  /// Two hexadecimal digits a byte, as digests are written.
  public var hexadecimal: String { map { $0.padded(to: 2, radix: 16) }.joined() }
}
