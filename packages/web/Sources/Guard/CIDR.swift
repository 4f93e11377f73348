// A range of addresses, as `OPS_VPN_CIDRS` and `OPS_TRUSTED_PROXIES` list them.

/// A range of addresses [RFC 4632]: `10.20.0.0/16`, `2001:db8::/32`, or one address. A range of IPv6 holds no IPv4.
public struct CIDR: Sendable, Hashable {
  private let first: IPAddress
  private let prefixLength: Int

  /// Reads a range. Bits behind the prefix are refused: `10.1.2.3/8` may have been meant as `/32`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    var prefix = address.family.bitCount
    if parts.count == 2 {
      let digits = parts[1].utf8
      let isNumber = (1...3).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
      guard isNumber, digits.count == 1 || digits.first != 0x30, let written = Int(parts[1]) else { return nil }
      // `::ffff:10.0.0.0/104` counts the 96 bits that say "IPv4 follows".
      let isMapped = address.family == .v4 && parts[0].contains(":")
      prefix = isMapped ? written - 96 : written
    }
    guard (0...address.family.bitCount).contains(prefix) else { return nil }
    first = address
    prefixLength = prefix
    guard Self.head(address, prefix) << UInt128(address.family.bitCount - prefix) == address.bits else { return nil }
  }

  /// Reads ranges separated by commas.
  public static func list(_ text: String) throws(CIDRError) -> [CIDR] {
    var ranges: [CIDR] = []
    for part in text.split(separator: ",").map({ $0.trimmingPrefix(while: { $0 == " " }) }) {
      let name = String(part.reversed().drop { $0 == " " }.reversed())
      guard let range = CIDR(name) else { throw CIDRError(text: name) }
      ranges.append(range)
    }
    return ranges
  }

  /// Whether the address lies in the range; one of the other family never does.
  public func contains(_ address: IPAddress) -> Bool {
    address.family == first.family && Self.head(address, prefixLength) == Self.head(first, prefixLength)
  }

  private static func head(_ address: IPAddress, _ prefixLength: Int) -> UInt128 {
    address.bits >> UInt128(address.family.bitCount - prefixLength)
  }
}

/// A setting that lists no ranges.
public struct CIDRError: Error, Hashable, CustomStringConvertible {
  /// The part that is no range, without the spaces around it.
  public let text: String

  /// The part, and how a range is written.
  public var description: String {
    "“\(text)” is no range of addresses. Write it as 10.20.0.0/16 or 2001:db8::/32, with no bits behind the prefix."
  }
}
