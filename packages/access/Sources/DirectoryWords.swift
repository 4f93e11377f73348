// What is typed into the directory's search, as it was copied from a mail, a browser, a telephone or a contract.

/// The words that are looked for, and the number that they may be.
struct DirectoryWords: Sendable, Hashable {
  /// All of these must occur, in lower case: of an e-mail address and of an address with a scheme the domain.
  let words: [String]
  /// A hotline number's digits without zeros before them, or a contract number without its hyphens; `nil` for other
  /// words.
  let number: String?

  init(_ typed: String) {
    let text = typed.lowercased()
    words = Self.domain(text).split(whereSeparator: \.isWhitespace).map(String.init)
    number = Self.dialled(text) ?? Self.contract(words)
  }

  private static func domain(_ text: String) -> String {
    let address = #/\s*[a-z][-a-z0-9+.]*://(?:[^/?#@\s]*@)?(?:www\.)?([^/?#:\s]+)\S*\s*/#
    if let host = text.wholeMatch(of: address)?.output.1 { return String(host) }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].contains(".") ? String(parts[1]) : text
  }

  /// The digits of what may be dialled. What stands before them, a plus, the zeros of a call abroad or the zero of one
  /// at home, is not the same everywhere, and a number is found by its end.
  private static func dialled(_ text: String) -> String? {
    guard text.allSatisfy({ isDigit($0) || "+-().".contains($0) || $0.isWhitespace }) else { return nil }
    let digits = text.replacing("(0)", with: "").filter(isDigit).drop { $0 == "0" }
    // As many as directory_numbers keeps of one.
    return (6...15).contains(digits.count) ? String(digits) : nil
  }

  private static func contract(_ words: [String]) -> String? {
    guard words.count == 1, words[0].wholeMatch(of: /[a-z]{1,6}[0-9]{3,12}/) != nil else { return nil }
    return words[0]
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
