// What stands in a workbook for characters that XML has no place for.

/// `_x000D_`, as a workbook writes characters that XML has no place for [ECMA-376 22.9.2.19].
enum XLSXEscape {
  static func removed(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")), text.contains("_x") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "_x") {
      result += rest[..<start.lowerBound]
      let code = rest[start.upperBound...].prefix(5)
      if code.count == 5, code.last == "_", let value = UInt32(code.prefix(4), radix: 16) {
        if let scalar = UnicodeScalar(value), value >= 32 || value == 9 || value == 10 || value == 13 {
          result.unicodeScalars.append(scalar)
        }
        rest = rest[start.upperBound...].dropFirst(5)
      } else {
        result += rest[start]
        rest = rest[start.upperBound...]
      }
    }
    return result + rest
  }
}
