// What text from outside can and cannot do to a page.

import Markup
import Testing

@Suite("Text on a page")
struct EscapingTests {
  @Test("is text, whatever it holds")
  func textIsEscaped() {
    #expect(p { "<b>\"&'</b>" }.markup == "<p>&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;</p>")
  }

  @Test("cannot leave an attribute")
  func attributesAreEscaped() {
    let html = span(.title("\" onclick='x' <&>")) { "a" }
    #expect(html.markup == "<span title=\"&quot; onclick=&#39;x&#39; &lt;&amp;&gt;\">a</span>")
  }

  @Test(
    "shows a bidi control as its code",
    arguments: [
      ("\u{202A}", "[U+202A]"), ("\u{202E}", "[U+202E]"), ("\u{2066}", "[U+2066]"), ("\u{2069}", "[U+2069]"),
    ])
  func bidiControlsAreShown(control: String, shown: String) {
    #expect(p { "a\(control)b" }.markup == "<p>a\(shown)b</p>")
    #expect(span(.title("a" + control)).markup == "<span title=\"a\(shown)\"></span>")
  }

  @Test(
    "leaves the neighbours of the bidi controls alone",
    arguments: ["\u{2029}", "\u{202F}", "\u{2065}", "\u{206A}"])
  func neighboursStay(character: String) {
    #expect(p { "a\(character)b" }.markup == "<p>a\(character)b</p>")
  }

  @Test("keeps a bidi control in a field, which must give back what it was given")
  func fieldsKeepBidiControls() {
    #expect(input(.value("a\u{202E}b")).markup == "<input value=\"a\u{202E}b\">")
    #expect(textarea { "a\u{202E}b" }.markup == "<textarea>\na\u{202E}b</textarea>")
  }

  @Test("keeps the first newline of a textarea")
  func firstNewlineStays() {
    #expect(textarea { "\na" }.markup == "<textarea>\n\na</textarea>")
  }

  @Test("replaces NUL, which HTML forbids")
  func nulIsReplaced() {
    #expect(p { "a\0b" }.markup == "<p>a\u{FFFD}b</p>")
    #expect(input(.value("\0")).markup == "<input value=\"\u{FFFD}\">")
  }

  @Test("leaves out an attribute that a condition left out")
  func noAttribute() {
    #expect(input(nil, .required).markup == "<input required>")
  }
}

@Suite("A path")
struct PathTests {
  @Test(
    "keeps a segment one segment",
    arguments: [
      ("a/b", "/t/a%2Fb"), ("a?b#c", "/t/a%3Fb%23c"), ("é ", "/t/%C3%A9%20"), ("\r\n", "/t/%0D%0A"),
      ("a\\b", "/t/a%5Cb"), ("..", "/t/%252E%252E"), (".", "/t/%252E"), ("a.b", "/t/a.b"),
    ])
  func segments(segment: String, encoded: String) {
    #expect(Path("/t").appending(segment).description == encoded)
  }

  @Test("never begins with two slashes")
  func oneSlash() {
    #expect(Path("/").appending("").appending("evil.example").description == "/evil.example")
  }

  @Test("encodes names and values of its query")
  func query() {
    let path = Path("/t").query("q", "a&b=c d").query([("x[]", "\"é")])
    #expect(path.description == "/t?q=a%26b%3Dc%20d&x%5B%5D=%22%C3%A9")
  }

  @Test(
    "is not read from what could lead elsewhere",
    arguments: [
      "javascript:alert(1)", "//host/x", "/\\host", "/a\r\nSet-Cookie: x", "/a\nb", "https://host/", "", "a/b", "/a b",
      "/é", "/a\"b", "/a#b", "/\t/host", "/a\0", "/" + String(repeating: "a", count: 2048),
    ])
  func refusals(text: String) {
    #expect(Path(local: text) == nil)
  }

  @Test("that came from outside takes more segments and parameters where they belong")
  func localPathGoesOn() throws {
    let path = try #require(Path(local: "/t?a=1"))
    #expect(path.description == "/t?a=1")
    #expect(path.appending("x").query("b", 2).description == "/t/x?a=1&b=2")
  }
}
