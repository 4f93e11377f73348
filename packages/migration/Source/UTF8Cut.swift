// Long texts cut where a character ends.

/// Cutting UTF-8 between two characters.
enum UTF8Cut {
  static func prefix(_ bytes: UnsafeBufferPointer<UInt8>, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    guard bytes.count > count else { return wholeCharacters(bytes) }
    var end = max(0, count)
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[..<end])
  }

  /// Without a sequence at the end that is not complete.
  static func wholeCharacters(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = bytes.count
    while start > 0, bytes.count - start < 3, bytes[start - 1] & 0xC0 == 0x80 { start -= 1 }
    guard start > 0, bytes[start - 1] >= 0xC0 else { return bytes }
    let first = bytes[start - 1]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    return bytes.count - start + 1 < length ? UnsafeBufferPointer(rebasing: bytes[..<(start - 1)]) : bytes
  }
}
