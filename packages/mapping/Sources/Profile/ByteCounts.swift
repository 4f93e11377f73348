// One look at every byte of a cell, so that the questions after it are comparisons of numbers.

/// How many bytes of each sort a text has.
struct ByteCounts: Sendable {
  private(set) var characters = 0
  private(set) var digits = 0
  private(set) var hexLetters = 0
  private(set) var letters = 0
  private(set) var spaces = 0
  private(set) var words = 0
  private(set) var lines = 1
  private(set) var ats = 0
  private(set) var dots = 0
  private(set) var dashes = 0
  private(set) var colons = 0
  private(set) var slashes = 0
  /// `;` and `|`, which stand between values.
  private(set) var separators = 0
  /// Bytes that stand in no number of a record.
  private(set) var odd = 0
  private(set) var hasMarkup = false
  private(set) var isURL = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var isInWord = false
    var last: UInt8 = 0
    for byte in bytes {
      if byte & 0xC0 != 0x80 { characters += 1 }
      let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
      if isBlank {
        isInWord = false
      } else if !isInWord {
        isInWord = true
        words += 1
      }
      count(byte)
      // `</`, `<p`, `<b`.
      if last == 0x3C, byte == 0x2F || byte == 0x70 || byte == 0x62 { hasMarkup = true }
      last = byte
    }
    if bytes.count > 7, bytes[0] | 0x20 == 0x68 || bytes[0] | 0x20 == 0x77 {
      let head = String(decoding: bytes.prefix(8), as: UTF8.self).lowercased()
      isURL = head.hasPrefix("http://") || head.hasPrefix("https://") || head.hasPrefix("www.")
    }
  }

  private mutating func count(_ byte: UInt8) {
    switch byte {
    case 0x30...0x39: digits += 1
    case 0x41...0x46, 0x61...0x66:
      letters += 1
      hexLetters += 1
    case 0x41...0x5A, 0x61...0x7A: letters += 1
    case 0x80...: if byte & 0xC0 != 0x80 { letters += 1 }
    case 0x20: spaces += 1
    case 0x0A: lines += 1
    case UInt8(ascii: "@"): ats += 1
    case UInt8(ascii: "."): dots += 1
    case UInt8(ascii: "-"), UInt8(ascii: "_"): dashes += 1
    case UInt8(ascii: ":"): colons += 1
    case UInt8(ascii: "/"), UInt8(ascii: "\\"): slashes += 1
    case UInt8(ascii: ";"), UInt8(ascii: "|"): separators += 1
    case UInt8(ascii: "#"), UInt8(ascii: "'"): break
    default: odd += 1
    }
  }

  private var others: Int { characters - digits - letters }

  var isUUID: Bool {
    digits + hexLetters == 32 && letters == hexLetters && (others == 0 || dashes == 4 && others <= 6) && others != 0
  }

  /// As MD5, SHA-1 and SHA-256 are written.
  var isDigest: Bool {
    others == 0 && letters == hexLetters && letters > 0 && [32, 40, 64].contains(characters)
  }

  /// An address of version 4, or 6 [RFC 4291].
  func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if dots == 3, letters == 0, digits + dots == bytes.count, digits >= 4 {
      return bytes.split(separator: 0x2E).count == 4 && bytes.split(separator: 0x2E).allSatisfy { $0.count <= 3 }
    }
    return colons >= 2 && letters == hexLetters && digits + letters + colons == bytes.count && digits + letters > 3
      && (colons > 2 || bytes.split(separator: 0x3A, omittingEmptySubsequences: false).contains { $0.isEmpty })
  }

  /// Seven to fifteen digits [E.164], with a plus or something between them.
  func isPhone(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (7...15).contains(digits), letters <= 3, ats + colons == 0, odd <= 5, characters <= 24 else { return false }
    guard let first = bytes.first, first == 0x2B || first == 0x28 || first == 0x30 || spaces + dashes + dots > 1 else {
      return false
    }
    return first == 0x2B || first == 0x28 || (first == 0x30 && spaces + dashes + slashes > 0)
      || (dashes + dots == 2 && letters == 0) || (spaces + dashes > 1 && letters == 0)
  }
}
