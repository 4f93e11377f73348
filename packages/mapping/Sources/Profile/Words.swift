// Closed lists of words that a cell is compared with. They stand in the lexicon's files; here they become sets.

/// Words that give a cell's kind away.
enum Words {
  static let currencies = set(of: "currencies")
  static let countries = set(of: "countries")
  static let languages = set(of: "languages")
  static let booleans = set(of: "booleans")
  static let givenNames = set(of: "given_names")
  static let cities = set(of: "cities")
  static let fileEndings = set(of: "file_endings")
  /// What people write into a cell that is to say nothing.
  static let nothing: Set<String> = [
    "n/a", "-", "--", "---", "null", "(null)", "nil", "#n/a", "n.a.", "\\n", "(blank)", "(none)", "(empty)", ".", "?",
    "k.a.", "s/o", "n/d", "—", "–",
  ]

  private static func set(of name: String) -> Set<String> {
    Set(LexiconFile.words(of: name))
  }
}
