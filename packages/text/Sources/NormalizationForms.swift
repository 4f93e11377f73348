// The normalization forms of Unicode [UAX 15], and how texts are compared that people spell in several ways.

import CUnistring
import Glibc

extension String {
  /// Normalization form C: each letter with its marks as one character, where there is one.
  package var canonicallyComposed: String { normalized(to: text_form_nfc()) }

  /// Normalization form D: letters and marks apart.
  package var canonicallyDecomposed: String { normalized(to: text_form_nfd()) }

  /// Normalization form KC: as form C, with ligatures, wide letters and the like as plain ones.
  package var compatibilityComposed: String { normalized(to: text_form_nfkc()) }

  /// For comparison: plain letters, lower case, without marks, `ß` as `ss` and a last sigma as any other.
  package var folded: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    var folded = UnicodeScalarView()
    for scalar in compatibilityComposed.lowercased().canonicallyDecomposed.unicodeScalars
    where scalar.properties.generalCategory != .nonspacingMark {
      switch scalar {
      case "ß": folded.append(contentsOf: "ss".unicodeScalars)
      case "ς": folded.append("σ")
      default: folded.append(scalar)
      }
    }
    return String(folded)
  }

  private func normalized(to form: uninorm_t) -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var text = self
    return text.withUTF8 { bytes in
      var count = 0
      guard let normalized = u8_normalize(form, bytes.baseAddress, bytes.count, nil, &count) else {
        preconditionFailure("Well-formed text can be normalized.")
      }
      defer { free(normalized) }
      return String(decoding: UnsafeBufferPointer(start: normalized, count: count), as: UTF8.self)
    }
  }
}
