// The known names of an entity's fields, ordered so that a header meets only those that share something with it.

/// How well a header fits the names of one field.
struct NameFit: Sendable {
  /// A known name, spelled the same: `caseNumber` is `Case Number`.
  var isSpelledSame = false
  /// A known name, word for word, perhaps in another language.
  var isSameWords = false
  /// How much of the header the best name covers, and how much of that name the header covers.
  var headerCover = 0.0
  var nameCover = 0.0
  /// Dice's coefficient of trigrams with the likest name, and its Jaro–Winkler similarity.
  var trigrams = 0.0
  var jaroWinkler = 0.0
  /// Whether the last word of the likest name is the header's last.
  var hasSameHead = false
  /// The name that fits best, as the lexicon writes it.
  var name: Int?

  /// One number for comparing fields with each other.
  var score: Double {
    if isSpelledSame { return 1.1 }
    if isSameWords { return 1 }
    let cover = headerCover + nameCover == 0 ? 0 : 2 * headerCover * nameCover / (headerCover + nameCover)
    return max(cover * 0.95, trigrams * 0.9)
  }
}

/// The known names of one entity's fields.
struct FieldNames: Sendable {
  /// One name of one field.
  struct Name: Sendable {
    let text: String
    let key: String
    let field: Int
    let words: [NameWord]
    let weights: [Double]
    let weight: Double
    let trigramCount: Int
  }

  let entity: ImportEntity
  let fields: [TargetField]
  private(set) var names: [Name] = []
  /// How much a meaning tells fields apart.
  private(set) var rarity: [Double]
  private var byKey: [String: [Int]] = [:]
  private var byMeaning: [[Int32]]
  private var byTrigram: [UInt32: [Int32]] = [:]

  static let shared: [ImportEntity: FieldNames] = Dictionary(
    uniqueKeysWithValues: ImportEntity.allCases.map { ($0, FieldNames($0)) })

  static func of(_ entity: ImportEntity) -> FieldNames {
    shared[entity] ?? FieldNames(entity)
  }

  init(_ entity: ImportEntity) {
    self.entity = entity
    fields = TargetSchema.fields(of: entity)
    let lexicon = WordLexicon.shared
    let reader = WordReader(lexicon: lexicon)
    var places: [String: Int] = [:]
    for (index, field) in fields.enumerated() { places[field.name] = index }
    var texts: [(text: String, field: Int)] = []
    for (index, field) in fields.enumerated() {
      texts.append((field.name.replacing("[n]", with: ""), index))
      texts.append((field.label, index))
    }
    for section in ["fields.all", "fields.\(entity.rawValue)"] {
      for line in LexiconFile.sections[section] ?? [] {
        guard let colon = line.firstIndex(of: ":"), let index = places[String(line[..<colon])] else { continue }
        for name in line[line.index(after: colon)...].split(separator: ";") {
          texts.append((name.trimmingPrefix { $0 == " " }.description, index))
        }
      }
    }
    let read = texts.map { ($0.text, $0.field, NameParts($0.text)) }.map { text, field, parts in
      (text: text, field: field, words: reader.read(parts, in: .english), parts: parts)
    }
    var seen: [Set<Int>] = Array(repeating: [], count: lexicon.names.count)
    for name in read {
      for word in name.words { for meaning in word.meanings { seen[Int(meaning)].insert(name.field) } }
    }
    let count = Double(fields.count)
    rarity = seen.map { min(4, max(0.4, ((count + 1) / (Double($0.count) + 0.5)).logarithm)) }
    for filler in ["of", "is", "on", "row"] { if let place = lexicon.places[filler] { rarity[Int(place)] = 0.1 } }
    byMeaning = Array(repeating: [], count: lexicon.names.count)
    for name in read { add(name.text, name.field, name.words, name.parts) }
  }

  private mutating func add(_ text: String, _ field: Int, _ words: [NameWord], _ parts: NameParts) {
    let key = Folding.key(parts.words.joined() + parts.numbers.map(String.init).joined())
    guard byKey[key]?.contains(where: { names[$0].field == field }) != true else { return }
    let place = names.count
    let weights = words.map { weight(of: $0) }
    let grams = Trigrams.of(key)
    names.append(
      Name(
        text: text, key: key, field: field, words: words, weights: weights, weight: weights.reduce(0, +),
        trigramCount: grams.count))
    byKey[key, default: []].append(place)
    for meaning in Set(words.flatMap(\.meanings)) { byMeaning[Int(meaning)].append(Int32(place)) }
    for gram in grams { byTrigram[gram, default: []].append(Int32(place)) }
  }

