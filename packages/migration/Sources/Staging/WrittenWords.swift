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

/// Text out of the markup that some sources export.
enum MarkupText {
  static func plain(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "<")),
      text.contains(#/<\/?(p|br|div|span|b|i|ul|ol|li|strong|em|a|h[1-6])\b[^>]*>/#.ignoresCase())
    else { return text }
    let broken = text.replacing(#/<(br|\/p|\/div|\/li|\/h[1-6])\b[^>]*>/#.ignoresCase(), with: "\n")
    let bare = entities.reduce(broken.replacing(#/<[^>]*>/#, with: "")) { $0.replacing($1.code, with: $1.text) }
    return bare.trimmed
  }

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
