// What a spreadsheet program left in a cell that it wrote as text.

/// What spreadsheet programs do to a cell that they write as text.
enum SpreadsheetMark {
  /// The bytes that count, and what there is to say about them.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (bytes: UnsafeBufferPointer<UInt8>, code: CellProblem.Code?, reason: String) {
    guard bytes.count >= 3 else { return (bytes, nil, "") }
    if bytes[0] == UInt8(ascii: "="), bytes[1] == UInt8(ascii: "\""), bytes[bytes.count - 1] == UInt8(ascii: "\"") {
      let inner = UnsafeBufferPointer(rebasing: bytes[2..<bytes.count - 1])
      if !inner.contains(UInt8(ascii: "\"")) {
        return (inner, .textFormula, "A formula that only holds a text was read as this text.")
      }
    }
    if isScientific(bytes) {
      return (bytes, .scientificNotation, "A spreadsheet has shortened this number; digits may be lost.")
    }
    return (bytes, nil, "")
  }

  /// `1.23457E+11` and its like.
  private static func isScientific(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count >= 5, bytes.count <= 24, isDigit(bytes[0]) else { return false }
    let isFraction = bytes[1] == UInt8(ascii: ".") || bytes[1] == UInt8(ascii: ",")
    var index = isFraction ? 2 : 1
    while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    guard index + 2 < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e"), bytes[index + 1] == UInt8(ascii: "+")
    else {
      return false
    }
    return bytes[(index + 2)...].allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
}
