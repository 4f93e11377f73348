// Whoever sends or gets a mail: an address that goes into the protocol as it is, and a name that people read.

import EthicoTypes

/// An address with the name of whose it is.
package struct MailAddress: Sendable, Hashable {
  /// One line; empty for none.
  package let name: String
  /// `a.user@example.com`: a dot-atom and a domain [RFC 5322, 3.4.1], so nothing in it can end a line or a command.
  package let address: String

  /// - Returns: `nil` for an address that no mail can be sent to without extensions of the protocol.
  package init?(_ address: String, name: String = "") {
    let halves = address.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, address.utf8.count <= Self.limit, halves[0].utf8.count <= Self.localLimit,
      Self.holds(halves[0], Self.isAtomSign), Self.holds(halves[1], Self.isDomainSign)
    else { return nil }
    self.address = address
    self.name = HeaderText.line(name)
  }

  /// An address as settings have it: `Ethico <no-reply@example.com>`, or the address alone.
  package init?(parsing text: String) {
    let text = text.trimmed
    guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
      self.init(text)
      return
    }
    let name = text[..<start].trimmed
    let isQuoted = name.count > 1 && name.hasPrefix("\"") && name.hasSuffix("\"")
    self.init(
      String(text[text.index(after: start)...].dropLast()), name: isQuoted ? String(name.dropFirst().dropLast()) : name)
  }

  /// What stands behind the at sign.
  var domain: Substring { address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...] }

  /// How long a path may be, without its brackets, and what stands before the at sign [RFC 5321, 4.5.3.1].
  private static let limit = 254
  private static let localLimit = 64

  /// Whether a text is parts with dots between them, none empty, of such signs alone.
  private static func holds(_ text: Substring, _ isSign: (UInt8) -> Bool) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy(isSign)
    }
  }

  /// [RFC 5322, 3.2.3]
  static func isAtomSign(_ byte: UInt8) -> Bool {
    isDomainSign(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isDomainSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
