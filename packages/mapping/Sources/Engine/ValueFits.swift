// How well a column's values fit what fields want: which words of an enumeration they are made of.

/// The words that the values of fields are made of, read from the lexicon's `[values]`.
struct ValueWords: Sendable {
  /// By field, `case.status`.
  private let words: [ImportEntity: [(field: Int, words: Set<String>)]]

  static let shared = ValueWords()

  private init() {
    var words: [ImportEntity: [(field: Int, words: Set<String>)]] = [:]
    for line in LexiconFile.sections["values"] ?? [] {
      guard let colon = line.firstIndex(of: ":"), let dot = line.firstIndex(of: "."),
        let entity = ImportEntity(rawValue: String(line[..<dot]))
      else { continue }
      let name = String(line[line.index(after: dot)..<colon])
      guard let field = TargetSchema.fields(of: entity).firstIndex(where: { $0.name == name }) else { continue }
      let list = line[line.index(after: colon)...].split(separator: " ").map { Folding.fold(String($0)) }
      words[entity, default: []].append((field, Set(list)))
    }
    self.words = words
  }

  /// The share of a column's values that are made of a field's words, for the fields that have such words.
  func fits(_ values: ColumnWords, of entity: ImportEntity) -> [Int: Double] {
    guard values.total > 0 else { return [:] }
    var fits: [Int: Double] = [:]
    for (field, words) in words[entity] ?? [] {
      var met = 0
      for value in values.values {
        let known = value.words.reduce(0) { $0 + (words.contains($1) ? 1 : 0) }
        if known > 0, known * 2 >= value.words.count { met += value.count }
      }
      if met > 0 { fits[field] = Double(met) / Double(values.total) }
    }
    return fits
  }
}

/// The words of a column's most frequent values: made once for all entities.
struct ColumnWords: Sendable {
  let values: [(words: [String], count: Int)]
  let total: Int

  init(_ profile: ColumnProfile) {
    // Numbers, days and long texts are made of no list's words.
    guard profile.share(.date) < 0.5, profile.share(.longText) < 0.5, profile.share(.email) < 0.5,
      profile.lengths.mean < 60
    else {
      (values, total) = ([], 0)
      return
    }
    values = profile.top.prefix(24).map { value in
      let words = Folding.fold(value.text).split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
      return (words.filter { $0.count > 1 }, value.count)
    }
    total = values.reduce(0) { $0 + $1.count }
  }
}
