// The forms in which texts, moments and chance leave the program: other programs, hashes and seeds rely on their bytes.

import EthicoTypes
import FoundationEssentials
import Testing

@Suite("Written forms")
struct WrittenFormTests {
  @Test(
    "a string of JSON has as few and as short escapes as it may",
    arguments: [
      ("plain, ü and 🇩🇪", "plain, ü and 🇩🇪"), ("\"\\/", #"\"\\/"#), ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#),
      ("a\r\nb", #"a\r\nb"#),
      ("\0\u{1F}\u{7F}\u{2028}", "\\u0000\\u001f\u{7F}\u{2028}"), ("\"\u{301}", "\\\"\u{301}"),
    ])
  func json(text: String, written: String) {
    #expect(Array(JSONString.quoted(text).utf8) == Array(("\"" + written + "\"").utf8))
  }

  @Test("percent codes keep what means only itself, and lead back")
  func percent() {
    let text = "Ä b/c?d=e&f+g%h~i-j._\n"
    let encoded = PercentCoding.encode(text)
    #expect(encoded == "%C3%84%20b%2Fc%3Fd%3De%26f%2Bg%25h~i-j._%0A")
    let decoded = PercentCoding.decode(encoded[...].utf8)
    #expect(decoded.isWhole && String(decoding: decoded.bytes, as: UTF8.self) == text)
    #expect(String(decoding: PercentCoding.decode("a+b%2f"[...].utf8).bytes, as: UTF8.self) == "a b/")
  }

  @Test("a percent sign without its digits stays, and is told", arguments: ["%", "a%2", "%zz", "%é"])
  func broken(text: String) {
    let decoded = PercentCoding.decode(text[...].utf8)
    #expect(!decoded.isWhole && String(decoding: decoded.bytes, as: UTF8.self) == text)
  }

  @Test(
    "a moment is told to the microsecond, before 1970 too",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (-0.000_001, "1969-12-31T23:59:59.999999Z"),
      (1_772_442_900.25, "2026-03-02T09:15:00.250000Z"),
    ])
  func moment(seconds: Double, written: String) {
    #expect(Date(timeIntervalSince1970: seconds).microsecondText == written)
  }

  @Test("a seed gives the numbers of the published generator")
  func chance() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }
}
