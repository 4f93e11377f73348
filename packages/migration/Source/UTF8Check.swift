// Where bytes are UTF-8, and where they stop being it.

/// What is valid UTF-8 [RFC 3629].
enum UTF8Check {
  /// How many bytes from the beginning are valid, and how many after them belong to one broken sequence; 0 at the end.
  static func run(_ bytes: UnsafeRawBufferPointer) -> (valid: Int, bad: Int) {
    var index = 0
    let count = bytes.count
    while index < count {
      while index + 8 <= count,
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      { index += 8 }
      if index == count { break }
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      guard let (length, low, high) = sequence(first) else { return (index, 1) }
      var found = 1
      while found < length, index + found < count {
        let next = bytes[index + found]
        guard found == 1 ? (low...high).contains(next) : next & 0xC0 == 0x80 else { break }
        found += 1
      }
      if found < length { return (index, found) }
      index += length
    }
    return (index, 0)
  }

  /// Whether these bytes at the end of a window may be the beginning of a sequence.
  static func mayContinue(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard let (length, _, _) = sequence(bytes[0]) else { return false }
    return count < length
  }

  /// How long a sequence is by its first byte, and between what its second lies.
  private static func sequence(_ first: UInt8) -> (length: Int, low: UInt8, high: UInt8)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80, 0xBF)
    case 0xE0: (3, 0xA0, 0xBF)
    case 0xED: (3, 0x80, 0x9F)
    case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80, 0xBF)
    case 0xF0: (4, 0x90, 0xBF)
    case 0xF1...0xF3: (4, 0x80, 0xBF)
    case 0xF4: (4, 0x80, 0x8F)
    default: nil
    }
  }
}
