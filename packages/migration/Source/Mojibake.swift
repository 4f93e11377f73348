// UTF-8 that somebody once read as windows-1252: “Ã¤” where “ä” was meant.

/// Finds and mends it.
package enum Mojibake {
  /// The text as it was meant, or `nil` when nothing in it looks broken.
  package static func repaired(_ text: String) -> String? {
    guard looksBroken(text) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = byte(of: scalar) else { return nil }
      bytes.append(byte)
    }
    let (valid, bad) = bytes.withUnsafeBytes { UTF8Check.run($0) }
    return bad == 0 && valid == bytes.count ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// A capital that begins a sequence of two or three bytes, and a sign that continues one.
  static func looksBroken(_ text: String) -> Bool {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return false }
    var last: UnicodeScalar = " "
    for scalar in text.unicodeScalars {
      if last == "Ã" || last == "Â" || last == "â" || last == "Å", let byte = byte(of: scalar),
        (0x80...0xBF).contains(byte)
      {
        return true
      }
      last = scalar
    }
    return false
  }

  static func sample(in rows: [SourceRow]) -> String? {
    for row in rows {
      if let cell = row.cells.first(where: { $0.utf8.count < 2000 && repaired($0) != nil }) { return cell }
    }
    return nil
  }

  static func finding(_ text: String) -> Finding {
    Finding(
      code: .mojibake,
      text:
        "“\(text.prefix(40))” looks like “\((repaired(text) ?? text).prefix(40))”, decoded twice before.",
      row: nil)
  }

  /// The byte of windows-1252, which leaves five of them as they are.
  private static func byte(of scalar: UnicodeScalar) -> UInt8? {
    if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
    if let index = upper.firstIndex(of: scalar) { return UInt8(0x80 + index) }
    return (0x80...0x9F).contains(scalar.value) ? UInt8(scalar.value) : nil
  }

  private static let upper = Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}
