// Texts as they are compared: compatibility forms, one case, no accents.

import Normalization

/// How a text is written for comparison.
enum Folding {
  /// NFKC [UAX 15], lower case, letters without their accents.
  static func fold(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    var folded = String.UnicodeScalarView()
    for scalar in text.folded.unicodeScalars {
      switch scalar {
      case "ø": folded.append("o")
      case "ł": folded.append("l")
      case "æ": folded.append(contentsOf: "ae".unicodeScalars)
      case "đ": folded.append("d")
      case "’": folded.append("'")
      default: folded.append(scalar)
      }
    }
    return String(folded)
  }

  /// The other way to write German umlauts, `pruefung` for `prüfung`; `nil` where there are none.
  static func withoutUmlauts(_ text: String) -> String? {
    let pairs: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue"]
    guard text.contains(where: { pairs[$0] != nil }) else { return nil }
    return fold(text.reduce(into: "") { $0 += pairs[$1] ?? String($1) })
  }

  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    case "\0"..."\u{7F}": false
    default: scalar.properties.isAlphabetic
    }
  }

  /// Letters and digits alone: how two spellings of one name are found to be the same.
  static func key(_ folded: some StringProtocol) -> String {
    var key = String.UnicodeScalarView()
    for scalar in folded.unicodeScalars where isKept(scalar) {
      key.append(scalar)
    }
    return String(key)
  }
}
