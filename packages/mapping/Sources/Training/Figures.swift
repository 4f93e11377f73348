// What the engine is worth: the figures that the specification holds, on systems that the model had not seen.

/// Figures of a run over labelled tables.
package struct Figures: Hashable, Sendable {
  package let tables: Int
  package let columns: Int
  /// The shares of columns with a field whose field is suggested, or is among the first three.
  package let top1: Double
  package let top3: Double
  /// The share of all columns, those without a field too, that are suggested rightly.
  package let all: Double
  /// As `top1`, from headers alone.
  package let headersOnly: Double
  package let highPrecision: Double
  /// The share of columns with a field that are suggested as sure.
  package let highShare: Double
  /// The share of columns without a field that are suggested as sure.
  package let highWithoutTarget: Double
  package let calibrationError: Double
  /// The share of tables whose entity is found.
  package let entity: Double
  /// As `top1`, by the label that is the same, and by the label that is nearest in edits.
  package let exactBaseline: Double
  package let levenshteinBaseline: Double

  /// One suggestion beside its label.
  private struct Answer {
    let truth: String?
    let suggestion: ColumnSuggestion
  }

  /// Measures tables with the model of the fold that had not seen them.
  static func measure(_ corpus: Corpus, folds: [Int], models: [MappingModel]) -> Figures {
    var full: [Answer] = []
    var bare: [Answer] = []
    var found = 0
    var baselines: [(exact: Bool, near: Bool)] = []
    for (index, table) in corpus.tables.enumerated() {
      let model = models[folds[index]]
      let source = table.source(hasRows: true)
      full += answers(table, source, model)
      bare += answers(table, table.source(hasRows: false), model)
      if entity(of: source, model) == table.entity { found += 1 }
      baselines += Baseline.judge(table)
    }
    return Figures(
      full, bare, tables: corpus.tables.count, entity: Double(found) / Double(max(1, corpus.tables.count)),
      exact: share(baselines) { $0.exact }, near: share(baselines) { $0.near })
  }

  /// Measures one model on tables that it has not learned from.
  package static func measure(_ corpus: Corpus, model: MappingModel = .shipped) -> Figures {
    measure(corpus, folds: corpus.tables.map { _ in 0 }, models: [model])
  }

  private init(_ full: [Answer], _ bare: [Answer], tables: Int, entity: Double, exact: Double, near: Double) {
    let mappable = full.filter { $0.truth != nil }
    let high = full.filter { $0.suggestion.band == .high }
    self.tables = tables
    columns = full.count
    top1 = Self.share(mappable) { $0.suggestion.target == $0.truth }
    top3 = Self.share(mappable) { answer in answer.suggestion.ranked.prefix(3).contains { $0.target == answer.truth } }
    all = Self.share(full) { $0.suggestion.target == $0.truth }
    headersOnly = Self.share(bare.filter { $0.truth != nil }) { $0.suggestion.target == $0.truth }
    highPrecision = Self.share(high) { $0.suggestion.target == $0.truth }
    highShare = Self.share(mappable) { $0.suggestion.band == .high }
    highWithoutTarget = Self.share(full.filter { $0.truth == nil }) { $0.suggestion.band == .high }
    calibrationError = Self.calibrationError(full)
    self.entity = entity
    exactBaseline = exact
    levenshteinBaseline = near
  }

  /// What is suggested wrongly, a line each.
  static func errors(_ corpus: Corpus, folds: [Int], models: [MappingModel]) -> [String] {
    corpus.tables.enumerated().flatMap { index, table -> [String] in
      let found = answers(table, table.source(hasRows: true), models[folds[index]])
      return zip(table.columns, found).compactMap { column, answer -> String? in
        let suggestion = answer.suggestion
        guard suggestion.target != answer.truth else { return nil }
        return "\(table.system) \(table.entity.rawValue): \(column.header): \(answer.truth ?? "none"), not "
          + "\(suggestion.target ?? "none") (\(suggestion.band.rawValue) \(suggestion.score))"
      }
    }
  }

  private static func answers(_ table: CorpusTable, _ source: SourceTable, _ model: MappingModel) -> [Answer] {
    let reading = TableReading(source)
    let features = FeatureExtractor.of(table.entity).features(of: reading)
    let alone = Scorer(model, table.entity).alone(features, priors: [])
    let answer = TableAnswer(
      reading: reading, model: model, entity: table.entity, features: features, alone: alone,
      priors: source.columns.map { _ in Prior() })
    return zip(table.columns, answer.columns()).map { Answer(truth: $0.target, suggestion: $1) }
  }

  private static func entity(of source: SourceTable, _ model: MappingModel) -> ImportEntity? {
    let reading = TableReading(source)
    var evidence: [ImportEntity: [ColumnScores]] = [:]
    for entity in ImportEntity.allCases {
      evidence[entity] = Scorer(model, entity).alone(FeatureExtractor.of(entity).features(of: reading), priors: [])
    }
    let scores = EntityDetector(model: model).scores(reading, evidence)
    return zip(ImportEntity.allCases, scores).max { $0.1 < $1.1 }?.0
  }

  /// The mean distance of score and share of right candidates over ten bins with as many columns each.
  private static func calibrationError(_ answers: [Answer]) -> Double {
    let pairs = answers.compactMap { answer -> (Double, Bool)? in
      guard let best = answer.suggestion.ranked.first else { return (answer.suggestion.score, false) }
      let target = answer.suggestion.target ?? best.target
      return (answer.suggestion.score, target == answer.truth)
    }.sorted { $0.0 < $1.0 }
    guard pairs.count >= 10 else { return 0 }
    var error = 0.0
    for bin in 0..<10 {
      let slice = pairs[(bin * pairs.count / 10)..<((bin + 1) * pairs.count / 10)]
      let score = slice.reduce(0) { $0 + $1.0 } / Double(slice.count)
      error += abs(score - share(Array(slice)) { $0.1 }) * Double(slice.count) / Double(pairs.count)
    }
    return error
  }

  private static func share<Element>(_ elements: [Element], _ isMet: (Element) -> Bool) -> Double {
    elements.isEmpty ? 0 : Double(elements.filter(isMet).count) / Double(elements.count)
  }
}

