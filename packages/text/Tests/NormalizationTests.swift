// Texts that people spell in several ways, as they are compared; and the space that comes along with them.

import EthicoTypes
import Normalization
import Testing

@Suite("Texts")
struct NormalizationTests {
  @Test(
    "have one spelling in each form",
    arguments: [
      // [UAX 15, figures 3, 4 and 6]: the text, its forms C, D and KC.
      ("\u{212B}", "\u{C5}", "A\u{30A}", "\u{C5}"),
      ("\u{1E9B}\u{323}", "\u{1E9B}\u{323}", "\u{17F}\u{323}\u{307}", "\u{1E69}"),
      ("\u{FB01}", "\u{FB01}", "\u{FB01}", "fi"), ("2\u{2075}", "2\u{2075}", "2\u{2075}", "25"), ("", "", "", ""),
      ("\u{AC00}", "\u{AC00}", "\u{1100}\u{1161}", "\u{AC00}"),
      ("plain\u{0}", "plain\u{0}", "plain\u{0}", "plain\u{0}"),
    ])
  func forms(text: String, composed: String, decomposed: String, compatible: String) {
    #expect(Array(text.canonicallyComposed.unicodeScalars) == Array(composed.unicodeScalars))
    #expect(Array(text.canonicallyDecomposed.unicodeScalars) == Array(decomposed.unicodeScalars))
    #expect(Array(text.compatibilityComposed.unicodeScalars) == Array(compatible.unicodeScalars))
  }

  @Test(
    "are alike without marks, case, width and the two ways to write some letters",
    arguments: [
      ("VERSTOSS", "Verstoß"), ("Łódź Ｃafé".lowercased(), "ŁÓDŹ CAFÉ"), ("ΟΔΟΣ", "οδός"), ("Prüfung", "PRUFUNG"),
    ])
  func folded(one: String, other: String) {
    #expect(one.folded == other.folded)
  }

  @Test(
    "are trimmed of what nobody sees, and of nothing between",
    arguments: [
      (" a b\t", "a b"), ("\u{FEFF}\u{200B}jane@example.org\u{A0}\r\n", "jane@example.org"), (" \u{3000}", ""),
      ("", ""), ("e\u{301}", "e\u{301}"),
    ])
  func trimmed(text: String, expected: String) {
    #expect(text.trimmed == expected && Substring("x" + text).dropFirst().trimmed == expected)
  }

  @Test("are trimmed of the same signs wherever that is done")
  func trimmedSigns() {
    let signs = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).filter {
      String($0).trimmed.isEmpty
    }
    #expect(String(String.UnicodeScalarView(signs)) == String.trimmedSigns)
  }

  @Test("have numbers of a fixed width")
  func digits() {
    #expect(42.padded(to: 5) == "00042" && 123_456.padded(to: 5) == "123456" && (-7).padded(to: 2) == "-07")
    #expect(([0x00, 0x0F, 0xA0, 0xFF] as [UInt8]).hexadecimal == "000fa0ff")
  }
}
