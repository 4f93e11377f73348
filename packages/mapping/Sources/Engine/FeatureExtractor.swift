// Turns every pair of a column and a field into the features that speak for or against it.

/// The features of one column: of each field, and of none.
struct ColumnFeatures: Sendable {
  let fields: [[Feature]]
  let none: [Feature]
  let fits: [NameFit]
}

/// Makes the features of a table for one entity.
struct FeatureExtractor: Sendable {
  private let names: FieldNames
  private let groups: [Int]
  private let expected: [[Int]]
  private let beginning: Int
  private let entityPlace: Int
  private let stems: [String]

  private static let kinds = CellKind.allCases
  private static let shared = Dictionary(
    uniqueKeysWithValues: ImportEntity.allCases.map { ($0, FeatureExtractor(making: $0)) })

  static func of(_ entity: ImportEntity) -> FeatureExtractor {
    shared[entity] ?? FeatureExtractor(making: entity)
  }

  private init(making entity: ImportEntity) {
    names = FieldNames.of(entity)
    let kinds = names.fields.map { FieldGroup($0) }
    groups = kinds.map { FieldGroup.allCases.firstIndex(of: $0) ?? 0 }
    expected = kinds.map { $0.expected.compactMap(Self.kinds.firstIndex) }
    beginning = FieldPlace.beginnings[entity] ?? 0
    entityPlace = ImportEntity.allCases.firstIndex(of: entity) ?? 0
    stems = names.fields.map { Self.stem($0.name) }
  }

  /// What related fields begin with: `owner`, `notes`, `amount`, `reporter`.
  private static func stem(_ name: String) -> String {
    if let end = name.firstIndex(where: { $0 == "." || $0 == "[" }) { return String(name[..<end]) }
    let stems = ["reporter_", "amount", "value", "counterparty_", "incident_", "effective_"]
    return stems.first(where: name.hasPrefix) ?? name
  }

  /// - Parameter hidden: columns that are to be judged as if no name were spelled like their header.
  func features(of reading: TableReading, hidden: Set<Int> = []) -> [ColumnFeatures] {
    let fits = reading.headers.enumerated().map { names.fits($1, isSpellingHidden: hidden.contains($0)) }
    let scores = fits.map { $0.map(\.score) }
    let rivals = Rivals(scores, fields: names.fields.count)
    let bests = scores.map { row in row.indices.max { (row[$0], $1) < (row[$1], $0) } }
    return reading.headers.indices.map { column in
      let values = ValueFeatures(reading, column, entity: names.entity)
      let shared = HeaderFeatures(reading.headers[column])
      let near = neighbours(of: column, scores, bests)
      let fields = names.fields.indices.map { field in
        var features = named(field, fits[column], scores[column], rivals.step(column, field, scores))
        worded(field, shared, &features)
        valued(field, values, &features)
        placed(field, column, scores[column][field], near, &features)
        let isNumbered = names.fields[field].isNumbered
        let hasNumber = !reading.headers[column].numbers.isEmpty
        features.append(Feature(.numbered, (isNumbered ? 2 : 0) + (hasNumber ? 1 : 0)))
        if hasNumber { features.append(Feature(.numberedOfField, Self.step(fits[column][field]), beginning + field)) }
        return features
      }
      var none = without(shared, values, scores[column], reading.headers[column])
      if let best = bests[column] {
        let rival = names.fields[best].isRepeatable ? 4 : rivals.step(column, best, scores)
        none.append(Feature(.noneRival, rival * 8 + Self.step(fits[column][best])))
      }
      return ColumnFeatures(fields: fields, none: none, fits: fits[column])
    }
  }

