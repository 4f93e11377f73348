// What columns are called, whatever stands in the header.

/// The contract's rule for the keys of columns.
enum ColumnNames {
  /// Names for `cells`: trimmed, inner white space collapsed, repeats numbered, blanks named after their place.
  static func unique(_ cells: [String]) -> [String] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    return cells.enumerated().map { index, cell in
      let plain = collapsed(cell)
      let name = plain.isEmpty ? "(column \(index + 1))" : plain
      var key = name
      var number = next[name] ?? 2
      while !taken.insert(key).inserted {
        key = "\(name) (\(number))"
        number += 1
      }
      next[name] = number
      return key
    }
  }

  /// Without white space at the ends, and with single spaces within.
  static func collapsed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) { return text }
    var result = String.UnicodeScalarView()
    var isPending = false
    for scalar in text.unicodeScalars {
      if isBlank(scalar) {
        isPending = !result.isEmpty
        continue
      }
      if isPending { result.append(" ") }
      isPending = false
      result.append(scalar)
    }
    return String(result)
  }

  /// Whether nothing but white space stands there.
  static func isBlank(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    // Nearly every cell begins with a plain character.
    if first > 32 && first < 0x80 { return false }
    return text.unicodeScalars.allSatisfy(isBlank)
  }

  /// White space as Unicode has it [UAX 44, White_Space], and two marks without width.
  private static func isBlank(_ scalar: UnicodeScalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
    default: false
    }
  }
}
