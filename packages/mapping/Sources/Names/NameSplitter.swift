// A header as its parts: camelCase, snake_case, words, digits.

/// The parts of a header.
struct NameParts: Sendable {
  /// Words in their order, folded.
  let words: [String]
  /// Numbers in their order; `Issue 2 type` has one.
  let numbers: [Int]

  init(_ header: String) {
    var words: [String] = []
    var numbers: [Int] = []
    for part in Self.split(header) {
      if let number = Int(part) {
        if number < 100 { numbers.append(number) }
      } else {
        words.append(Folding.fold(part))
      }
    }
    // `Status_v2` is still the status.
    if let last = words.last, last == "v", !numbers.isEmpty, words.count > 1 {
      words.removeLast()
      numbers.removeLast()
    }
    self.words = words
    self.numbers = numbers
  }

  init(words: [String], numbers: [Int]) {
    self.words = words
    self.numbers = numbers
  }

  private static func split(_ header: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var last: Character?
    let characters = Array(header)
    func end() {
      if !part.isEmpty { parts.append(part) }
      part = ""
    }
    for (index, character) in characters.enumerated() {
      switch character {
      case "#":
        end()
        parts.append("#")
      case "%":
        end()
        parts.append("percent")
      case "°", "º": part.append("°")
      case _ where character.isLetter:
        if let last, character.isUppercase, isBorder(after: last, at: index, in: characters) { end() }
        if let last, last.isNumber { end() }
        part.append(character)
      case "0"..."9":
        if let last, last.isLetter { end() }
        part.append(character)
      default: end()
      }
      last = character
    }
    end()
    return parts
  }

  /// `caseNumber` has a border before `N`, `IDNumber` one before `Nu`.
  private static func isBorder(after last: Character, at index: Int, in characters: [Character]) -> Bool {
    if last.isLowercase { return true }
    guard last.isUppercase, index + 1 < characters.count, characters[index + 1].isLowercase else { return false }
    // `IDs` is one word.
    return !(characters[index + 1] == "s" && (index + 2 == characters.count || !characters[index + 2].isLetter))
  }
}