  private func named(_ field: Int, _ fits: [NameFit], _ scores: [Double], _ rival: Int) -> [Feature] {
    let fit = fits[field]
    let name = Self.step(fit)
    var features: [Feature] = []
    features.reserveCapacity(40)
    features.append(Feature(.field, 0, beginning + field))
    features.append(Feature(.name, name))
    features.append(Feature(.nameOfGroup, name, groups[field]))
    if name >= 4 { features.append(Feature(.nameOfField, name, beginning + field)) }
    features.append(Feature(.cover, Self.quarter(fit.headerCover) * 5 + Self.quarter(fit.nameCover)))
    features.append(Feature(.trigrams, Int(fit.trigrams * 6)))
    features.append(Feature(.jaroWinkler, fit.jaroWinkler < 0.7 ? 0 : Int((fit.jaroWinkler - 0.7) * 13.3) + 1))
    if fit.hasSameHead { features.append(Feature(.head, min(name, 4))) }
    let score = scores[field]
    var better = 0
    var best = 0.0
    for other in scores {
      if other > score { better += 1 }
      best = max(best, other)
    }
    let gap = best - score
    let gapStep = gap == 0 ? 0 : gap < 0.1 ? 1 : gap < 0.25 ? 2 : gap < 0.5 ? 3 : 4
    features.append(Feature(.rank, min(better, 4) * 5 + gapStep))
    features.append(Feature(.rival, names.fields[field].isRepeatable ? 0 : rival * 8 + name))
    if name >= 3 { features.append(Feature(.rivalOfField, rival, beginning + field)) }
    return features
  }

  private func worded(_ field: Int, _ header: HeaderFeatures, _ features: inout [Feature]) {
    for meaning in header.meanings {
      features.append(Feature(.word, Int(meaning), beginning + field))
      features.append(Feature(.wordOfGroup, Int(meaning), groups[field]))
    }
    for pair in header.pairs { features.append(Feature(.pair, pair, beginning + field)) }
  }

  private func valued(_ field: Int, _ values: ValueFeatures, _ features: inout [Feature]) {
    let group = groups[field]
    guard values.isFilled else {
      if values.hasRows { features.append(Feature(.givenValues, 0, group)) }
      return
    }
    features.append(Feature(.givenValues, 1, group))
    for kind in values.kinds { features.append(Feature(.kind, kind, group)) }
    for kind in values.strongKinds { features.append(Feature(.kindOfField, kind, beginning + field)) }
    let wanted = expected[field]
    if !wanted.isEmpty, wanted.allSatisfy({ values.shares[$0] < 0.15 }) { features.append(Feature(.lack, 0, group)) }
    let words = values.words[field].map { $0 < 0.3 ? 1 : $0 < 0.7 ? 2 : 3 } ?? 0
    features.append(Feature(.words, words, group))
    if words > 0 { features.append(Feature(.wordsOfField, words, beginning + field)) }
    features.append(Feature(.unique, values.unique, group))
    features.append(Feature(.uniqueOfField, values.unique, beginning + field))
    features.append(Feature(.length, values.length, group))
    features.append(Feature(.distinct, values.distinct, group))
  }

  private func placed(
    _ field: Int, _ column: Int, _ score: Double, _ near: Set<String>, _ features: inout [Feature]
  ) {
    if column == 0 { features.append(Feature(.first, 0, beginning + field)) }
    if near.contains(stems[field]) {
      let step = score > 0.9 ? 3 : score > 0.6 ? 2 : score > 0.3 ? 1 : 0
      features.append(Feature(.neighbour, step))
      features.append(Feature(.neighbourOfField, step, beginning + field))
    }
  }

  private func neighbours(of column: Int, _ scores: [[Double]], _ bests: [Int?]) -> Set<String> {
    var near: Set<String> = []
    for place in [column - 2, column - 1, column + 1, column + 2] where bests.indices.contains(place) {
      guard let best = bests[place], scores[place][best] > 0.6 else { continue }
      near.insert(stems[best])
    }
    return near
  }

  private func without(
    _ header: HeaderFeatures, _ values: ValueFeatures, _ scores: [Double], _ name: HeaderName
  ) -> [Feature] {
    let best = scores.max() ?? 0
    var features = [
      Feature(.none, 0, entityPlace), Feature(.noneName, Int(best * 10)),
      Feature(.noneUnknown, Int(name.unknownShare * 4) * 4 + (best > 0.9 ? 2 : best > 0.5 ? 1 : 0)),
    ]
    features.append(Feature(.noneNumbered, name.numbers.isEmpty ? 0 : 1 + Int(best * 3)))
    for meaning in header.meanings {
      features.append(Feature(.noneWord, Int(meaning)))
      features.append(Feature(.noneWordOfEntity, Int(meaning), entityPlace))
    }
    for pair in header.pairs { features.append(Feature(.nonePair, pair)) }
    guard values.isFilled else {
      features.append(Feature(.noneEmpty, values.hasRows ? 2 : 1))
      return features
    }
    features.append(Feature(.noneEmpty, 0))
    for kind in values.kinds { features.append(Feature(.noneKind, kind)) }
    features.append(Feature(.noneUnique, values.unique * 8 + values.distinct))
    features.append(Feature(.noneLength, values.length))
    features.append(Feature(.noneWords, Int((values.words.values.max() ?? 0) * 4)))
    return features
  }

