// From a header's words to what they mean: known words, words written together, abbreviated, cut off or mistyped.

/// One word of a header as it was understood.
struct NameWord: Hashable, Sendable {
  /// How a word was understood.
  enum Way: UInt8, Hashable, Sendable {
    case known, compound, abbreviated, mistyped, unknown
  }

  let text: String
  /// What it may mean; empty where it is unknown.
  let meanings: [Meaning]
  let way: Way
}

/// Understands the words of headers.
struct WordReader: Sendable {
  let lexicon: WordLexicon

  /// The words of a header, understood in the language of its table; in all of them where it is `nil`.
  func read(_ parts: NameParts, in tongue: Tongue?) -> [NameWord] {
    var found: [NameWord] = []
    var index = 0
    let words = parts.words
    while index < words.count {
      // `e mail`, `time stamp`, `sub category`.
      if index + 1 < words.count {
        let joined = words[index] + words[index + 1]
        if joined.count >= 5, lexicon.entries[joined] != nil, !areWords(words[index], words[index + 1]) {
          found.append(word(joined, as: joined, .known, tongue))
          index += 2
          continue
        }
      }
      found += understand(words[index], tongue)
      index += 1
    }
    return found
  }

  /// Whether both stand for themselves.
  private func areWords(_ one: String, _ other: String) -> Bool {
    [one, other].allSatisfy { $0.count > 2 && lexicon.known($0) != nil }
  }

  private func understand(_ text: String, _ tongue: Tongue?) -> [NameWord] {
    if let form = lexicon.known(text) { return [word(text, as: form, .known, tongue)] }
    guard text.count >= 3 else { return [NameWord(text: text, meanings: [], way: .unknown)] }
    if let parts = compound(text) { return parts.map { word($0.text, as: $0.form, .compound, tongue) } }
    if let form = abbreviated(text) { return [word(text, as: form, .abbreviated, tongue)] }
    if let form = mistyped(text) { return [word(text, as: form, .mistyped, tongue)] }
    if text.count >= 5, let form = consonants(WordLexicon.skeleton(text), leftOut: 1) {
      return [word(text, as: form, .abbreviated, tongue)]
    }
    if let parts = headed(text, tongue) { return parts }
    return [NameWord(text: text, meanings: [], way: .unknown)]
  }

  private func word(_ text: String, as form: String, _ way: NameWord.Way, _ tongue: Tongue?) -> NameWord {
    NameWord(text: text, meanings: lexicon.meanings(of: form, in: tongue), way: way)
  }

  /// `eingangsdatum` and `casenumber` as their parts: the fewest known words, with German joints between them.
  private func compound(_ text: String) -> [(text: String, form: String)]? {
    let letters = Array(text)
    guard (6...40).contains(letters.count) else { return nil }
    var best: [[(text: String, form: String)]?] = Array(repeating: nil, count: letters.count + 1)
    best[0] = []
    for end in 3...letters.count {
      for start in stride(from: end - 2, through: max(0, end - 18), by: -1) {
        guard let before = best[start], end - start >= 3 || (end == letters.count && start > 0) else { continue }
        let piece = String(letters[start..<end])
        guard let form = part(piece, isLast: end == letters.count) else { continue }
        if let present = best[end], present.count <= before.count + 1 { continue }
        best[end] = before + [(piece, form)]
      }
    }
    guard let parts = best[letters.count], parts.count > 1, parts.count <= 4 else { return nil }
    return parts
  }

  /// `dienstort`: something with a known word at its end, which says what it is.
  private func headed(_ text: String, _ tongue: Tongue?) -> [NameWord]? {
    let letters = Array(text)
    let least = tongue == .german || tongue == .other ? 3 : 5
    guard letters.count >= least + 3 else { return nil }
    for start in 3...(letters.count - least) {
      let end = String(letters[start...])
      guard let form = lexicon.known(end), form.count >= least else { continue }
      let beginning = NameWord(text: String(letters[..<start]), meanings: [], way: .unknown)
      return [beginning, word(end, as: form, .compound, tongue)]
    }
    return nil
  }

  private func part(_ piece: String, isLast: Bool) -> String? {
    if piece.count < 3 { return isLast && (piece == "id" || piece == "nr" || piece == "no") ? piece : nil }
    if piece.count == 3 { return lexicon.entries[piece] != nil ? piece : nil }
    if let form = lexicon.known(piece) { return form }
    guard !isLast, piece.count > 4, piece.hasSuffix("s") else { return nil }
    return lexicon.known(String(piece.dropLast()))
  }

  /// `descr`, `invest`, `dscrptn`: the beginning of a known word, or one without its vowels.
  private func abbreviated(_ text: String) -> String? {
    let hasVowels = text.dropFirst().contains { "aeiou".contains($0) }
    if !hasVowels {
      if let form = lexicon.skeletons[text] { return form }
      if let form = consonants(text) { return form }
    }
    guard text.count >= 4 else { return nil }
    var low = 0
    var high = lexicon.sorted.count
    while low < high {
      let middle = (low + high) / 2
      if lexicon.sorted[middle] < text { low = middle + 1 } else { high = middle }
    }
    guard low < lexicon.sorted.count, lexicon.sorted[low].hasPrefix(text) else { return nil }
    return lexicon.sorted[low]
  }

  /// `rptr`, `clsd`: some of a word's consonants in their order, the fewest left out.
  private func consonants(_ text: String, leftOut most: Int = 2) -> String? {
    guard text.count >= 3, text.count <= 8 else { return nil }
    var best: (form: String, left: Int)?
    for (skeleton, form) in lexicon.skeletonsByFirst[text.first ?? " "] ?? [] {
      let left = skeleton.count - text.count
      guard left > 0, left <= most, left < best?.left ?? .max, Self.isSubsequence(text, of: skeleton) else { continue }
      best = (form, left)
    }
    return best?.form
  }

  private static func isSubsequence(_ text: String, of word: String) -> Bool {
    var rest = word[...]
    for letter in text {
      guard let place = rest.firstIndex(of: letter) else { return false }
      rest = rest[rest.index(after: place)...]
    }
    return true
  }

  /// A known word of five letters and more with one letter wrong, missing, added or swapped.
  private func mistyped(_ text: String) -> String? {
    guard text.count >= 5, text.count <= 20 else { return nil }
    let letters = Array(text.utf8)
    for length in [text.count, text.count - 1, text.count + 1] {
      for form in lexicon.byLength[length] ?? [] where Self.isOneSlip(letters, form.letters) {
        return form.text
      }
    }
    return nil
  }

  private static func isOneSlip(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.first == other.first, abs(one.count - other.count) <= 1 else { return false }
    var start = 0
    while start < min(one.count, other.count), one[start] == other[start] { start += 1 }
    var end = 0
    while end < min(one.count, other.count) - start, one[one.count - 1 - end] == other[other.count - 1 - end] {
      end += 1
    }
    let left = (one.count - start - end, other.count - start - end)
    if left.0 <= 1 && left.1 <= 1 { return true }
    return left == (2, 2) && one[start] == other[start + 1] && one[start + 1] == other[start]
  }
}
