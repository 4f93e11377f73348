// How sources write numbers, and text with markup in it.

import Crypto
import EthicoTypes
import FoundationEssentials
import Mapping
import Normalization

/// Numbers as sources write them.
enum NumberText {
  /// The digits as JSON writes a number; `nil` for what is none, so that no half of two numbers, no thousands written
  /// as a letter and no day is taken for an amount.
  /// - Parameter separator: of the decimals, where the number leaves it open.
  static func read(_ text: String, _ separator: DecimalSeparator?) -> String? {
    guard let form = NumberForm(text) else { return nil }
    var body = text
    var isNegative = body.contains("-") || body.contains("−")
    if body.hasPrefix("("), body.hasSuffix(")") {
      isNegative = true
      body = String(body.dropFirst().dropLast())
    }
    let isDigit: (Character) -> Bool = { ("0"..."9").contains($0) }
    guard let first = body.firstIndex(where: isDigit), let last = body.lastIndex(where: isDigit) else { return nil }
    // `.5` is a half.
    let isBegun = body[..<first].last.map { $0 == "." || $0 == "," } ?? false
    let start = isBegun ? body.index(before: first) : first
    let plain = body[start...last].filter { isDigit($0) || $0 == "." || $0 == "," }
    let decimal = form.decimalMark(or: separator)
    let parts = plain.split(separator: decimal, omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    let whole = parts[0].filter(isDigit).drop { $0 == "0" }
    let fraction = parts.count == 2 ? parts[1].filter(isDigit) : ""
    let digits = (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
    return isNegative && digits != "0" ? "-" + digits : digits
  }
}

extension NumberForm {
  /// What stands before the decimals; where the number leaves it open, what separates its column's, or else a point.
  fileprivate func decimalMark(or separator: DecimalSeparator?) -> Character {
    switch self.separator {
    case .point: "."
    case .comma: ","
    case .either, .none: separator == .comma ? "," : "."
    }
  }
}

/// Text out of the markup that some sources export. Each byte is looked at once or twice, whatever stands there: a cell
/// may hold a megabyte of what begins like a tag and never ends.
enum MarkupText {
  /// The text without its tags, where it holds one that is known; a line ends where a paragraph or an item does. A `<`
  /// that another follows before any `>` is a sign like others.
  static func plain(_ text: String) -> String {
    let bytes = text.utf8
    guard bytes.contains(UInt8(ascii: "<")) else { return text }
    var bare: [UInt8] = []
    bare.reserveCapacity(bytes.count)
    var holdsMarkup = false
    var place = bytes.startIndex
    while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      bare += bytes[place..<open]
      let inside = bytes.index(after: open)
      let end = bytes[inside...].firstIndex { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") } ?? bytes.endIndex
      guard end < bytes.endIndex, bytes[end] == UInt8(ascii: ">") else {
        bare += bytes[open..<end]
        place = end
        continue
      }
      let name = tagName(bytes[inside..<end])
      holdsMarkup = holdsMarkup || known.contains(name.drop { $0 == "/" })
      if breaking.contains(name) { bare.append(UInt8(ascii: "\n")) }
      place = bytes.index(after: end)
    }
    guard holdsMarkup else { return text }
    bare += bytes[place...]
    return entities.reduce(String(decoding: bare, as: UTF8.self)) { $0.replacing($1.code, with: $1.text) }.trimmed
  }

  /// What a tag is called, in lower case, with its slash where it closes.
  private static func tagName(_ tag: Substring.UTF8View) -> Substring {
    let isClosing = tag.first == UInt8(ascii: "/")
    let name = (isClosing ? tag.dropFirst() : tag).prefix(nameBytes).prefix {
      (48...57).contains($0) || (97...122).contains($0 | 0x20) || $0 == UInt8(ascii: "_")
    }
    return Substring((isClosing ? "/" : "") + (String(name) ?? "").lowercased())
  }

  private static let known: Set<Substring> = [
    "p", "br", "div", "span", "b", "i", "ul", "ol", "li", "strong", "em", "a", "h1", "h2", "h3", "h4", "h5", "h6",
  ]
  private static let breaking: Set<Substring> = [
    "br", "/p", "/div", "/li", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6",
  ]
  /// One more than the longest name that is known.
  private static let nameBytes = 7

  /// The ampersand last, so that nothing is read twice.
  private static let entities = [
    (code: "&nbsp;", text: " "), (code: "&lt;", text: "<"), (code: "&gt;", text: ">"), (code: "&quot;", text: "\""),
    (code: "&#39;", text: "'"), (code: "&amp;", text: "&"),
  ]
}

/// Keys made of values, where a source has none.
enum NaturalKey {
  /// `nk:` and the first 32 hexadecimal digits of the SHA-256 of the values as a JSON array: NFC, trimmed, spaces
  /// collapsed, case folded.
  static func of(_ values: [String]) -> String {
    let folded = values.map { value in
      value.canonicallyComposed.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .lowercased()
    }
    let text = ParsedValue.list(folded.map(ParsedValue.text)).text
    let digest = SHA256.hash(data: Data(text.utf8)).prefix(16)
    return "nk:" + digest.hexadecimal
  }
}
