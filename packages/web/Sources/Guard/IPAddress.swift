// An address on the internet, read strictly: whoever reads `010.0.0.1` or `10.1` his own way can be talked past a
// guard.

import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that is written inside IPv6, as `::ffff:10.0.0.1`, is the IPv4 address.
public struct IPAddress: Sendable, Hashable {
  enum Family: Sendable {
    case v4, v6

    var bitCount: Int {
      switch self {
      case .v4: 32
      case .v6: 128
      }
    }
  }

  let family: Family
  let bits: UInt128

  init(family: Family, bits: UInt128) {
    let isMapped = family == .v6 && bits >> 32 == 0xFFFF
    self.family = isMapped ? .v4 : family
    self.bits = isMapped ? bits & 0xFFFF_FFFF : bits
  }

  /// Reads the bare address: no port, no brackets, no zone id, no space around it.
  public init?(_ text: String) {
    if let bits = Self.dotted(text.utf8[...]) {
      self.init(family: .v4, bits: bits)
    } else if let bits = Self.colons(text) {
      self.init(family: .v6, bits: bits)
    } else {
      return nil
    }
  }

  /// Four decimal numbers up to 255 without leading zeros: the only form of IPv4 that everybody reads the same way.
  private static func dotted(_ text: Substring.UTF8View) -> UInt128? {
    let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt128 = 0
    for part in parts {
      let isNumber = (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
      guard isNumber, part.count == 1 || part.first != 0x30, let octet = UInt8(Substring(part)) else { return nil }
      bits = bits << 8 | UInt128(octet)
    }
    return bits
  }

  /// IPv6 [RFC 4291, 2.2]: the characters are checked here, so that no zone id reaches the library; it does the rest.
  private static func colons(_ text: String) -> UInt128? {
    let allowed = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: ":"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard (2...45).contains(text.utf8.count), allowed, text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    if text.utf8.contains(UInt8(ascii: ".")) {
      guard let colon = text.lastIndex(of: ":"), dotted(text[text.index(after: colon)...].utf8) != nil else {
        return nil
      }
    }
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical form [RFC 5952].
  public var description: String {
    switch family {
    case .v4:
      return (0..<4).reversed().map { String(UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0))) }.joined(
        separator: ".")
    case .v6:
      var address = in6_addr()
      withUnsafeMutableBytes(of: &address) { bytes in
        for index in 0..<16 { bytes[index] = UInt8(truncatingIfNeeded: bits >> UInt128(8 * (15 - index))) }
      }
      var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      guard inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil else { return "::" }
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
