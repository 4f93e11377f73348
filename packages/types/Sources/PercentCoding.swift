// Text as addresses, forms and headers carry it: bytes that mean something there stand as a percent sign and two
// digits.

/// Percent-encoding [RFC 3986, 2.1] and the way back.
public enum PercentCoding {
  /// Percent-encodes all but the unreserved characters, which every reader of addresses and forms understands.
  public static func encode(_ text: String) -> String {
    encode(text, keeping: isUnreserved)
  }

  /// Percent-encodes all bytes but those that are kept as they are.
  public static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isKept) { return text }
    var encoded = ""
    for byte in text.utf8 {
      if isKept(byte) { encoded.unicodeScalars.append(Unicode.Scalar(byte)) } else { encoded += escape(byte) }
    }
    return encoded
  }

  /// A byte as a percent sign and two capital digits.
  public static func escape(_ byte: UInt8) -> String {
    (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
  }

  /// Decodes a name or value as forms write them: `+` is a space [URL Standard, 5.1]. A percent sign without its digits
  /// stays what it is, and the answer is not whole.
  public static func decode(_ text: Substring.UTF8View) -> (bytes: [UInt8], isWhole: Bool) {
    var bytes: [UInt8] = []
    var isWhole = true
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        if let high = digit(rest.first), let low = digit(rest.dropFirst().first) {
          bytes.append(high << 4 | low)
          rest = rest.dropFirst(2)
        } else {
          isWhole = false
          bytes.append(byte)
        }
      default: bytes.append(byte)
      }
    }
    return (bytes, isWhole)
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(let byte) where (0x30...0x39).contains(byte): byte - 0x30
    case .some(let byte) where (0x41...0x46).contains(byte): byte - 0x41 + 10
    case .some(let byte) where (0x61...0x66).contains(byte): byte - 0x61 + 10
    case .some, nil: nil
    }
  }

  /// The characters that mean nothing but themselves [RFC 3986, 2.3].
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
