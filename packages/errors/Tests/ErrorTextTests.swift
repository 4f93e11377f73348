// What is left of a message, and what makes two errors one.

import Errors
import Postgres
import Testing

@Suite("An error's message")
struct ErrorTextTests {
  @Test(
    "keeps nothing that varies, and nobody's words",
    arguments: [
      ("Case 48 of 'a b' for x@y.example", "Case <n> of <text> for <mail>"),
      ("Case 7 of 'Jörg O’Neil' for jörg.o+x@mail.y.example.", "Case <n> of <text> for <mail>."),
      ("no row 0193a5c0-0000-7000-8000-000000000001 here", "no row <id> here"),
      ("id=0193A5C0-0000-7000-8000-00000000000C;", "id=<id>;"),
      (#"invalid input syntax for type integer: "Jane \"J\" Doe""#, "invalid input syntax for type integer: <text>"),
      ("invalid byte in \"Jane Doe never ends", "invalid byte in <text>"),
      ("She said “call me at 5” and ‘now’", "She said <text> and <text>"),
      ("It can't be done, isn't 3", "It can't be done, isn't <n>"),
      ("RPT-2026-00412 and T-000123", "RPT-<n>-<n> and T-<n>"),
      ("at 2026-03-02T09:15:00.25Z and 2026-03-02 09:15+01", "at <time> and <time>"),
      ("took 1,204.5 ms, 30s of 0x7fff from 10.8.0.14", "took <n> ms, <n>s of <n> from <n>"),
      ("version_2 of utf8 stays", "version_2 of utf8 stays"),
      ("two\n  lines\t1", "two lines <n>"), ("", "No message"),
    ])
  func variables(message: String, kept: String) {
    #expect(ErrorText(replacingVariablesIn: message).description == kept)
  }

  @Test("has an end, however long what was said")
  func length() {
    let text = ErrorText(replacingVariablesIn: String(repeating: "word ", count: 100_000)).description
    #expect(text.count <= 500)
    #expect(ErrorText(replacingVariablesIn: text + " 4").description.count <= 500)
  }

  private enum Mishap: Error {
    case said(String, by: Int)
    case nothing
  }

  /// Tells of itself in words that nobody has looked at.
  private struct Talkative: Error, CustomStringConvertible {
    let description = "Jane Doe was here"
  }

  @Test("of an error names what it is, not what it holds")
  func errors() {
    let said = ErrorText(Mishap.said("Jane Doe", by: 4)).description
    #expect(said.hasSuffix("Mishap.said(<text>, by: <n>)") && !said.contains("$"))
    #expect(ErrorText(Mishap.nothing).description.hasSuffix("Mishap.nothing"))
    #expect(!ErrorText(Talkative()).description.contains("Jane"))
    #expect(ErrorText(Talkative()).description.hasSuffix("Talkative"))
    let value = RowError.value(column: "role", expected: "ClientRole", found: "Jane Doe")
    #expect(ErrorText(value).description == "The column role holds <text>, which is no ClientRole.")
    var refused = PostgresError(
      sqlState: SQLState(rawValue: "23514"), message: #"new row for "case" violates "case_stage""#)
    refused.constraint = "case_stage"
    refused.detail = "Failing row contains (Jane Doe)."
    #expect(ErrorText(refused).description == "PostgresError 23514: new row for <text> violates <text> (case_stage)")
  }

  @Test(
    "gives, with kind and place, its fingerprint",
    arguments: [
      (
        ErrorKind.request, "case.show", "Case 48 of 'a b' for x@y.example",
        "791b512e61df8a5b458cfb8eedc26f28396d09dc1c33960f977c9252cf145535"
      ),
      (
        .job, "mail.deliver", "552 5.2.2 The mailbox is full",
        "5c1f2252537c75c4e19bd10a2cfff38355a32b1005c8322a76efbdb5d95b1eb3"
      ),
    ])
  func fingerprint(kind: ErrorKind, place: String, message: String, expected: String) {
    #expect(Fingerprint(kind, place, ErrorText(replacingVariablesIn: message)).text == expected)
  }

  @Test("is another one elsewhere, and the same for another case")
  func apart() {
    func fingerprint(_ kind: ErrorKind, _ place: String, _ message: String) -> Fingerprint {
      Fingerprint(kind, place, ErrorText(replacingVariablesIn: message))
    }
    let one = fingerprint(.request, "case.show", "Case 48 of 'a b'")
    #expect(one == fingerprint(.request, "case.show", "Case 7 of 'c'"))
    #expect(one != fingerprint(.request, "case.list", "Case 48 of 'a b'"))
    #expect(one != fingerprint(.job, "case.show", "Case 48 of 'a b'"))
    #expect(one != fingerprint(.request, "case.show", "Cases 48 of 'a b'"))
  }
}
