// What single words mean, in several languages: `Datum`, `fecha` and `dt` are all a date.

/// A meaning that several words have, by its place in the lexicon.
typealias Meaning = Int16

/// The languages of the lexicon, in the order of its columns.
enum Tongue: Int, CaseIterable, Sendable {
  case english, german, french, spanish, portuguese, italian, other
}

/// The words of the lexicon.
struct WordLexicon: Sendable {
  /// A form's meanings, and the languages in which it has each.
  struct Entry: Sendable {
    var meanings: [Meaning] = []
    var tongues: [UInt8] = []
  }

  /// The names of the meanings, each at its place.
  let names: [String]
  let places: [String: Meaning]
  private(set) var entries: [String: Entry] = [:]
  /// The forms of a meaning by language: what `mapping train` translates with.
  private(set) var forms: [[[String]]] = []
  /// Forms of five letters and more by their length, for words with a slip in them.
  private(set) var byLength: [Int: [(text: String, letters: [UInt8])]] = [:]
  private(set) var sorted: [String] = []
  /// Forms without their vowels, where that is still four letters: `dscrptn`.
  private(set) var skeletons: [String: String] = [:]
  /// The English ones by their first letter.
  private(set) var skeletonsByFirst: [Character: [(skeleton: String, form: String)]] = [:]

  static let shared = WordLexicon(LexiconFile.sections["words"] ?? [])

  init(_ lines: [Substring]) {
    var names: [String] = []
    var places: [String: Meaning] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = String(line[..<colon])
      let place = Meaning(names.count)
      names.append(name)
      places[name] = place
      var columns: [[String]] = []
      let cells = line[line.index(after: colon)...].split(separator: "|", omittingEmptySubsequences: false)
      for (index, column) in cells.enumerated() {
        let words = column.split(separator: " ").map(String.init)
        columns.append(words)
        for word in words { Self.add(word, place, tongue: min(index, Tongue.other.rawValue), to: &entries) }
      }
      forms.append(columns)
    }
    self.names = names
    self.places = places
    for form in entries.keys.sorted() where form.count >= 4 {
      sorted.append(form)
      byLength[form.count, default: []].append((form, Array(form.utf8)))
      let skeleton = Self.skeleton(form)
      guard skeleton.count >= 3, form.count >= 5 else { continue }
      let isEnglish = entries[form]?.tongues.contains { $0 & 1 != 0 } ?? false
      if isEnglish, let first = form.first { skeletonsByFirst[first, default: []].append((skeleton, form)) }
      if isEnglish || skeletons[skeleton] == nil { skeletons[skeleton] = form }
    }
  }

  private static func add(_ word: String, _ place: Meaning, tongue: Int, to entries: inout [String: Entry]) {
    for form in Set([Folding.fold(word), Folding.withoutUmlauts(word) ?? Folding.fold(word)]) {
      var entry = entries[form] ?? Entry()
      if let index = entry.meanings.firstIndex(of: place) {
        entry.tongues[index] |= 1 << UInt8(tongue)
      } else {
        entry.meanings.append(place)
        entry.tongues.append(1 << UInt8(tongue))
      }
      entries[form] = entry
    }
  }

  /// The first letter and the consonants after it.
  static func skeleton(_ word: String) -> String {
    var skeleton = ""
    for (index, letter) in word.enumerated() where index == 0 || !"aeiou".contains(letter) { skeleton.append(letter) }
    return skeleton
  }

  /// What a form means: in the table's language where it means something there, else in English, else anywhere.
  /// - Parameter tongue: `nil` for whatever it means in any of them.
  func meanings(of form: String, in tongue: Tongue?) -> [Meaning] {
    guard let entry = entries[form] else { return [] }
    guard let tongue else { return entry.meanings }
    for bit in [UInt8(1) << UInt8(tongue.rawValue), 1] {
      let found = zip(entry.meanings, entry.tongues).filter { $0.1 & bit != 0 }.map(\.0)
      if !found.isEmpty { return found }
    }
    return entry.meanings
  }

  /// The form that a word is in, if the lexicon knows it: itself or without an ending of many.
  func known(_ word: String) -> String? {
    if entries[word] != nil { return word }
    guard word.count > 3 else { return nil }
    for (ending, replacement) in Self.endings where word.hasSuffix(ending) {
      let stem = word.dropLast(ending.count) + replacement
      if stem.count >= 3, entries[String(stem)] != nil { return String(stem) }
    }
    return nil
  }

  private static let endings: [(String, String)] = [
    ("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", ""), ("e", ""), ("er", ""), ("es", "e"), ("i", "o"),
    ("i", "e"), ("oes", "ao"), ("ens", "em"), ("a", "o"), ("as", "o"), ("os", "o"), ("aux", "al"), ("ee", "e"),
    ("ed", ""), ("ing", ""), ("in", ""),
  ]
}
