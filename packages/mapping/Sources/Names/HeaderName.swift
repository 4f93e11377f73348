// A header as the engine compares it, and all headers of a table together: what they share says nothing.

/// A header, ready to be compared with names of fields.
struct HeaderName: Sendable {
  let words: [NameWord]
  let numbers: [Int]
  /// All letters and digits together.
  let key: String
  /// The same without what most headers of the table begin with.
  let keyWithoutPrefix: String
  let trigrams: [UInt32]
  /// The share of its words that nothing is known of.
  let unknownShare: Double

  /// What its words may mean.
  var meanings: Set<Meaning> { Set(words.flatMap(\.meanings)) }

  init(_ parts: NameParts, words: [NameWord], prefixLength: Int) {
    self.words = words
    numbers = parts.numbers
    key = Folding.key(parts.words.joined() + parts.numbers.map(String.init).joined())
    let rest = parts.words.dropFirst(prefixLength)
    keyWithoutPrefix = Folding.key(rest.joined() + parts.numbers.map(String.init).joined())
    trigrams = Trigrams.of(keyWithoutPrefix)
    unknownShare = words.isEmpty ? 1 : Double(words.filter { $0.meanings.isEmpty }.count) / Double(words.count)
  }

  /// The headers of a table, each understood in the language that most of them are in.
  static func read(_ headers: [String]) -> (names: [HeaderName], tongue: Tongue) {
    let reader = WordReader(lexicon: .shared)
    let parts = headers.map { NameParts($0) }
    let tongue = language(of: parts, reader)
    let prefix = commonPrefix(of: parts)
    let names = parts.map { parts in
      let hasPrefix = parts.words.count > prefix.count && parts.words.starts(with: prefix)
      let dropped = hasPrefix ? prefix.count : 0
      let rest = NameParts(words: Array(parts.words.dropFirst(dropped)), numbers: parts.numbers)
      return HeaderName(parts, words: reader.read(rest, in: tongue), prefixLength: dropped)
    }
    return (names, tongue)
  }

  /// The words that at least 60 % of the headers begin with, if there are five headers or more.
  private static func commonPrefix(of parts: [NameParts]) -> [String] {
    guard parts.count >= 5 else { return [] }
    var prefix: [String] = []
    while prefix.count < 3 {
      var counts: [String: Int] = [:]
      for part in parts where part.words.count > prefix.count + 1 && part.words.starts(with: prefix) {
        counts[part.words[prefix.count], default: 0] += 1
      }
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      guard let most, Double(most.value) >= 0.6 * Double(parts.count) else { break }
      prefix.append(most.key)
    }
    return prefix
  }

  private static func language(of parts: [NameParts], _ reader: WordReader) -> Tongue {
    var votes = [Double](repeating: 0, count: Tongue.allCases.count)
    for word in parts.flatMap(\.words) where word.count > 1 {
      for part in reader.read(NameParts(words: [word], numbers: []), in: .english) where part.way != .mistyped {
        guard let form = reader.lexicon.known(part.text), let entry = reader.lexicon.entries[form] else { continue }
        let bits = entry.tongues.reduce(0, |)
        let share = 1 / Double(bits.nonzeroBitCount)
        for tongue in Tongue.allCases.map(\.rawValue) where bits & (1 << UInt8(tongue)) != 0 { votes[tongue] += share }
      }
    }
    // Program names are English: another language has to be clearly more likely.
    votes[Tongue.english.rawValue] *= 1.15
    let best = Tongue.allCases.max { votes[$0.rawValue] < votes[$1.rawValue] } ?? .english
    return votes[best.rawValue] > 0 ? best : .english
  }
}
