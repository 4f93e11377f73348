// base64url without padding [RFC 4648, 5]: how tokens, signatures and hashes are written in addresses and cookies.

import FoundationEssentials

/// Writes and reads base64url, each value in exactly one way.
package enum Base64URL {
  package static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString(options: [.base64URLAlphabet, .omitPaddingCharacter])
  }

  /// Refuses what `encode` would not have written: padding, other characters, bits behind the last byte. A signature
  /// that can be written in two ways can be altered.
  package static func decode(_ text: String) -> [UInt8]? {
    var usual = Data(
      text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
      })
    usual.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (4 - usual.count % 4) % 4))
    guard let bytes = Data(base64Encoded: usual), encode(Array(bytes)) == text else { return nil }
    return Array(bytes)
  }

  /// 256 random bits.
  package static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return encode((0..<4).flatMap { _ in withUnsafeBytes(of: generator.next() as UInt64, Array.init) })
  }
}
