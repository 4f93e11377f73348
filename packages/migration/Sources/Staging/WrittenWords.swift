// How sources write numbers, and text with markup in it.

import Crypto
import EthicoTypes
import FoundationEssentials
import Mapping
import Normalization

/// Numbers as sources write them.
enum NumberText {
  /// The digits as JSON writes a number; `nil` for what is none.
  /// - Parameter separator: of the decimals, where the column's numbers leave it open.
  static func read(_ text: String, _ separator: DecimalSeparator?) -> String? {
    var body = text
    var isNegative = body.contains("-") || body.contains("−")
    if body.hasPrefix("("), body.hasSuffix(")") {
      isNegative = true
      body = String(body.dropFirst().dropLast())
    }
    let isDigit: (Character) -> Bool = { ("0"..."9").contains($0) }
    // Beside digits and marks no more than a sign, spaces and a currency.
    guard body.contains(where: isDigit), body.filter(\.isLetter).count <= 4 else { return nil }
    let plain = body.filter { isDigit($0) || $0 == "." || $0 == "," }
    let decimal: Character = (separator ?? guessed(plain)) == .comma ? "," : "."
    let parts = plain.split(separator: decimal, omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    let whole = parts[0].filter(isDigit).drop { $0 == "0" }
    let fraction = parts.count == 2 ? parts[1].filter(isDigit) : ""
    let digits = (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
    return isNegative && digits != "0" ? "-" + digits : digits
  }

  /// Both marks: the last one is of the decimals. One alone: of decimals, unless three digits follow it.
  private static func guessed(_ text: String) -> DecimalSeparator {
    guard let comma = text.lastIndex(of: ",") else { return .point }
    guard let point = text.lastIndex(of: ".") else { return text[comma...].count == 4 ? .point : .comma }
    return comma > point ? .comma : .point
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
