// Which names say who reported: by the words and the known names of the lexicon, in whatever language and however they
// are written together.

/// The names of columns, and of what a former system says was changed, that may say who reported.
package enum ReporterNames {
  /// Whether a name seems to be that of something of a reporter's: their name, their address, their number, or simply
  /// them.
  package static func isNamed(by header: String) -> Bool {
    let words = reader.read(NameParts(header), in: nil)
    let who = places(of: words)
    guard !who.isEmpty else { return false }
    let rest = words.indices.filter { !who.contains($0) }.map { words[$0] }
    return rest.contains { says($0, what) } || rest.allSatisfy { says($0, fillers) }
  }

  private static let reader = WordReader(lexicon: .shared)
  private static let reporter = meanings(["reporter"])
  /// What tells one person from another.
  private static let what = meanings([
    "name", "firstname", "lastname", "email", "phone", "ip", "address", "id", "number", "relationship", "role",
  ])
  private static let fillers = meanings(["of", "is", "on"])

  private static func meanings(_ names: [String]) -> Set<Meaning> {
    Set(names.compactMap { WordLexicon.shared.places[$0] })
  }

  private static func says(_ word: NameWord, _ meanings: Set<Meaning>) -> Bool {
    !meanings.isDisjoint(with: word.meanings)
  }

  /// The words of a name that stand for whoever reported.
  private static func places(of words: [NameWord]) -> Set<Int> {
    var places = Set(words.indices.filter { isReporter(words[$0]) })
    for phrase in phrases where phrase.count <= words.count {
      for start in 0...(words.count - phrase.count)
      where zip(words[start...], phrase).allSatisfy({ $0.text == $1 }) {
        places.formUnion(start..<(start + phrase.count))
      }
    }
    return places
  }

  /// The beginning of a word is no reporter yet: `info` could be one of many.
  private static func isReporter(_ word: NameWord) -> Bool {
    switch word.way {
    case .known, .compound, .mistyped: says(word, reporter)
    case .abbreviated, .unknown: false
    }
  }

  /// The known names of the reporter's fields without what they say of them: of `reported by name` it is `reported by`.
  /// What is left of nothing but `email` is nobody's.
  private static let phrases: Set<[String]> = {
    var phrases: Set<[String]> = []
    for name in knownNames + LexiconFile.words(of: "reporters") {
      var words = reader.read(NameParts(name), in: nil)[...]
      while let last = words.last, isNoPerson(last) { words.removeLast() }
      while let first = words.first, isNoPerson(first) { words.removeFirst() }
      if !words.isEmpty { phrases.insert(words.map(\.text)) }
    }
    return phrases
  }()

  private static func isNoPerson(_ word: NameWord) -> Bool {
    !says(word, reporter) && (says(word, what) || says(word, fillers))
  }

  private static var knownNames: [String] {
    let fields = ["reporter_name", "reporter_email", "reporter_phone"]
    let lines = (LexiconFile.sections["fields.case"] ?? []).filter { line in
      fields.contains { line.hasPrefix($0 + ":") }
    }
    return lines.flatMap { line in
      line.drop { $0 != ":" }.dropFirst().split(separator: ";").map { String($0.drop { $0 == " " }) }
    }
  }
}
