// Reading a cell as a number: only as far as to know whether it is one and what its separators could mean.

/// How one cell that reads as a number is written.
package struct NumberForm: Hashable, Sendable {
  /// What the cell alone says about its decimals.
  package enum Separator: Hashable, Sendable {
    case none, point, comma, either
  }

  /// What it says of its own decimals.
  package let separator: Separator
  let isWhole: Bool
  /// Whether a currency's sign or code stands beside it.
  let hasCurrency: Bool

  /// `nil` for what is no number: digits in groups, with a sign and a currency beside them at most.
  package init?(_ text: String) {
    var text = text
    guard let form = text.withUTF8({ NumberForm($0) }) else { return nil }
    self = form
  }

  /// `nil` for what is no number.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= 40 else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count)
    guard let hasCurrency = Self.strip(bytes, into: &digits), !digits.isEmpty else { return nil }
    guard let read = Self.separators(of: digits) else { return nil }
    self.hasCurrency = hasCurrency
    separator = read.separator
    isWhole = read.isWhole
  }

  /// Leaves digits, separators and `_` for a space between thousands. Says whether a currency was there.
  private static func strip(_ bytes: UnsafeBufferPointer<UInt8>, into digits: inout [UInt8]) -> Bool? {
    var slice = bytes[...]
    if slice.first == UInt8(ascii: "("), slice.last == UInt8(ascii: ")") { slice = slice.dropFirst().dropLast() }
    let isNumeral: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    guard let first = slice.firstIndex(where: isNumeral), let last = slice.lastIndex(where: isNumeral) else {
      return nil
    }
    var before = slice[slice.startIndex..<first]
    if let end = before.last, end == UInt8(ascii: ".") || end == UInt8(ascii: ",") {
      before = before.dropLast()
      digits += [UInt8(ascii: "0"), end]
    }
    guard let lead = affix(before), let tail = affix(slice[(last + 1)...]) else { return nil }
    var index = first
    while index <= last {
      let byte = slice[index]
      switch byte {
      case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: ","): digits.append(byte)
      case UInt8(ascii: " "), UInt8(ascii: "'"): digits.append(UInt8(ascii: "_"))
      // U+00A0, U+2009, U+2019 and U+202F between thousands; a dash stands between two numbers.
      case 0xC2 where index + 1 <= last && slice[index + 1] == 0xA0:
        digits.append(UInt8(ascii: "_"))
        index += 1
      case 0xE2 where index + 2 <= last && slice[index + 1] == 0x80 && [0x89, 0x99, 0xAF].contains(slice[index + 2]):
        digits.append(UInt8(ascii: "_"))
        index += 2
      default: return nil
      }
      index += 1
    }
    return lead || tail
  }

  /// What stands around a number beside its currency.
  private static let signs: Set<Character> = [" ", "\u{A0}", "-", "+", "−"]

  /// Whether what stands before or after the digits is a currency; `nil` where it is neither that nor a sign.
  private static func affix(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool? {
    if bytes.isEmpty { return false }
    guard bytes.count <= 8 else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).filter { !Self.signs.contains($0) }
    switch text {
    case "", "%": return false
    case "$", "€", "£", "¥", "₹", "₩", "₽", "₺", "₪", "฿", "₱", "₫", "₦", "R$", "US$", "C$", "CA$", "A$", "AU$", "NZ$",
      "S$", "HK$", "NT$", "zł", "Kč", "Ft", "kr", "kr.", "Fr.", "SFr.", "Rs", "Rs.", "lei":
      return true
    default: return Words.currencies.contains(text.lowercased()) ? true : nil
    }
  }

  private static func separators(of digits: [UInt8]) -> (separator: Separator, isWhole: Bool)? {
    var groups: [Int] = [0]
    var marks: [UInt8] = []
    for byte in digits {
      if (0x30...0x39).contains(byte) {
        groups[groups.count - 1] += 1
      } else {
        marks.append(byte)
        groups.append(0)
      }
    }
    guard !groups.contains(0) else { return nil }
    guard let last = marks.last else { return (.none, true) }
    let earlier = marks.dropLast()
    let areThousands = (1...3).contains(groups[0]) && groups.dropFirst().dropLast().allSatisfy { $0 == 3 }
    let decimal: Separator = last == UInt8(ascii: ".") ? .point : .comma
    if last == UInt8(ascii: "_") {
      return areThousands && groups.last == 3 && earlier.allSatisfy { $0 == last } ? (.none, true) : nil
    }
    if let first = earlier.first {
      guard areThousands, earlier.allSatisfy({ $0 == first }) else { return nil }
      if first != last { return (decimal, false) }
      // 1,234,567: what separates thousands cannot separate decimals.
      return groups.last == 3 ? (decimal == .point ? .comma : .point, true) : nil
    }
    if groups.last == 3, groups[0] <= 3, digits[0] != UInt8(ascii: "0") { return (.either, false) }
    return (decimal, false)
  }
}