  /// How well a name fits, in steps.
  static func step(_ fit: NameFit) -> Int {
    if fit.isSpelledSame { return 7 }
    if fit.isSameWords { return 6 }
    let bounds = [0.25, 0.4, 0.55, 0.7, 0.85]
    return bounds.prefix { fit.score >= $0 }.count
  }

  private static func quarter(_ share: Double) -> Int { share > 0.999 ? 4 : Int(share * 4) }
}

/// Whether a better header for a field stands in the same table.
private struct Rivals {
  private var best: [Double]
  private var second: [Double]

  init(_ scores: [[Double]], fields: Int) {
    best = Array(repeating: 0, count: fields)
    second = best
    for row in scores {
      for (field, score) in row.enumerated() {
        if score > best[field] {
          second[field] = best[field]
          best[field] = score
        } else if score > second[field] {
          second[field] = score
        }
      }
    }
  }

  /// 0: none fits as well; 1: another as well; 2: another better; 3: another much better.
  func step(_ column: Int, _ field: Int, _ scores: [[Double]]) -> Int {
    let own = scores[column][field]
    let other = own == best[field] ? second[field] : best[field]
    if other < 0.5 || other < own - 0.05 { return 0 }
    return other <= own ? 1 : other < own + 0.25 ? 2 : 3
  }
}

/// What a header's words give.
private struct HeaderFeatures {
  let meanings: [Meaning]
  let pairs: [Int]

  init(_ header: HeaderName) {
    let meanings = header.meanings.sorted()
    self.meanings = meanings
    var pairs: Set<Int> = []
    let firsts = header.words.compactMap { $0.meanings.first }
    if firsts.count > 1, firsts.count <= 4 {
      for one in firsts.indices {
        for other in firsts.indices where other > one && firsts[one] != firsts[other] {
          pairs.insert(Feature.pair(firsts[one], firsts[other]))
        }
      }
    }
    self.pairs = pairs.sorted()
  }
}

/// What a column's values give, in steps.
private struct ValueFeatures {
  let isFilled: Bool
  let hasRows: Bool
  private(set) var shares: [Double] = []
  private(set) var kinds: [Int] = []
  private(set) var strongKinds: [Int] = []
  let words: [Int: Double]
  let unique: Int
  let length: Int
  let distinct: Int

  init(_ reading: TableReading, _ column: Int, entity: ImportEntity) {
    let profile = reading.table.columns[column]
    hasRows = reading.hasRows
    isFilled = profile.filled > 0
    words = isFilled ? ValueWords.shared.fits(reading.values[column], of: entity) : [:]
    shares = CellKind.allCases.map { profile.share($0) }
    for (kind, share) in shares.enumerated() where share > 0.02 {
      let step = share >= 0.8 ? 3 : share >= 0.3 ? 2 : 1
      kinds.append(Feature.kind(kind, step))
      if step == 3 { strongKinds.append(Feature.kind(kind, step)) }
    }
    // Of two cells nobody can say how often they are alike.
    unique = profile.filled < 3 ? 7 : Self.step(profile.uniqueness, above: [0.1, 0.3, 0.7, 0.98])
    length = Self.step(profile.lengths.mean, above: [2.5, 6, 12, 25, 60, 150])
    distinct = Self.step(Double(profile.distinct), above: [1, 2, 5, 12, 40])
  }

  /// How many of the bounds a number is above.
  private static func step(_ number: Double, above bounds: [Double]) -> Int {
    bounds.prefix { number > $0 }.count
  }
}