/// What could be had without learning.
private enum Baseline {
  /// Whether the same label, and the nearest label in edits, is right for each column that has a field.
  static func judge(_ table: CorpusTable) -> [(exact: Bool, near: Bool)] {
    let fields = TargetSchema.fields(of: table.entity).map { field in
      (name: field.name, keys: [VendorProfiles.key(field.label), VendorProfiles.key(field.name)])
    }
    return table.columns.filter { $0.target != nil }.map { column in
      let key = VendorProfiles.key(column.header)
      let exact = fields.first { $0.keys.contains(key) }?.name
      let near = fields.max { one, other in
        (one.keys.map { Levenshtein.similarity(key, $0) }.max() ?? 0)
          < (other.keys.map { Levenshtein.similarity(key, $0) }.max() ?? 0)
      }?.name
      return (exact == column.target, near == column.target)
    }
  }
}

extension Figures: CustomStringConvertible {
  /// A figure a line.
  package var description: String {
    func percent(_ share: Double) -> String { OrderedJSON.decimal(share * 100, places: 1) + " %" }
    let high = [highPrecision, highShare, highWithoutTarget].map(percent).joined(separator: " · ")
    return """
      tables · columns                       \(tables) · \(columns)
      top-1 · top-3                          \(percent(top1)) · \(percent(top3))
      top-1 of all columns                   \(percent(all))
      top-1 from headers alone               \(percent(headersOnly))
      sure: right · share · without a field  \(high)
      calibration error                      \(OrderedJSON.decimal(calibrationError, places: 3))
      right entity                           \(percent(entity))
      baselines: same label · Levenshtein    \(percent(exactBaseline)) · \(percent(levenshteinBaseline))
      """
  }
}