  /// How much a word says: what is unknown says that the header means something else.
  func weight(of word: NameWord) -> Double {
    guard let least = word.meanings.map({ rarity[Int($0)] }).min() else { return word.text.count < 3 ? 0.8 : 2.2 }
    return least
  }

  /// How well a header fits each field. - Parameter isSpellingHidden: as if no known name were spelled like it.
  func fits(_ header: HeaderName, isSpellingHidden: Bool = false) -> [NameFit] {
    var fits = Array(repeating: NameFit(), count: fields.count)
    let hidden = isSpellingHidden ? Set(byKey[header.key] ?? []) : []
    if !isSpellingHidden {
      for key in [header.key, header.keyWithoutPrefix] {
        for place in byKey[key] ?? [] {
          fits[names[place].field].isSpelledSame = true
          fits[names[place].field].name = place
        }
      }
    }
    coverFits(header, hidden, &fits)
    trigramFits(header, hidden, &fits)
    return fits
  }

  private func coverFits(_ header: HeaderName, _ hidden: Set<Int>, _ fits: inout [NameFit]) {
    let words = header.words
    let weights = words.map { weight(of: $0) }
    let total = weights.reduce(0, +)
    guard total > 0 else { return }
    var found: [Int32: (header: Double, name: Double, words: Int)] = [:]
    for (index, word) in words.enumerated() {
      var met: Set<Int32> = []
      for meaning in word.meanings {
        for place in byMeaning[Int(meaning)] where !met.contains(place) {
          let name = names[Int(place)]
          guard let at = name.words.firstIndex(where: { $0.meanings.contains(meaning) }) else { continue }
          met.insert(place)
          let now = found[place] ?? (0, 0, 0)
          found[place] = (now.header + weights[index], now.name + name.weights[at], now.words + 1)
        }
      }
    }
    for (place, cover) in found.sorted(by: { $0.key < $1.key }) where !hidden.contains(Int(place)) {
      let name = names[Int(place)]
      let headerCover = min(1, cover.header / total)
      let nameCover = min(1, cover.name / name.weight)
      let isSame = cover.words == words.count && words.count == name.words.count && nameCover > 0.999
      let mean = 2 * headerCover * nameCover / (headerCover + nameCover)
      let fit = fits[name.field]
      let best =
        fit.headerCover + fit.nameCover == 0
        ? 0 : 2 * fit.headerCover * fit.nameCover / (fit.headerCover + fit.nameCover)
      guard mean > best || isSame && !fit.isSameWords else { continue }
      fits[name.field].headerCover = headerCover
      fits[name.field].nameCover = nameCover
      fits[name.field].isSameWords = fit.isSameWords || isSame
      fits[name.field].hasSameHead = Self.share(words.last, name.words.last)
      if !fit.isSpelledSame { fits[name.field].name = Int(place) }
    }
  }

  private static func share(_ one: NameWord?, _ other: NameWord?) -> Bool {
    guard let one, let other else { return false }
    return one.meanings.contains { other.meanings.contains($0) }
  }

  private func trigramFits(_ header: HeaderName, _ hidden: Set<Int>, _ fits: inout [NameFit]) {
    let grams = header.trigrams
    guard !grams.isEmpty else { return }
    var counts = [UInt8](repeating: 0, count: names.count)
    var touched: [Int] = []
    for gram in grams {
      for place in byTrigram[gram] ?? [] {
        if counts[Int(place)] == 0 { touched.append(Int(place)) }
        counts[Int(place)] &+= 1
      }
    }
    var likest = [Int](repeating: -1, count: fields.count)
    for place in touched where !hidden.contains(place) {
      let name = names[place]
      let dice = 2 * Double(counts[place]) / Double(grams.count + name.trigramCount)
      if dice > fits[name.field].trigrams {
        fits[name.field].trigrams = dice
        likest[name.field] = place
      }
    }
    for (field, place) in likest.enumerated() where place >= 0 && fits[field].trigrams > 0.3 {
      fits[field].jaroWinkler = JaroWinkler.similarity(header.key, names[place].key)
      if fits[field].name == nil { fits[field].name = place }
    }
  }
}

extension Double {
  fileprivate var logarithm: Double { Logarithm.of(self) }
}
