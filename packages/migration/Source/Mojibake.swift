// UTF-8 that somebody once read as windows-1252: “Ã¤” where “ä” was meant.

/// Finds and mends it.
package enum Mojibake {
  /// The text as it was meant, or `nil` where it is not such text from its beginning to its end.
  package static func repaired(_ text: String) -> String? {
    if isPlain(text) { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = byte(of: scalar) else { return nil }
      bytes.append(byte)
    }
    let (valid, bad) = bytes.withUnsafeBytes { UTF8Check.run($0) }
    return bad == 0 && valid == bytes.count ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Whether nothing else explains the text: “SANTÉ²”, “5 Å²”, or a quotation that ends with a capital and its mark,
  /// can be what somebody wrote.
  package static func isEvident(_ text: String) -> Bool {
    guard let meant = repaired(text) else { return false }
    let scalars = Array(meant.unicodeScalars)
    var foreign = 0
    for (place, scalar) in scalars.enumerated() where scalar.value >= 0x80 && !isExplained(scalar) {
      switch scalar.value {
      case 0xA1...0xBF, 0x2010...0x2044, 0x20AC, 0x2122: return true
      case 0xC0...0x17F, 0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x218...0x21B, 0x1E00...0x1EFF:
        let beside = [place - 1, place + 1].filter(scalars.indices.contains).map { scalars[$0].properties }
        let isCapital = scalar.properties.isUppercase
        if beside.contains(where: { $0.isAlphabetic && (isCapital || $0.isLowercase) }) { return true }
      case 0x370... where scalar.properties.isAlphabetic: foreign += 1
      default: break
      }
    }
    return foreign > 1
  }

  /// Whether all that follows the letter that such a character was read as is what may follow a letter in plain text:
  /// quotation marks, dashes, dots and spaces.
  private static func isExplained(_ scalar: UnicodeScalar) -> Bool {
    String(scalar).utf8.dropFirst().allSatisfy { followers.contains($0) }
  }

  private static let followers: Set<UInt8> = [
    0x82, 0x84, 0x85, 0x8B, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9B, 0xA0, 0xAB, 0xB7, 0xBB,
  ]

  /// Whether a text is ASCII alone, as most cells are, looked at eight bytes at a time.
  static func isPlain(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      var index = 0
      while index + 8 <= raw.count {
        if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
        index += 8
      }
      return raw[index...].allSatisfy { $0 < 0x80 }
    } ?? text.utf8.allSatisfy { $0 < 0x80 }
  }

  /// The byte of windows-1252, which leaves five of them as they are.
  private static func byte(of scalar: UnicodeScalar) -> UInt8? {
    if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
    if let index = upper.firstIndex(of: scalar) { return UInt8(0x80 + index) }
    return (0x80...0x9F).contains(scalar.value) ? UInt8(scalar.value) : nil
  }

  private static let upper = Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}

/// How many cells of each column are such text beyond doubt, counted while a table is read.
struct MojibakeCount {
  private var cells: [Int: (count: Int, row: Int)] = [:]

  mutating func look(at row: SourceRow) {
    for (index, cell) in row.cells.enumerated() where !Mojibake.isPlain(cell) {
      guard cell.utf8.count <= Self.cellLimit, Mojibake.isEvident(cell) else { continue }
      cells[index, default: (0, row.number)].count += 1
    }
  }

  /// Longer cells tell nothing that shorter ones do not.
  private static let cellLimit = 20_000

  /// What was found, by column. No cell is repeated: one of them may say who reported.
  func findings(_ columns: [String]) -> [Finding] {
    cells.sorted { $0.key < $1.key }.map { index, found in
      let name = columns.indices.contains(index) ? columns[index] : ""
      let cells = found.count == 1 ? "A cell of “\(name)” looks" : "\(found.count) cells of “\(name)” look"
      return Finding(
        code: .mojibake, text: "\(cells) like UTF-8 that was read as windows-1252: “Ã¤” for “ä”.", row: found.row,
        column: index)
    }
  }
}
